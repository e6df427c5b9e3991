package cardsecure.wallet;

import static cardsecure.wallet.TestWallets.EC;
import static cardsecure.wallet.TestWallets.EC_OTHER;
import static cardsecure.wallet.TestWallets.EXPIRY;
import static cardsecure.wallet.TestWallets.NOW;
import static cardsecure.wallet.TestWallets.PAN;
import static cardsecure.wallet.TestWallets.RANDOM;
import static cardsecure.wallet.TestWallets.RSA;
import static cardsecure.wallet.TestWallets.assertRefusedBy;
import static cardsecure.wallet.TestWallets.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cardsecure.secret.SecretBytes;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// From the moment on at which a key of the site is used, or would be, payloads are refused after the same
/// work: without a key, without a fitting one, with a wrong one, and with what decrypts to nonsense.
///
/// It compares medians of the processor's time that the thread takes, in turn, so that a busy machine does not
/// matter, and allows for a half: it finds a decryption that is left out, which is nearly all the work, and not
/// what an attacker with patience finds. What comes before (signatures, certificates, time) is everybody's to
/// compute and stays out of it.
class WalletTimingTest {
    private static final int ROUNDS = 60;
    private static final int WARM_UP = 30;
    private static final double RATIO_MAX = 1.6;
    private static final ApplePaySimulator APPLE = new ApplePaySimulator(RANDOM, NOW);
    private static final GooglePaySimulator GOOGLE = new GooglePaySimulator(RANDOM, NOW);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private record Case(WalletStep step, ThrowingCallable refused) {}

    private static void assertSameWork(Case... cases) {
        assumeTrue(THREADS.isCurrentThreadCpuTimeSupported(), "a JVM that tells a thread's time");
        Map<WalletStep, long[]> times = new LinkedHashMap<>();
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (Case each : cases) {
                long start = THREADS.getCurrentThreadCpuTime();
                assertRefusedBy(each.step(), each.refused());
                long nanos = THREADS.getCurrentThreadCpuTime() - start;
                if (round >= 0) {
                    times.computeIfAbsent(each.step(), _ -> new long[ROUNDS])[round] = nanos;
                }
            }
        }
        long[] medians = times.values().stream()
                .mapToLong(WalletTimingTest::median)
                .sorted()
                .toArray();
        assertThat((double) medians[medians.length - 1] / medians[0])
                .as("the longest median over the shortest, of %s: %s ns", times.keySet(), Arrays.toString(medians))
                .isLessThan(RATIO_MAX);
    }

    private static long median(long[] times) {
        Arrays.sort(times);
        return times[times.length / 2];
    }

    private static void decryptAndRead(ApplePayToken token, List<ApplePayKey> keys) {
        ApplePayload.read(ApplePay.decrypt(token, keys).clear());
    }

    @Test
    void ofApplesKeysNothingIsSeen() {
        ApplePayToken token =
                AppleForge.withoutHash(APPLE.token(EC, APPLE.payload(PAN, EXPIRY, 1, "840"), NOW, Optional.empty()));
        ApplePayToken nonsense = APPLE.token(EC, secret("nonsense"), NOW, Optional.empty());
        assertSameWork(
                new Case(WalletStep.APPLE_MERCHANT_KEY, () -> decryptAndRead(token, List.of(RSA))),
                new Case(WalletStep.APPLE_DECRYPTION, () -> decryptAndRead(token, List.of(EC_OTHER))),
                new Case(WalletStep.APPLE_PAYLOAD, () -> decryptAndRead(nonsense, List.of(EC))));
    }

    private static void decryptAndRead(GooglePayToken token, List<WalletKeyPair> keys) {
        GoogleMessage.read(
                GooglePay.decrypt(token, keys).clear(),
                new GooglePayRecipient("merchant:1", keys, Optional.empty()),
                NOW);
    }

    private static GooglePayToken token(SecretBytes message) {
        return GooglePayToken.parse(GOOGLE.token(GooglePayToken.Version.EC_V2, "merchant:1", EC.pair(), message));
    }

    @Test
    void ofGooglesKeysNothingIsSeen() {
        List<WalletKeyPair> keys = List.of(EC.pair());
        GooglePayToken nonsense = token(secret("nonsense"));
        GooglePayToken late = token(GOOGLE.message(PAN, EXPIRY, true, "one", NOW, Optional.empty()));
        assertSameWork(
                new Case(WalletStep.GOOGLE_RECIPIENT_KEY, () -> decryptAndRead(late, List.of())),
                new Case(WalletStep.GOOGLE_MAC, () -> decryptAndRead(late, List.of(EC_OTHER.pair()))),
                new Case(WalletStep.GOOGLE_MESSAGE, () -> decryptAndRead(nonsense, keys)),
                new Case(WalletStep.GOOGLE_EXPIRATION, () -> decryptAndRead(late, keys)));
    }
}
