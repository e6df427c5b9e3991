package cardsecure.keys;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.error.ErrorCode;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The law for every KEK, wherever it lives.
public interface KeyWrapperContract {
    /// The KEK under test.
    KeyWrapper kek();

    /// Another KEK of the same kind.
    KeyWrapper otherKek();

    @Test
    default void aWrappedKeyComesBack() {
        for (int length : new int[] {1, 16, 32}) {
            SecretBytes key = drawn(length);
            assertThat(kek().unwrap(kek().wrap(key))).isEqualTo(key);
        }
    }

    @Test
    default void theIdTellsTwoKeksApartAndStays() {
        assertThat(kek().kekId()).isNotEqualTo(otherKek().kekId()).isEqualTo(kek().kekId());
        assertThat(kek().kekId()).matches("[\\x21-\\x7e]{1,64}");
    }

    @Test
    default void aWrappedKeyShowsNothingOfTheKey() {
        SecretBytes key = drawn(32);
        String wrapped = HexFormat.of().formatHex(kek().wrap(key));

        assertThat(wrapped).doesNotContain(HexFormat.of().formatHex(key.reveal(), 0, 8));
    }

    @Test
    default void anotherKekDoesNotUnwrap() {
        byte[] wrapped = kek().wrap(drawn(32));

        assertThat(Refusals.codeOf(() -> otherKek().unwrap(wrapped))).isEqualTo(ErrorCode.KEYSTORE_NOT_INITIALIZED);
    }

    @Test
    default void everyDamageIsRefused() {
        byte[] wrapped = kek().wrap(drawn(32));

        for (int bit = 0; bit < 8 * wrapped.length; bit++) {
            byte[] flipped = wrapped.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(Refusals.codeOf(() -> kek().unwrap(flipped))).isEqualTo(ErrorCode.KEYSTORE_NOT_INITIALIZED);
        }
        for (int length = 0; length <= wrapped.length + 1; length++) {
            byte[] cut = Arrays.copyOf(wrapped, length);
            if (length != wrapped.length) {
                assertThat(Refusals.codeOf(() -> kek().unwrap(cut))).isEqualTo(ErrorCode.KEYSTORE_NOT_INITIALIZED);
            }
        }
        byte[] text = "not a wrapped key".getBytes(StandardCharsets.US_ASCII);
        assertThat(Refusals.codeOf(() -> kek().unwrap(text))).isEqualTo(ErrorCode.KEYSTORE_NOT_INITIALIZED);
    }

    private static SecretBytes drawn(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return SecretBytes.owning(bytes);
    }
}
