package cardsecure.user;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Argon2idTest {
    private final Argon2id hasher = new Argon2id(CountingHasher.LEAST, new SecureRandom());

    /// From the tests of the reference implementation (phc-winner-argon2, `test.c`).
    @Test
    void computesWhatTheReferenceComputes() {
        byte[] salt = "somesalt".getBytes(StandardCharsets.US_ASCII);

        assertThat(HexFormat.of()
                        .formatHex(Argon2id.compute(secret("password"), new PasswordHash.Cost(256, 2, 1), salt)))
                .isEqualTo("9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe");
        assertThat(HexFormat.of()
                        .formatHex(Argon2id.compute(secret("password"), new PasswordHash.Cost(256, 2, 2), salt)))
                .isEqualTo("6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037");
    }

    @Test
    void knowsThePasswordAgainAndNoOther() {
        PasswordHash hash =
                PasswordHash.parse(hasher.hash(secret("correct horse")).phc());

        assertThat(hasher.matches(secret("correct horse"), hash)).isTrue();
        assertThat(hasher.matches(secret("correct horsf"), hash)).isFalse();
        assertThat(hasher.matches(secret(""), hash)).isFalse();
        assertThat(hasher.matches(secret("correct horse"), hasher.ofNobody())).isFalse();
    }

    @Test
    void onePasswordHasManyHashes() {
        assertThat(hasher.hash(secret("correct horse"))).isNotEqualTo(hasher.hash(secret("correct horse")));
    }

    @Test
    void newHashesCostWhatOwaspAsks() {
        PasswordHash hash = new Argon2id(PasswordHash.Cost.USUAL, new SecureRandom()).hash(secret("correct horse"));

        assertThat(hash.phc()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(hash).hasToString("PasswordHash[argon2id]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "$argon2i$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=16$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=7,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=9999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=8,t=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void refusesWhatIsNoHash(String phc) {
        assertThatIllegalArgumentException().isThrownBy(() -> PasswordHash.parse(phc));
    }

    @Test
    void aNewPasswordIsLongEnoughAndCanBeTyped() {
        NewPassword.require(secret("twelve chars"));
        NewPassword.require(secret("\u00e4".repeat(12)));
        NewPassword.require(secret("x".repeat(1024)));
        for (String bad : new String[] {"", "eleven char", "\u00e4".repeat(11), "x".repeat(1025), "twelve chars\n"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> NewPassword.require(secret(bad)));
        }
    }
}
