package cardsecure.wallet;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// Whatever stands for a signature, verifying it refuses, and does nothing else.
class AppleSignatureFuzzTest {
    private static final X509Certificate ROOT = ApplePay.appleRoot();
    private static final SecretBytes SOME = SecretBytes.owning(new byte[91]);
    private static final SecretBytes ID = SecretBytes.owning(new byte[32]);

    @FuzzTest(maxDuration = "15s")
    void noSignatureMakesItFail(byte[] input) {
        ApplePayToken token = new ApplePayToken(
                ApplePayToken.Version.EC_V1,
                SOME,
                SecretBytes.copyOf(input),
                SOME,
                ID,
                Optional.empty(),
                Optional.empty());
        try {
            AppleSignature.verify(token, ROOT);
            throw new AssertionError("somebody signs as Apple does");
        } catch (Refusal e) {
            ApplePayTokenFuzzTest.requireStep(e);
        }
    }
}
