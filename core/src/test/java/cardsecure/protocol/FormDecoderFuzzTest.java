package cardsecure.protocol;

import cardsecure.secret.SecretBytes;
import cardsecure.vault.Call;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Whatever stands in a query and a body, the decoder does not fail, makes no more of it than was there, and undoes
/// what the JDK's encoder does.
class FormDecoderFuzzTest {
    /// @param input how much of it is the query; query and body
    @FuzzTest(maxDuration = "15s")
    void noFormMakesTheDecoderFail(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int cut = Math.min(input.length, 1 + Byte.toUnsignedInt(input[0]));
        byte[] query = Arrays.copyOfRange(input, 1, cut);
        byte[] body = Arrays.copyOfRange(input, cut, input.length);
        Call call = FormDecoder.decode(query, body).call();
        switch (call) {
            case Call.Decoded decoded -> {
                byte[] data = decoded.data().map(SecretBytes::reveal).orElse(new byte[0]);
                if (data.length > input.length || !Utf8.isValid(data)) {
                    throw new AssertionError("data that were not sent");
                }
            }
            case Call.Signable _ -> throw new AssertionError("only frames end as signed ones do");
            case Call.Malformed malformed -> {
                if (malformed.reason().isEmpty()) {
                    throw new AssertionError("malformed for no reason");
                }
            }
        }
        decodesWhatIsEncoded(body);
    }

    private static void decodesWhatIsEncoded(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        String form = "action=PE&data=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
        Call call = FormDecoder.decode(new byte[0], form.getBytes(StandardCharsets.US_ASCII))
                .call();
        boolean same = call instanceof Call.Decoded decoded
                && new String(decoded.data().orElseThrow().reveal(), StandardCharsets.UTF_8).equals(text);
        if (!same) {
            throw new AssertionError("another text came out than went in");
        }
    }
}
