package cardsecure.rsa;

import static cardsecure.rsa.TestRsa.OAEP_KEY;
import static cardsecure.rsa.TestRsa.PKCS1;
import static cardsecure.rsa.TestRsa.encoded;
import static cardsecure.rsa.TestRsa.encrypt;
import static cardsecure.rsa.TestRsa.encryptRaw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.Seeded;
import cardsecure.TestCards;
import cardsecure.rsa.RsaDecryptor.Opened;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RsaDecryptorTest {
    private static final byte[] CARD = TestCards.VISA.getBytes(StandardCharsets.US_ASCII);

    private final RsaDecryptor pkcs1 = RsaDecryptor.of(PKCS1);
    private final RsaDecryptor oaep = RsaDecryptor.of(OAEP_KEY);

    @Test
    void decryptsWhatTheJdkEncrypts() {
        Seeded.forAll(40, random -> {
            byte[] message = new byte[random.nextInt(PKCS1.length() - 10)];
            random.nextBytes(message);
            assertThat(pkcs1.decrypt(encrypt(PKCS1, message))).isEqualTo(new Opened(SecretBytes.copyOf(message), true));
            byte[] shorter = Arrays.copyOf(message, Math.min(message.length, OAEP_KEY.length() - 66));
            assertThat(oaep.decrypt(encrypt(OAEP_KEY, shorter)))
                    .isEqualTo(new Opened(SecretBytes.copyOf(shorter), true));
        });
    }

    /// `0 | 2 | padding, at least 8, none 0 | 0 | message`: each part broken by itself.
    @Test
    void eachWayToBreakThePaddingGivesAnotherMessageThatIsAlwaysTheSame() {
        List<byte[]> broken = new ArrayList<>();
        for (int first = 1; first < 256; first++) {
            byte[] wrong = encoded(PKCS1, TestCards.VISA);
            wrong[1] = (byte) (first == 2 ? 0 : first);
            broken.add(wrong);
        }
        for (int zero = 2; zero < 10; zero++) {
            byte[] wrong = encoded(PKCS1, TestCards.VISA);
            wrong[zero] = 0;
            broken.add(wrong);
        }
        byte[] unended = encoded(PKCS1, TestCards.VISA);
        Arrays.fill(unended, 2, unended.length, (byte) '4');
        broken.add(unended);
        byte[] notZero = encoded(PKCS1, TestCards.VISA);
        notZero[0] = 1;
        broken.add(notZero);
        broken.add(new byte[PKCS1.length()]);

        for (byte[] encoded : broken) {
            // The last two of the encoded messages may be over the modulus; then they are no ciphertext of it.
            byte[] ciphertext = encryptRaw(PKCS1, encoded);
            Opened opened = pkcs1.decrypt(ciphertext);
            assertThat(opened.padded()).isFalse();
            assertThat(TestRsa.text(opened.message())).isNotEqualTo(TestCards.VISA);
            assertThat(pkcs1.decrypt(ciphertext)).isEqualTo(opened);
        }
        byte[] shortest = encoded(PKCS1, TestCards.VISA);
        shortest[10] = 0;
        assertThat(pkcs1.decrypt(encryptRaw(PKCS1, shortest)).padded()).isTrue();
    }

    @Test
    void aNumberThatIsNotUnderTheModulusIsAnotherFailure() {
        byte[] modulus = TestRsa.modulus(PKCS1);
        byte[] ones = new byte[PKCS1.length()];
        Arrays.fill(ones, (byte) 0xff);

        for (byte[] number : List.of(modulus, ones)) {
            Opened opened = pkcs1.decrypt(number);
            assertThat(opened.padded()).isFalse();
            assertThat(pkcs1.decrypt(number)).isEqualTo(opened);
            assertThat(oaep.decrypt(number)).isEqualTo(new Opened(SecretBytes.owning(new byte[0]), false));
        }
        // The objects in the pool are none the worse for it.
        assertThat(pkcs1.decrypt(encrypt(PKCS1, CARD)).message()).isEqualTo(SecretBytes.copyOf(CARD));
    }

    @Test
    void aFlippedBitGivesAnotherMessage() {
        byte[] ciphertext = encrypt(PKCS1, CARD);
        byte[] other = encrypt(OAEP_KEY, CARD);
        Set<String> seen = new HashSet<>();
        for (int bit = 0; bit < 8 * ciphertext.length; bit += 37) {
            ciphertext[bit / 8] ^= (byte) (1 << bit % 8);
            other[bit / 8] ^= (byte) (1 << bit % 8);
            seen.add(TestRsa.text(pkcs1.decrypt(ciphertext).message()));
            assertThat(oaep.decrypt(other).padded()).isFalse();
            ciphertext[bit / 8] ^= (byte) (1 << bit % 8);
            other[bit / 8] ^= (byte) (1 << bit % 8);
        }

        assertThat(seen).hasSizeGreaterThan(50).doesNotContain(TestCards.VISA);
        assertThat(pkcs1.decrypt(ciphertext).padded()).isTrue();
        assertThat(oaep.decrypt(other).padded()).isTrue();
    }

    @Test
    void theOtherMessagesHaveEveryLength() {
        Random random = new Random(1);
        Set<Integer> lengths = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            byte[] encoded = new byte[PKCS1.length()];
            random.nextBytes(encoded);
            encoded[0] = 0;
            encoded[1] = 3;
            lengths.add(pkcs1.decrypt(encryptRaw(PKCS1, encoded)).message().length());
        }

        assertThat(lengths).hasSizeGreaterThan(120).allMatch(length -> length <= PKCS1.length() - 11);
    }

    @Test
    void aKeyTakesItsOwnPaddingOnly() {
        assertThat(pkcs1.decrypt(encrypt(PKCS1, RsaPadding.OAEP_SHA256, CARD)).message())
                .isNotEqualTo(SecretBytes.copyOf(CARD));
        assertThat(oaep.decrypt(encrypt(OAEP_KEY, RsaPadding.PKCS1, CARD)).padded())
                .isFalse();
    }

    @Test
    void manyThreadsShareIt() throws Exception {
        List<Future<Boolean>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 64; i++) {
                byte[] message = ("message " + i).getBytes(StandardCharsets.US_ASCII);
                byte[] ciphertext = encrypt(PKCS1, message);
                all.add(threads.submit(() -> pkcs1.decrypt(ciphertext).message().equals(SecretBytes.copyOf(message))));
            }
        }
        for (Future<Boolean> each : all) {
            assertThat(each.get()).isTrue();
        }
    }

    @Test
    void aKeyShowsNothingOfItsPrivateHalf() {
        assertThat(PKCS1.toString()).isEqualTo("RsaKey[0, 2048 bits, pkcs1]");
        assertThatThrownBy(
                        () -> RsaKey.generate(1024, RsaPadding.PKCS1, Instant.EPOCH, new java.security.SecureRandom()))
                .hasMessage("an RSA key has 2048, 3072 or 4096 bits");
    }
}
