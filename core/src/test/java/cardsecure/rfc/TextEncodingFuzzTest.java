package cardsecure.rfc;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;

/// Whatever stands for a value or a password is read or refused, and a text that was read is written the same.
class TextEncodingFuzzTest {
    private static final int WIDTH = 64;

    @FuzzTest(maxDuration = "15s")
    void whatIsReadIsWrittenTheSame(byte[] input) {
        SecretBytes value = SecretBytes.copyOf(input);
        for (TextEncoding encoding : TextEncoding.values()) {
            attempt(() -> {
                SecretBytes text = encoding.decodeChars(value, WIDTH);
                Optional<SecretBytes> again =
                        encoding.encodeChars(text, WIDTH).map(bytes -> encoding.decodeChars(bytes, WIDTH));
                if (!again.equals(Optional.of(text))) {
                    throw new AssertionError("written and read again it is another text in " + encoding);
                }
            });
        }
        attempt(() -> TextEncoding.decodeString(value));
        attempt(() -> TextEncoding.decodeBytes(value));
        attempt(() -> ScrambledPassword.decode(value));
        String _ = FrameDump.of(input);
    }

    private static void attempt(Runnable reading) {
        try {
            reading.run();
        } catch (Refusal e) {
            if (e.reason().isBlank()) {
                throw new AssertionError("a refusal without a reason", e);
            }
        }
    }
}
