package cardsecure.rsa;

import static cardsecure.rsa.TestRsa.OAEP_KEY;
import static cardsecure.rsa.TestRsa.PKCS1;
import static cardsecure.rsa.TestRsa.PKCS1_LONG;
import static cardsecure.rsa.TestRsa.PKCS1_OTHER;
import static cardsecure.rsa.TestRsa.encrypt;
import static cardsecure.rsa.TestRsa.text;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SiteRsaKeysTest {
    private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.US_ASCII);

    private final SiteRsaKeys keys = SiteRsaKeys.of(
            List.of(PKCS1.numbered(1), PKCS1_LONG.numbered(2), OAEP_KEY.numbered(3), PKCS1_OTHER.numbered(4)));

    @Test
    void theNewestKeyIsTheOneToEncryptWith() {
        assertThat(keys.all()).extracting(RsaKey::number).containsExactly(4, 3, 2, 1);
        assertThat(keys.publicKeyText()).hasValue(PKCS1_OTHER.publicKeyText());
        assertThat(SiteRsaKeys.of(List.of()).publicKeyText()).isEmpty();
    }

    @Test
    void everyKeyDecryptsWhatIsForIt() {
        for (RsaKey key : List.of(PKCS1, PKCS1_LONG, OAEP_KEY, PKCS1_OTHER)) {
            SecretBytes ciphertext = SecretBytes.owning(encrypt(key, MESSAGE));
            assertThat(keys.fits(ciphertext)).isTrue();
            assertThat(keys.decrypt(
                            ciphertext, read -> text(read).equals("a message") ? Optional.of(key) : Optional.empty()))
                    .hasValue(key);
        }
    }

    @Test
    void allKeysThatFitAreTriedWhicheverIsTheRightOne() {
        for (RsaKey key : List.of(PKCS1, OAEP_KEY, PKCS1_OTHER, TestRsa.PKCS1_LONG)) {
            List<Integer> lengths = new ArrayList<>();
            keys.decrypt(SecretBytes.owning(encrypt(key, MESSAGE)), read -> {
                lengths.add(read.length());
                return Optional.of(read);
            });
            assertThat(lengths).hasSize(key.equals(PKCS1_LONG) ? 1 : 3);
        }
    }

    /// Under the others it comes to messages as well, some of which may pass for data.
    @Test
    void ofSeveralMessagesThatWouldDoTheOneWithGoodPaddingCounts() {
        for (RsaKey key : List.of(PKCS1, OAEP_KEY, PKCS1_OTHER)) {
            SecretBytes ciphertext = SecretBytes.owning(encrypt(key, MESSAGE));
            // One in 80,000 is well padded under another key too.
            while (!key.equals(PKCS1_OTHER)
                    && RsaDecryptor.of(PKCS1_OTHER).decrypt(ciphertext.reveal()).padded()) {
                ciphertext = SecretBytes.owning(encrypt(key, MESSAGE));
            }
            assertThat(keys.decrypt(ciphertext, Optional::of)).hasValue(SecretBytes.copyOf(MESSAGE));
        }
    }

    @Test
    void noKeyFitsAnotherLength() {
        for (int length : List.of(0, 1, 255, 257, 383, 385, 512)) {
            SecretBytes ciphertext = SecretBytes.owning(new byte[length]);
            assertThat(keys.fits(ciphertext)).isFalse();
            assertThat(keys.decrypt(ciphertext, Optional::of)).isEmpty();
        }
    }
}
