package cardsecure.vault;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.audit.AuditEvent;
import cardsecure.protocol.ReplyEncoder;
import cardsecure.site.SiteSetting;
import cardsecure.store.StoreException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VaultTest {
    private static final String PURGED = "0048::Token purged";
    private static final String UNKNOWN = "0049::Data not found";
    private static final String BAD_FORMAT = "0056::Token format bad";

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
    void everyCardBecomesATokenAndComesBack() {
        for (String card : TestCards.CARDS) {
            String token = vault.answer("CE", card);
            assertThat(token)
                    .hasSize(16)
                    .startsWith("9" + card.substring(0, 2))
                    .endsWith(card.substring(card.length() - 4));
            assertThat(vault.answer("CD", token)).isEqualTo(card);
            assertThat(vault.answer("CV", token)).isEqualTo("Token Found");
        }
    }

    @Test
    void everyDomainTokenizesVerifiesRevealsAndPurges() {
        record Datum(String letter, String data, String back, String shape) {}
        List<Datum> all = List.of(
                new Datum("C", TestCards.VISA, TestCards.VISA, "944[0-9]{9}1111"),
                new Datum("C", TestCards.BANK_ACCOUNT, TestCards.BANK_ACCOUNT, "912[0-9]{9}1234"),
                new Datum("A", TestCards.ACCOUNT, TestCards.ACCOUNT, "998[0-9]{9}0123"),
                new Datum("P", TestCards.PERSON, TestCards.PERSON, "[0-9A-Za-z]{8}"),
                new Datum("S", TestCards.SSN, "078051120", "[0-9A-Za-z]{8}"));

        for (Datum datum : all) {
            String token = vault.answer(datum.letter() + "E", datum.data());
            assertThat(token).matches(datum.shape());
            assertThat(vault.answer(datum.letter() + "V", token)).isEqualTo("Token Found");
            assertThat(vault.answer(datum.letter() + "D", token)).isEqualTo(datum.back());
            assertThat(vault.answer(datum.letter() + "P", token)).isEqualTo(token);
            assertThat(vault.answer(datum.letter() + "P", token)).isEqualTo(token);
            assertThat(vault.answer(datum.letter() + "V", token)).isEqualTo("Token Found");
            assertThat(vault.answer(datum.letter() + "D", token)).isEqualTo(PURGED);
        }
    }

    @Test
    void sameDataHaveTheSameTokenAlsoAfterAPurge() {
        String token = vault.answer("CE", TestCards.VISA);

        assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo(token);
        assertThat(vault.answer("CP", token)).isEqualTo(token);
        assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo(token);
        assertThat(vault.answer("CD", token)).isEqualTo(TestCards.VISA);
        assertThat(vault.answer("CE", TestCards.VISA_ONES)).isNotEqualTo(token);
    }

    @Test
    void bothWaysOfWritingAnSsnHaveOneToken() {
        assertThat(vault.answer("SE", "078-05-1120")).isEqualTo(vault.answer("SE", "078051120"));
    }

    @Test
    void uniqueMakesATokenOfItsOwnEachTime() {
        String shared = vault.answer("CE", TestCards.VISA);
        String one = vault.answerUnique("CE", TestCards.VISA);
        String two = vault.answerUnique("CE", TestCards.VISA);

        assertThat(List.of(shared, one, two)).doesNotHaveDuplicates();
        assertThat(vault.answer("CD", one)).isEqualTo(TestCards.VISA);
        assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo(shared);
        assertThat(vault.answer("CP", one)).isEqualTo(one);
        assertThat(vault.answer("CD", two)).isEqualTo(TestCards.VISA);
    }

    @Test
    void theBinViewShowsSixDigits() {
        String token = vault.answer("CE", TestCards.VISA_ONES);

        assertThat(vault.answer("CT", token)).isEqualTo("4111110000000005");
        assertThat(vault.answer("CT", vault.answer("CE", TestCards.AMEX)))
                .hasSize(15)
                .startsWith("378282");
        assertThat(vault.answer("CT", vault.answer("CE", TestCards.BANK_ACCOUNT)))
                .isEqualTo(BAD_FORMAT);
        vault.answer("CP", token);
        assertThat(vault.answer("CT", token)).isEqualTo(PURGED);
    }

    @Test
    void unknownTokensAreNotFoundAndVerifyingThemIsNoError() {
        String unknown = TestCards.DOCUMENTED_TOKENS.getFirst();

        assertThat(vault.answer("CV", unknown)).isEqualTo("Token Not Found");
        for (String action : List.of("CP", "CT", "CD", "AP", "AD")) {
            assertThat(vault.answer(action, unknown)).as(action).isEqualTo(UNKNOWN);
        }
    }

    @Test
    void aTokenOfAnotherSiteOrDomainIsUnknown() {
        String token = vault.answer("CE", TestCards.VISA);

        assertThat(vault.answer(TestVault.OTHER, "CV", token)).isEqualTo("Token Not Found");
        assertThat(vault.answer(TestVault.OTHER, "CD", token)).isEqualTo(UNKNOWN);
        assertThat(vault.answer(TestVault.OTHER, "CP", token)).isEqualTo(UNKNOWN);
        assertThat(vault.answer("AV", token)).isEqualTo("Token Not Found");
        assertThat(vault.answer("AD", token)).isEqualTo(UNKNOWN);
        assertThat(vault.answer(TestVault.OTHER, "CE", TestCards.VISA)).isNotEqualTo(token);
    }

    @Test
    void aTokenOfTheSiteUpdatesToItself() {
        String token = vault.answer("CE", TestCards.VISA);

        assertThat(vault.answer("CE", token)).isEqualTo(token);
        vault.answer("CP", token);
        assertThat(vault.answer("CE", token)).isEqualTo(token);
        assertThat(vault.answer(TestVault.OTHER, "CE", token)).isEqualTo(BAD_FORMAT);
        assertThat(vault.answer("CE", TestCards.DOCUMENTED_TOKENS.getFirst())).isEqualTo(BAD_FORMAT);
        assertThat(vault.answer("CE", TestCards.cardOf("9", 15))).isEqualTo(BAD_FORMAT);
    }

    @Test
    void giftCardsComeBackClearAndAreNotKept() throws StoreException {
        String gift = TestCards.cardOf("600649", 16);
        vault.set(SiteSetting.GIFT_CARDS, "600649-600651");

        assertThat(vault.answer("CE", gift)).isEqualTo(gift);
        assertThat(vault.store.approximateRows()).hasValue(0);
        assertThat(vault.answer(TestVault.OTHER, "CE", gift)).startsWith("960");
        assertThat(vault.answer("CE", TestCards.cardOf("600652", 16))).startsWith("960");
    }

    @Test
    void theRoutingNumberIsCheckedWhereTheSiteWantsIt() throws StoreException {
        String before = vault.answer("CE", TestCards.BANK_ACCOUNT);
        vault.set(SiteSetting.ROUTING_CHECK, "on");

        assertThat(vault.answer("CE", TestCards.BANK_ACCOUNT)).isEqualTo(BAD_FORMAT);
        assertThat(vault.answer("CE", TestCards.BANK_ACCOUNT_ABA)).startsWith("902");
        // What was let in before must still come out.
        assertThat(vault.answer("CD", before)).isEqualTo(TestCards.BANK_ACCOUNT);
    }

    @Test
    void tokensOfAFormerFormatStillWork() throws StoreException {
        String old = vault.answer("CE", TestCards.VISA);
        vault.set(SiteSetting.FORMAT_C, "hyphenated");

        assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo(old);
        assertThat(vault.answer("CD", old)).isEqualTo(TestCards.VISA);
        assertThat(vault.answer("CE", old)).isEqualTo(old);
        String hyphenated = vault.answer("CE", TestCards.VISA_ONES);
        assertThat(hyphenated).matches("41-[0-9A-Za-z]{8}-1111");
        assertThat(vault.answer("CD", hyphenated)).isEqualTo(TestCards.VISA_ONES);
    }

    @Test
    void aSiteWithoutEncryptionKeepsWorkingWhenItComesBack() throws StoreException {
        vault.set(SiteSetting.ENCRYPTION, "off-store-in-clear-because-the-database-is-encrypted");
        String token = vault.answer("CE", TestCards.VISA);
        assertThat(vault.answer("CD", token)).isEqualTo(TestCards.VISA);
        vault.set(SiteSetting.ENCRYPTION, "on");

        assertThat(vault.answer("CD", token)).isEqualTo(TestCards.VISA);
        assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo(token);
    }

    @Test
    void theEchoTakesEightCharacters() {
        assertThat(vault.answer("HI", "12345678")).isEqualTo("CardSecure Server OK");
        assertThat(vault.answer("HI", "\u5317".repeat(8))).isEqualTo("CardSecure Server OK");
        assertThat(vault.answer("HI", "1234567")).isEqualTo("0021::Data too short");
        assertThat(vault.answer("HI", "123456789")).isEqualTo("0013::Data too long");
        assertThat(vault.answer("HI", "")).isEqualTo("0014::Data empty");
    }

    @Test
    void repliesCarryTheActionTheyAnswer() {
        String token = vault.answer("CE", TestCards.VISA);

        for (String action : List.of("CV", "CT", "CD", "CP")) {
            Reply reply = vault.handle(
                    TestVault.CALLER, new Call.Decoded(Optional.of(action), Optional.of(secret(token)), false));
            assertThat(ReplyEncoder.action(reply)).isEqualTo(action);
        }
    }

    @Test
    void whatIsRevealedOrPurgedIsAudited() {
        String token = vault.answer("CE", TestCards.VISA);
        vault.answer("CD", token);
        vault.answer("CP", token);

        assertThat(vault.events)
                .containsExactly(
                        new AuditEvent.Revealed("CD", TestVault.SITE, "192.0.2.1", "-", token),
                        new AuditEvent.Purged("CP", TestVault.SITE, "192.0.2.1", "-", token));
    }
}
