package cardsecure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.vault.Call;
import cardsecure.vault.Parameters;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A wallet's parameters, over HTTP and the socket.
class WalletCallsTest {
    private static final String SIG = "0123456789abcdef".repeat(4);
    private static final String TRAILER = "&ref=r 1&time=2014-01-01T 00:00:01Z&sig=" + SIG;

    /// What Google's token may hold: ampersands, and what looks like parameters.
    private static final String JSON = "{\"a\":\"b&ectype=x&unique=true\",\"c\":{\"d\":\"e+/=\"}}";

    private static Call.Decoded form(String body) {
        return (Call.Decoded) FormDecoder.decode(new byte[0], body.getBytes(StandardCharsets.UTF_8))
                .call();
    }

    private static Call frame(String function, String data) {
        FrameDecoder decoder = new FrameDecoder(FrameDecoder.LENGTH_MAX);
        byte[] bytes = FrameSamples.framed("01", function, "abcd", "   ", data);
        for (byte each : bytes) {
            decoder.space().put(each);
        }
        return ((FrameDecoder.Frame) decoder.next()).call();
    }

    private static String data(Call.Decoded call) {
        return TestCards.text(call.data().orElseThrow());
    }

    @Test
    void aFormsAreUrlDecodedAndOfTwoTheFirstCounts() {
        Call.Decoded call =
                form("action=CR&data=a%2B%2Fb%3D&ectype=apple&eckey=k%2B%3D&ecsig=s&ectid=0a&echash=&ecpublickeyhash=h"
                        + "&eckey=x");

        assertThat(data(call)).isEqualTo("a+/b=");
        assertThat(call.parameters().wallet())
                .isEqualTo(Map.of(
                        "ectype",
                        "apple",
                        "eckey",
                        "k+=",
                        "ecsig",
                        "s",
                        "ectid",
                        "0a",
                        "echash",
                        "",
                        "ecpublickeyhash",
                        "h"));
    }

    @Test
    void aFramesAreTakenAsTheyAre() {
        Call.Decoded call = (Call.Decoded) frame("CR", "a+/b=&ectype=apple&eckey=k+/=&x=y&unique=true&ectid=%30a");

        assertThat(data(call)).isEqualTo("a+/b=");
        assertThat(call.parameters().unique()).isTrue();
        assertThat(call.parameters().wallet()).isEqualTo(Map.of("ectype", "apple", "eckey", "k+/=", "ectid", "%30a"));
    }

    @Test
    void jsonInAFrameKeepsItsAmpersands() {
        for (String end : List.of("", "&ectype=google")) {
            Call.Decoded call = (Call.Decoded) frame("CR", JSON + end);

            assertThat(data(call)).isEqualTo(JSON);
            assertThat(call.parameters().unique()).isFalse();
            assertThat(call.parameters().wallet()).hasSize(end.isEmpty() ? 0 : 1);
        }
        assertThat(data((Call.Decoded) frame("CR", "{\"a&b"))).isEqualTo("{\"a");
    }

    @Test
    void aSignedFrameHasThemBeforeItsSignature() {
        for (String data : List.of("a+/b=", JSON)) {
            Call.Signable call = (Call.Signable) frame("CR", data + "&ectype=google&unique=true" + TRAILER);
            Parameters signed = call.signed().parameters();

            assertThat(data(call.signed())).isEqualTo(data);
            assertThat(signed.ref()).contains("r 1");
            assertThat(signed.sig()).contains(SIG);
            assertThat(signed.unique()).isTrue();
            assertThat(signed.wallet()).isEqualTo(Map.of("ectype", "google"));
        }
    }

    @Test
    void otherActionsHaveNone() {
        assertThat(form("action=AR&data=a&ectype=apple").parameters().wallet()).isEmpty();
        assertThat(form("action=CE&data=a&ectype=apple").parameters().wallet()).isEmpty();
        assertThat(((Call.Decoded) frame("AR", "a&ectype=apple")).parameters().wallet())
                .isEmpty();
    }

    @Test
    void whatIsPrintedSaysNothing() {
        assertThat(form("action=CR&data=geheim&ectype=geheim&eckey=geheim").toString())
                .doesNotContain("geheim")
                .contains("eckey");
    }
}
