package cardsecure.keys;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cardsecure.secret.SecretBytes;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AesKeyWrapperTest implements KeyWrapperContract {
    private static KeyWrapper of(int everyByte) {
        byte[] kek = new byte[AesKeyWrapper.LENGTH];
        Arrays.fill(kek, (byte) everyByte);
        return new AesKeyWrapper(SecretBytes.owning(kek), new SecureRandom());
    }

    @Override
    public KeyWrapper wrapper() {
        return of(1);
    }

    @Override
    public KeyWrapper otherWrapper() {
        return of(2);
    }

    @Test
    void refusesAKekOfAnotherLength() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AesKeyWrapper(SecretBytes.copyOf(new byte[16]), new SecureRandom()));
    }
}
