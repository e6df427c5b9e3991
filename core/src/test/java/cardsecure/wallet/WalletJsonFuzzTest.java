package cardsecure.wallet;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Whatever stands for Google's token, or for what either wallet encrypts, is refused or read, and a card that
/// is read is one.
class WalletJsonFuzzTest {
    private static final GooglePayRecipient RECIPIENT =
            new GooglePayRecipient("merchant:1", List.of(), Optional.empty());

    @FuzzTest(maxDuration = "15s")
    void noJsonMakesItFail(byte[] input) {
        attempt(() -> GooglePayToken.parse(SecretBytes.copyOf(input)));
        attempt(() -> ApplePayload.read(SecretBytes.copyOf(input)).pan().normalised());
        attempt(() -> GoogleMessage.read(SecretBytes.copyOf(input), RECIPIENT, Instant.EPOCH)
                .payload()
                .pan());
    }

    private static void attempt(Runnable reader) {
        try {
            reader.run();
        } catch (Refusal e) {
            ApplePayTokenFuzzTest.requireStep(e);
        }
    }
}
