package cardsecure.secret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretBytesTest {
    private final byte[] bytes = {1, 2, 3, 4};

    @Test
    void printsItsLengthAndNothingElse() {
        assertThat(SecretBytes.copyOf(bytes)).hasToString("SecretBytes[4 bytes]");
    }

    @Test
    void aCopyDoesNotFollowItsOrigin() {
        SecretBytes secret = SecretBytes.copyOf(bytes);
        bytes[0] = 9;

        assertThat(secret.reveal()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void aPartIsCopiedFromItsPlace() {
        assertThat(SecretBytes.copyOf(bytes, 1, 2).reveal()).containsExactly(2, 3);
    }

    @Test
    void equalBytesAreEqualSecrets() {
        SecretBytes secret = SecretBytes.copyOf(bytes);

        assertThat(secret).isEqualTo(SecretBytes.copyOf(bytes)).hasSameHashCodeAs(SecretBytes.copyOf(bytes));
        assertThat(secret).isNotEqualTo(SecretBytes.copyOf(bytes, 0, 3));
        assertThat(secret).isNotEqualTo(SecretBytes.owning(new byte[4]));
        assertThat(secret).isNotEqualTo("secret");
    }

    @Test
    void destroyingOverwritesTheBytes() {
        SecretBytes secret = SecretBytes.owning(bytes);
        secret.destroy();

        assertThat(bytes).containsOnly(0);
    }
}
