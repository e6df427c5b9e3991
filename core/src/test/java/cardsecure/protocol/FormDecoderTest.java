package cardsecure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Seeded;
import cardsecure.TestCards;
import cardsecure.error.ErrorCode;
import cardsecure.vault.Call;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FormDecoderTest {
    private static final String VALID =
            "action=CE&data=" + TestCards.VISA + "&type=json&source=%C3%A9+x&unique=true&callback=f%28%29";

    @Test
    void parametersAreTakenFromTheQueryAndTheBody() {
        assertDecoded("action=CE&data=1", "", "CE", "1");
        assertDecoded("", "action=CE&data=1", "CE", "1");
        assertDecoded("action=CE", "data=1", "CE", "1");
        assertDecoded("data=1", "action=CE", "CE", "1");
    }

    @Test
    void theFirstValueCountsAndTheQueryComesFirst() {
        assertDecoded("action=CE&action=CV", "action=CP&data=2", "CE", "2");
        assertDecoded("data=1&data=2", "data=3&action=CE", "CE", "1");
        assertDecoded("data=&data=2", "action=CE", "CE", "");
    }

    @Test
    void unknownParametersAreIgnored() {
        assertDecoded("source=x&action=CE&cvv=123&callback=f&merchid=&x&=y&&", "&data=1&", "CE", "1");
    }

    @Test
    void namesCount() {
        Call.Decoded decoded = decoded("Action=CE&DATA=1&dataa=2", "");

        assertThat(decoded.action()).isEmpty();
        assertThat(decoded.data()).isEmpty();
    }

    @Test
    void absentAndEmptyAreToldApart() {
        assertThat(decoded("action=CE", "").data()).isEmpty();
        assertThat(decoded("action=CE&data", "").data().orElseThrow().length()).isZero();
        assertThat(decoded("action=CE&data=", "").data().orElseThrow().length()).isZero();
        assertThat(decoded("", "").action()).isEmpty();
    }

    @Test
    void escapesAndBlanksAreUndone() {
        assertDecoded("%61ction=C%45&data=a+b%2B%26%3d%25=c", "", "CE", "a b+&=%=c");
        assertDecoded("action=PE&data=%C3%A9%E5%8C%97%f0%9f%98%80", "", "PE", "\u00e9\u5317\uD83D\uDE00");
        assertDecoded("action=PE&data=\u00e9", "", "PE", "\u00e9");
    }

    @Test
    void onlyTrueMakesATokenUnique() {
        assertThat(decoded("unique=true", "").parameters().unique()).isTrue();
        for (String other : List.of("unique=TRUE", "unique=1", "unique=", "unique", "", "unique=false&unique=true")) {
            assertThat(decoded(other, "").parameters().unique()).as(other).isFalse();
        }
    }

    @Test
    void theTypePicksTheFormOfTheReply() {
        assertThat(type("type=json")).isEqualTo(ReplyFormat.JSONP);
        assertThat(type("type=xml")).isEqualTo(ReplyFormat.XML);
        for (String other : List.of("", "type=", "type=JSON", "type=html", "type=x&type=json")) {
            assertThat(type(other)).as(other).isEqualTo(ReplyFormat.FORM);
        }
        assertThat(type("type=json&data=%")).isEqualTo(ReplyFormat.JSONP);
    }

    @Test
    void aBadEscapeAnywhereIsMalformed() {
        for (String bad :
                List.of("%", "%4", "%zz", "%4g", "%g4", "a%", "%+1", "% 1", "%-1", "%\u00e9", "%\u0661\u0661")) {
            assertMalformed("action=CE&data=" + bad, "");
            assertMalformed("action=CE&data=1&source=" + bad, "");
            assertMalformed("action=CE&data=1&" + bad + "=x", "");
            assertMalformed("action=CE&data=1", "x=" + bad);
            assertMalformed("action=CE&data=" + bad + "&x=41", "");
        }
    }

    @Test
    void theFormOfTheReplyAndTheActionAreFoundAroundABadParameter() {
        assertThat(type("action=CE&data=%zz&type=json")).isEqualTo(ReplyFormat.JSONP);
        assertThat(FormDecoder.decode(bytes("data=%zz"), bytes("type=xml&action=CE")))
                .satisfies(decoded -> assertThat(decoded.type()).isEqualTo(ReplyFormat.XML))
                .extracting(FormDecoder.Decoded::call)
                .isInstanceOfSatisfying(
                        Call.Malformed.class,
                        malformed -> assertThat(malformed.action()).contains("CE"));
    }

    @Test
    void whatIsNotUtf8IsMalformed() {
        List<String> bad = List.of(
                "%80",
                "%C3", "%C3%28", "%C0%AF", "%E0%80%AF", "%F0%80%80%AF", "%ED%A0%80", "%F4%90%80%80", "%FF", "%FE");

        assertThat(bad).allSatisfy(escaped -> {
            assertMalformed("action=CE&data=" + escaped, "");
            assertMalformed("action=CE&data=1&" + escaped, "");
            assertMalformed("action=CE&data=1", "source=" + escaped);
        });
        assertThat(FormDecoder.decode(new byte[] {'a', '=', (byte) 0x80}, new byte[0])
                        .call())
                .isInstanceOf(Call.Malformed.class);
    }

    @Test
    void tooManyParametersAreMalformed() {
        String most = "a=b&".repeat(FormDecoder.PARAMETERS_MAX - 1);

        assertThat(decoded(most + "action=CE", "").action()).hasValue("CE");
        assertMalformed(most + "action=CE&c=d", "");
        assertMalformed("", most + "action=CE&c=d");
    }

    @Test
    void reasonsRepeatNothingOfTheCall() {
        Call call = FormDecoder.decode(bytes("action=CE&secretname%zz=secretvalue%"), new byte[0])
                .call();

        assertThat(call.toString()).doesNotContain("secret").doesNotContain("zz");
    }

    @Test
    void everyTruncationIsACall() {
        byte[] whole = bytes(VALID);
        for (int length = 0; length <= whole.length; length++) {
            assertThat(FormDecoder.decode(Arrays.copyOf(whole, length), new byte[0])
                            .call())
                    .isNotNull();
        }
    }

    @Test
    void aHundredThousandDamagedInputsAreCalls() {
        byte[] whole = bytes(VALID);
        Seeded.forAll(100_000, random -> {
            byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length) + 8);
            for (int i = random.nextInt(6); i >= 0; i--) {
                byte any = (byte) random.nextInt(256);
                damaged[random.nextInt(damaged.length)] =
                        random.nextBoolean() ? any : (byte) "%&=+0Ff\u007f".charAt(random.nextInt(8));
            }
            byte[] query = Arrays.copyOf(damaged, random.nextInt(damaged.length));
            FormDecoder.Decoded decoded =
                    FormDecoder.decode(query, Arrays.copyOfRange(damaged, query.length, damaged.length));
            if (decoded.call() instanceof Call.Malformed(ErrorCode code, String _, Optional<String> _)
                    && code != ErrorCode.ILLEGAL_CHARACTERS) {
                throw new AssertionError("malformed calls answer 0038, not " + code);
            }
        });
    }

    private static void assertDecoded(String query, String body, String action, String data) {
        Call.Decoded decoded = decoded(query, body);
        assertThat(decoded.action()).hasValue(action);
        assertThat(decoded.data().map(TestCards::text)).hasValue(data);
    }

    private static Call.Decoded decoded(String query, String body) {
        return (Call.Decoded) FormDecoder.decode(bytes(query), bytes(body)).call();
    }

    private static void assertMalformed(String query, String body) {
        assertThat(FormDecoder.decode(bytes(query), bytes(body)).call())
                .as("%s | %s", query, body)
                .isInstanceOfSatisfying(
                        Call.Malformed.class,
                        malformed -> assertThat(malformed.code()).isEqualTo(ErrorCode.ILLEGAL_CHARACTERS));
    }

    private static ReplyFormat type(String query) {
        return FormDecoder.decode(bytes(query), new byte[0]).type();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
