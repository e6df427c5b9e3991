package cardsecure.vault;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.audit.AuditEvent;
import cardsecure.keys.KeyId;
import cardsecure.site.Right;
import cardsecure.site.SiteSetting;
import cardsecure.store.StoreException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `EC` and `DE`: card numbers that callers keep themselves.
class CallerKeysTest {
    private static final String NO_KEY = "0012::Key ID not found";
    private static final String NOT_OPEN = "0071::Unauthorized decrypt";
    private static final KeyId E01 = new KeyId("E01");

    private TestVault vault;

    @BeforeEach
    void open() throws StoreException {
        vault = new TestVault();
    }

    @AfterEach
    void close() {
        vault.close();
    }

    @Test
    void everyCardIsEncryptedAnewEachTimeComesBackAndIsNotKept() {
        for (String card : TestCards.CARDS) {
            String ciphertext = vault.answer("EC", card);
            assertThat(ciphertext).matches("E01[0-9A-Za-z_-]{64}");
            assertThat(vault.answer("EC", card)).isNotEqualTo(ciphertext);
            assertThat(vault.answer("DE", ciphertext)).isEqualTo(card);
        }

        assertThat(vault.store.approximateRows()).hasValue(0);
    }

    @Test
    void whatIsEncryptedIsACardNumberByTheRulesOfCardNumbers() {
        assertThat(vault.answer("EC", "frisbee")).isEqualTo("0008::Data not decimal digits");
        assertThat(vault.answer("EC", TestCards.BANK_ACCOUNT)).isEqualTo("0008::Data not decimal digits");
        assertThat(vault.answer("EC", "4")).isEqualTo("0021::Data too short");
        assertThat(vault.answer("EC", "4".repeat(20))).isEqualTo("0013::Data too long");
        assertThat(vault.answer("EC", "4444333322221112")).isEqualTo("0054::Card number check (Luhn formula) failed");
        assertThat(vault.answer("EC", vault.answer("CE", TestCards.VISA))).isEqualTo("0056::Token format bad");
        assertThat(vault.answer("EC", "")).isEqualTo("0014::Data empty");
        assertThat(vault.answerWithKey("EC", "frisbee", "E99")).isEqualTo("0008::Data not decimal digits");
    }

    @Test
    void aKeyIdNamesTheCurrentKeyOrAPriorOne() {
        String before = vault.answer("EC", TestCards.VISA);
        rotate();

        assertThat(vault.answer("EC", TestCards.VISA)).startsWith("E02");
        assertThat(vault.answerWithKey("EC", TestCards.VISA, "E02")).startsWith("E02");
        String prior = vault.answerWithKey("EC", TestCards.VISA, "E01");
        assertThat(prior).startsWith("E01");
        for (String ciphertext : List.of(before, prior)) {
            assertThat(vault.answer("DE", ciphertext)).isEqualTo(TestCards.VISA);
            assertThat(vault.answerWithKey("DE", ciphertext, "E01")).isEqualTo(TestCards.VISA);
            assertThat(vault.answerWithKey("DE", ciphertext, "E02")).isEqualTo(NO_KEY);
        }
    }

    @Test
    void blanksNameNoKeyAndWhatIsNoKeyIsNotFound() {
        String ciphertext = vault.answer("EC", TestCards.VISA);

        for (String none : List.of("", " ", "   ")) {
            assertThat(vault.answerWithKey("EC", TestCards.VISA, none)).startsWith("E01");
            assertThat(vault.answerWithKey("DE", ciphertext, none)).isEqualTo(TestCards.VISA);
        }
        for (String bad : List.of("E02", "001", "e01", "E1", "E011", " E1", "\u00e901", TestCards.VISA)) {
            assertThat(vault.answerWithKey("EC", TestCards.VISA, bad)).isEqualTo(NO_KEY);
            assertThat(vault.answerWithKey("DE", ciphertext, bad)).isEqualTo(NO_KEY);
        }
    }

    @Test
    void aRetiredKeyIsNotFound() {
        String before = vault.answer("EC", TestCards.VISA);
        rotate();
        vault.changeCallerKeys(keys -> keys.retire(E01, Instant.EPOCH));

        assertThat(vault.answer("DE", before)).isEqualTo(NO_KEY);
        assertThat(vault.answerWithKey("EC", TestCards.VISA, "E01")).isEqualTo(NO_KEY);
    }

    @Test
    void anotherSiteCannotDecrypt() {
        assertThat(vault.answer(TestVault.OTHER, "DE", vault.answer("EC", TestCards.VISA)))
                .isEqualTo("0024::Decryption failure");
    }

    @Test
    void whatIsNoCiphertextIsRefusedByWhatIsWrongWithIt() {
        String ciphertext = vault.answer("EC", TestCards.VISA);

        assertThat(vault.answer("DE", "E99" + ciphertext.substring(3))).isEqualTo(NO_KEY);
        assertThat(vault.answer("DE", ciphertext.substring(0, 5) + "+" + ciphertext.substring(6)))
                .isEqualTo("0019::Base 64 decode failure");
        assertThat(vault.answer("DE", "E01_" + ciphertext.substring(4))).isEqualTo("0016::Unknown algorithm");
        assertThat(vault.answer("DE", ciphertext + "A")).isEqualTo("0020::Crypto data wrong length");
        assertThat(vault.answer("DE", "A".repeat(1_000_000))).isEqualTo("0020::Crypto data wrong length");
        String last = ciphertext.endsWith("A") ? "B" : "A";
        assertThat(vault.answer("DE", ciphertext.substring(0, 66) + last)).isEqualTo("0024::Decryption failure");
        assertThat(vault.answer("DE", "")).isEqualTo("0014::Data empty");
    }

    @Test
    void encryptingAndDecryptingAreRightsOfTheirOwn() throws StoreException {
        String ciphertext = vault.answer("EC", TestCards.VISA);
        vault.set(SiteSetting.OPEN, "tokenize,verify,purge,bin,decrypt");
        assertThat(vault.answer("EC", TestCards.VISA)).isEqualTo("credentials needed");
        assertThat(vault.answer("DE", ciphertext)).isEqualTo(TestCards.VISA);
        vault.set(SiteSetting.OPEN, "tokenize,verify,purge,bin,encrypt");
        assertThat(vault.answer("EC", TestCards.VISA)).startsWith("E01");
        assertThat(vault.answer("DE", ciphertext)).isEqualTo(NOT_OPEN);
        assertThat(vault.answer("DE", "no ciphertext")).isEqualTo(NOT_OPEN);
    }

    @Test
    void cardNumbersComeOutWhereNobodyListensOnly() {
        Caller overheard =
                new Caller(TestVault.CALLER.address(), false, TestVault.CALLER.site(), TestVault.CALLER.credentials());
        String ciphertext = TestVault.shown(vault.handle(overheard, call("EC", TestCards.VISA)));

        assertThat(ciphertext).startsWith("E01");
        assertThat(TestVault.shown(vault.handle(overheard, call("DE", ciphertext))))
                .isEqualTo(NOT_OPEN);
        assertThat(vault.answer("DE", ciphertext)).isEqualTo(TestCards.VISA);
    }

    @Test
    void theAuditHasWhoDecryptedUnderWhichKey() throws StoreException {
        vault.set(SiteSetting.OPEN, "encrypt");
        vault.logins.add(vault.sites.named(TestVault.SITE).orElseThrow(), "clerk", Right.DECRYPT);
        Caller clerk = new Caller(
                TestVault.CALLER.address(),
                true,
                TestVault.CALLER.site(),
                new Credentials.Basic("clerk", secret(TestLogins.PASSWORD)));
        String ciphertext = vault.answer("EC", TestCards.VISA);
        assertThat(vault.events).isEmpty();

        assertThat(vault.handle(clerk, call("DE", ciphertext)))
                .isEqualTo(new Reply.Decrypted(Action.DE, "E01", secret(TestCards.VISA)));
        assertThat(vault.events)
                .containsExactly(new AuditEvent.Decrypted("DE", TestVault.SITE, "192.0.2.1", "clerk", "E01"));
    }

    @Test
    void aReplySaysItsKeyBesideTheCiphertext() {
        assertThat(vault.handle(TestVault.CALLER, call("EC", TestCards.VISA)))
                .isInstanceOfSatisfying(Reply.Encrypted.class, encrypted -> {
                    assertThat(encrypted.keyId()).isEqualTo("E01");
                    assertThat(encrypted.ciphertext()).startsWith("E01");
                });
    }

    @Test
    void aSiteThatKeepsItsRowsInClearEncryptsForCallersAllTheSame() throws StoreException {
        vault.set(SiteSetting.ENCRYPTION, "off-store-in-clear-because-the-database-is-encrypted");

        assertThat(vault.answer("DE", vault.answer("EC", TestCards.VISA))).isEqualTo(TestCards.VISA);
        assertThat(vault.answer("EC", TestCards.VISA)).hasSize(67).startsWith("E01");
    }

    private void rotate() {
        vault.changeCallerKeys(keys -> keys.install(new SecureRandom(), Instant.EPOCH));
        vault.changeCallerKeys(keys -> keys.activate(Instant.EPOCH));
    }

    private static Call call(String action, String data) {
        return new Call.Decoded(Optional.of(action), Optional.of(secret(data)), false);
    }
}
