package cardsecure.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// What every [KeyWrapper] must do. A test class of one implements this and says how to make it.
public interface KeyWrapperContract {
    /// A wrapper of one KEK, opened anew at each call.
    KeyWrapper wrapper();

    /// A wrapper of another KEK.
    KeyWrapper otherWrapper();

    /// A key to wrap, with each byte another.
    default SecretBytes key() {
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (i + 1);
        }
        return SecretBytes.owning(key);
    }

    @Test
    default void unwrapsWhatItWrapped() {
        byte[] wrapped = wrapper().wrap(key());
        assertThat(wrapper().unwrap(wrapped)).isEqualTo(key());
    }

    @Test
    default void wrapsTheSameKeyDifferentlyEachTime() {
        KeyWrapper wrapper = wrapper();
        assertThat(wrapper.wrap(key())).isNotEqualTo(wrapper.wrap(key()));
    }

    @Test
    default void showsNothingOfTheKeyInTheBlob() {
        String blob = HexFormat.of().formatHex(wrapper().wrap(key()));
        assertThat(blob).doesNotContain(HexFormat.of().formatHex(key().reveal(), 0, 4));
    }

    @Test
    default void refusesABlobThatIsTruncatedAtAnyByte() {
        KeyWrapper wrapper = wrapper();
        byte[] wrapped = wrapper.wrap(key());
        for (int length = 0; length < wrapped.length; length++) {
            assertRefuses(wrapper, Arrays.copyOf(wrapped, length));
        }
    }

    @Test
    default void refusesABlobThatIsLonger() {
        KeyWrapper wrapper = wrapper();
        byte[] wrapped = wrapper.wrap(key());
        assertRefuses(wrapper, Arrays.copyOf(wrapped, wrapped.length + 1));
    }

    @Test
    default void refusesABlobWithAnyBitChanged() {
        KeyWrapper wrapper = wrapper();
        byte[] wrapped = wrapper.wrap(key());
        for (int bit = 0; bit < 8 * wrapped.length; bit++) {
            byte[] mutated = wrapped.clone();
            mutated[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefuses(wrapper, mutated);
        }
    }

    @Test
    default void refusesABlobOfAnotherKek() {
        assertRefuses(wrapper(), otherWrapper().wrap(key()));
    }

    @Test
    default void isNamedTheSameAtEachOpening() {
        assertThat(wrapper().kekId()).isEqualTo(wrapper().kekId()).matches("[\\x21-\\x7E]{1,64}");
    }

    @Test
    default void isNamedOtherwiseThanAnotherKek() {
        assertThat(wrapper().kekId()).isNotEqualTo(otherWrapper().kekId());
    }

    private static void assertRefuses(KeyWrapper wrapper, byte[] wrapped) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> wrapper.unwrap(wrapped))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.KEYSTORE_NOT_INITIALIZED));
    }
}
