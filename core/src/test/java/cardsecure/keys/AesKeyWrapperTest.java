package cardsecure.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class AesKeyWrapperTest implements KeyWrapperContract {
    private final SecretBytes key = key(1);
    private final KeyWrapper kek = new AesKeyWrapper(key, new SecureRandom());
    private final KeyWrapper otherKek = new AesKeyWrapper(key(2), new SecureRandom());

    @Override
    public KeyWrapper kek() {
        return kek;
    }

    @Override
    public KeyWrapper otherKek() {
        return otherKek;
    }

    @Test
    void theDocumentedLayoutUnwrapsByPlainJca() throws GeneralSecurityException {
        SecretBytes secret = key(3);
        byte[] wrapped = kek.wrap(secret);

        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        SecretKeySpec spec = new SecretKeySpec(key.reveal(), "AES");
        cipher.init(Cipher.DECRYPT_MODE, spec, new GCMParameterSpec(128, wrapped, 0, 12));
        cipher.updateAAD("cardsecure kek".getBytes(StandardCharsets.US_ASCII));
        assertThat(cipher.doFinal(wrapped, 12, wrapped.length - 12)).isEqualTo(secret.reveal());
    }

    @Test
    void noTwoWrappingsAreTheSame() {
        assertThat(kek.wrap(key(3))).isNotEqualTo(kek.wrap(key(3)));
    }

    @Test
    void aKekHasThirtyTwoBytes() {
        for (int length : new int[] {0, 16, 31, 33}) {
            SecretBytes wrong = SecretBytes.owning(new byte[length]);
            assertThatIllegalArgumentException().isThrownBy(() -> new AesKeyWrapper(wrong, new SecureRandom()));
        }
    }

    private static SecretBytes key(int seed) {
        byte[] bytes = new byte[AesKeyWrapper.LENGTH];
        new Random(seed).nextBytes(bytes);
        return SecretBytes.owning(bytes);
    }
}
