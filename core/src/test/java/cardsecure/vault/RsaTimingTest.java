package cardsecure.vault;

import static cardsecure.rsa.TestRsa.PKCS1;
import static cardsecure.rsa.TestRsa.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.rsa.TestRsa;
import cardsecure.store.StoreException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Ciphertexts with right and with wrong padding, in turn, through the whole vault: both are `0024`, and the medians
/// of their times are near each other.
///
/// This finds what a mistake would make: a decryption that is left out, an exception with its stack trace, a look
/// into the store. It cannot find what an attacker with patience can, who measures millions of times and compares
/// more than medians (the Marvin attack tells differences of tens of nanoseconds): neither the JDK's `BigInteger`,
/// whose time depends on its numbers a little even though the JDK blinds them, nor what the compiler makes of the
/// masks in `Pkcs1Decryptor`. A machine as busy as those that run tests shows differences of some percent by
/// itself.
class RsaTimingTest {
    private static final int CIPHERTEXTS = 40;
    private static final int ROUNDS = 12;
    private static final int WARM_UP = 4;
    private static final double RATIO_MAX = 1.25;

    @Test
    void rightAndWrongPaddingTakeTheSameTimeAsFarAsThisCanSee() throws StoreException {
        Random random = new Random(1);
        List<String> right = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < CIPHERTEXTS; i++) {
            byte[] encoded = encoded(PKCS1, "4444333322221112");
            for (int at = 2; at < encoded.length - 17; at++) {
                encoded[at] = (byte) (1 + random.nextInt(255));
            }
            right.add(base64(TestRsa.encryptRaw(PKCS1, encoded)));
            encoded[1] = 1;
            wrong.add(base64(TestRsa.encryptRaw(PKCS1, encoded)));
        }
        long[] rightTimes = new long[CIPHERTEXTS * ROUNDS];
        long[] wrongTimes = new long[CIPHERTEXTS * ROUNDS];
        try (TestVault vault = new TestVault()) {
            vault.addRsaKey(TestVault.SITE, PKCS1);
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                for (int i = 0; i < CIPHERTEXTS; i++) {
                    long rightTime = time(vault, right.get(i));
                    long wrongTime = time(vault, wrong.get(i));
                    if (round >= 0) {
                        rightTimes[round * CIPHERTEXTS + i] = rightTime;
                        wrongTimes[round * CIPHERTEXTS + i] = wrongTime;
                    }
                }
            }
        }

        double ratio = median(wrongTimes) / median(rightTimes);
        assertThat(ratio)
                .as("median with wrong padding over median with right padding")
                .isBetween(1 / RATIO_MAX, RATIO_MAX);
    }

    private static long time(TestVault vault, String data) {
        long start = System.nanoTime();
        String answer = vault.answer("CR", data);
        long nanos = System.nanoTime() - start;
        assertThat(answer).isEqualTo("0024::Decryption failure");
        return nanos;
    }

    private static double median(long[] times) {
        Arrays.sort(times);
        return times[times.length / 2];
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
