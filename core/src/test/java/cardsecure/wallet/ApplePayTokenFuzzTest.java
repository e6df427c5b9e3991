package cardsecure.wallet;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.cert.X509Certificate;

/// Whatever stands for a token, reading and verifying it refuses, and does nothing else.
class ApplePayTokenFuzzTest {
    private static final X509Certificate ROOT = ApplePay.appleRoot();

    @FuzzTest(maxDuration = "15s")
    void noTokenMakesItFail(byte[] input) {
        try {
            ApplePayToken token = ApplePayToken.of(WalletParameters.parse(SecretBytes.copyOf(input)));
            AppleSignature.verify(token, ROOT);
            throw new AssertionError("somebody signs as Apple does");
        } catch (Refusal e) {
            requireStep(e);
        }
    }

    static void requireStep(Refusal refusal) {
        if (WalletStep.of(refusal).isEmpty()) {
            throw new AssertionError("a refusal of no step: " + refusal.reason());
        }
    }
}
