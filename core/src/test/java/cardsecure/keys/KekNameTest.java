package cardsecure.keys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KekNameTest {
    private static final String HEAD = "argon2id-19456-3-000102030405060708090a0b0c0d0e0f-";

    @Test
    void whatIsShownOfAPassphrasesKekDependsOnNothingThatIsMadeOfThePassphrase() {
        String shown = KekName.of(HEAD + "12345678");

        assertThat(shown).matches("argon2id-[0-9a-f]{16}").isEqualTo(KekName.of(HEAD + "87654321"));
        assertThat(KekName.of(HEAD.replace("0f-", "1f-") + "12345678")).isNotEqualTo(shown);
    }

    @Test
    void otherIdsAreShownAsTheyAreIfTheyCanBe() {
        assertThat(KekName.of("47f03326655235e0")).isEqualTo("47f03326655235e0");
        assertThat(KekName.of("pkcs11-kek-1-0011223344556677")).isEqualTo("pkcs11-kek-1-0011223344556677");
        assertThat(KekName.of("a\nb\u001b[0mc")).isEqualTo("a?b??0mc");
        assertThat(KekName.of("x".repeat(1000))).hasSize(67);
    }
}
