package cardsecure.vault;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.audit.AuditEvent;
import cardsecure.card.Domain;
import cardsecure.error.ErrorCode;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteSetting;
import cardsecure.store.StoreException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is refused, with what, and in which order. Each case of the order breaks all later rules, too.
class VaultRefusalTest {
    private static final Caller NOBODY = new Caller(
            InetAddress.ofLiteral("192.0.2.1"), true, new SiteSelector.Named("nobody"), new Credentials.None());
    private static final Optional<SecretBytes> NONE = Optional.empty();

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
    void malformedCallsAnswerFirst() {
        Call malformed = new Call.Malformed(ErrorCode.ILLEGAL_CHARACTERS, "bad escape", Optional.empty());

        assertThat(TestVault.shown(vault.handle(NOBODY, malformed))).isEqualTo("0038::Illegal characters");
    }

    @Test
    void theSiteComesBeforeTheAction() {
        assertThat(shown(NOBODY, Optional.empty(), NONE)).isEqualTo("0055::Missing or unknown site name");
    }

    @Test
    void theLogHasTheActionWhereverACallIsRefused() throws StoreException {
        Optional<String> action = Optional.of("CE");
        vault.handle(TestVault.CALLER, new Call.Malformed(ErrorCode.ILLEGAL_CHARACTERS, "bad escape", action));
        assertThat(lastRefused()).isEqualTo("0038 CE");
        vault.handle(TestVault.CALLER, new Call.Malformed(ErrorCode.ILLEGAL_CHARACTERS, "bad", Optional.of("X\nY")));
        assertThat(lastRefused()).isEqualTo("0038 -");
        shown(NOBODY, action, NONE);
        assertThat(lastRefused()).isEqualTo("0055 CE");
        Caller wrong = new Caller(
                TestVault.CALLER.address(),
                true,
                TestVault.CALLER.site(),
                new Credentials.Basic("nobody", secret("wrong")));
        shown(wrong, action, NONE);
        assertThat(lastRefused()).isEqualTo("401 CE");
        vault.set(SiteSetting.RATE, "1/m:1");
        shown(TestVault.CALLER, action, NONE);
        shown(TestVault.CALLER, action, NONE);
        assertThat(lastRefused()).isEqualTo("429 CE");
        Call.Decoded decoded = new Call.Decoded(action, NONE, false);
        vault.handle(NOBODY, new Call.Signable(decoded, decoded));
        assertThat(lastRefused()).isEqualTo("0055 CE");
    }

    private String lastRefused() {
        AuditEvent.Refused last = (AuditEvent.Refused) vault.events.getLast();
        return last.code() + " " + last.action();
    }

    @Test
    void theActionComesBeforeTheData() {
        assertThat(shown(Optional.empty(), NONE)).isEqualTo("0074::Missing required parameter");
        for (String action : List.of("", "ce", "Ce", "CE ", "XX", "ER", "cz", "KR", "DT", "CEE")) {
            assertThat(shown(Optional.of(action), NONE)).as(action).isEqualTo("0007::Invalid action");
        }
    }

    @Test
    void aDomainThatIsOffIsNoAction() throws StoreException {
        vault.set(SiteSetting.DOMAINS, "C");
        vault.set(SiteSetting.OPEN, "");

        for (Action action : Action.values()) {
            if (action.domain().isPresent() && !action.domain().equals(Optional.of(Domain.CARD))) {
                assertThat(shown(Optional.of(action.name()), NONE)).isEqualTo("0007::Invalid action");
            }
        }
        vault.set(SiteSetting.DOMAINS, "A,P,S");
        for (String action : List.of("CE", "EC", "DE")) {
            assertThat(shown(Optional.of(action), NONE)).as(action).isEqualTo("0007::Invalid action");
        }
    }

    @Test
    void whoMayNotIsTurnedAwayBeforeTheDataAreLookedAt() throws StoreException {
        vault.set(SiteSetting.OPEN, "");

        for (Action action : Action.values()) {
            String expected = switch (action.kind()) {
                case TOKENIZE, TOKENIZE_ENCRYPTED, TOKENIZE_SWIPE, VERIFY, PURGE, BIN_VIEW, ENCRYPT ->
                    "credentials needed";
                case DETOKENIZE, TAKE, DECRYPT -> "0071::Unauthorized decrypt";
                case PUBLIC_KEY -> "0049::Data not found";
                case ECHO -> "0074::Missing required parameter";
            };
            assertThat(shown(Optional.of(action.name()), NONE))
                    .as(action.name())
                    .isEqualTo(expected);
        }
    }

    @Test
    void eachRightOpensItsActionsOnly() throws StoreException {
        vault.set(SiteSetting.OPEN, "verify");

        assertThat(shown(Optional.of("CV"), NONE)).isEqualTo("0074::Missing required parameter");
        assertThat(shown(Optional.of("CE"), NONE)).isEqualTo("credentials needed");
        assertThat(shown(Optional.of("CP"), NONE)).isEqualTo("credentials needed");
        assertThat(shown(Optional.of("CT"), NONE)).isEqualTo("credentials needed");
        assertThat(shown(Optional.of("EC"), NONE)).isEqualTo("credentials needed");
        assertThat(shown(Optional.of("CD"), NONE)).isEqualTo("0071::Unauthorized decrypt");
        assertThat(shown(Optional.of("DE"), NONE)).isEqualTo("0071::Unauthorized decrypt");
    }

    @Test
    void clearDataDoNotLeaveOverAnOpenWire() {
        Caller overheard = new Caller(
                InetAddress.ofLiteral("192.0.2.1"),
                false,
                new SiteSelector.Named(TestVault.SITE),
                new Credentials.None());
        String token = vault.answer("CE", TestCards.VISA);

        assertThat(shown(overheard, Optional.of("CD"), Optional.of(secret(token))))
                .isEqualTo("0071::Unauthorized decrypt");
        assertThat(shown(overheard, Optional.of("CV"), Optional.of(secret(token))))
                .isEqualTo("Token Found");
    }

    @Test
    void absentAndEmptyDataAreToldApart() {
        for (Action action : Action.values()) {
            if (action == Action.KG) {
                continue;
            }
            assertThat(shown(Optional.of(action.name()), NONE)).isEqualTo("0074::Missing required parameter");
            assertThat(shown(Optional.of(action.name()), Optional.of(secret(""))))
                    .isEqualTo("0014::Data empty");
        }
    }

    @Test
    void badDataAnswerByTheRulesOfTheirDomain() {
        assertThat(vault.answer("CE", "frisbee")).isEqualTo("0008::Data not decimal digits");
        assertThat(vault.answer("CE", "4".repeat(32))).isEqualTo("0013::Data too long");
        assertThat(vault.answer("CE", "4")).isEqualTo("0021::Data too short");
        assertThat(vault.answer("CE", "4444333322221112")).isEqualTo("0054::Card number check (Luhn formula) failed");
        assertThat(vault.answer("CE", "9441149619831112")).isEqualTo("0054::Card number check (Luhn formula) failed");
        assertThat(vault.answer("CE", "9")).isEqualTo("0021::Data too short");
        assertThat(vault.answer("CE", "123456789/123")).isEqualTo("0021::Data too short");
        assertThat(vault.answer("AE", "123")).isEqualTo("0021::Data too short");
        assertThat(vault.answer("AE", "123456789/1234")).isEqualTo("0008::Data not decimal digits");
        assertThat(vault.answer("PE", "a\nb")).isEqualTo("0038::Illegal characters");
        assertThat(vault.answer("PE", "x".repeat(1025))).isEqualTo("0013::Data too long");
        assertThat(vault.answer("SE", "078-05-112")).isEqualTo("0008::Data not decimal digits");
        assertThat(vault.answer("SE", "1234567890")).isEqualTo("0013::Data too long");
    }

    @Test
    void whatIsNoTokenIsNoTokenForEveryAction() {
        for (String action : List.of("CV", "CP", "CT", "CD", "AV", "AP", "AD", "PV", "PP", "PD", "SV", "SP", "SD")) {
            for (String bad : List.of(
                    "x",
                    TestCards.VISA,
                    "9441149619831112",
                    "44-hzj9xh9N-1111",
                    "RE0smit\u00e9",
                    "a".repeat(65),
                    "a".repeat(100_000))) {
                assertThat(vault.answer(action, bad)).as(action).isEqualTo("0056::Token format bad");
            }
        }
    }

    @Test
    void everyRefusalIsAuditedUnderTheIdOfItsReply() {
        Reply reply = vault.handle(
                TestVault.CALLER, new Call.Decoded(Optional.of("CE"), Optional.of(secret("frisbee")), false));

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(vault.events)
                                .singleElement()
                                .isInstanceOfSatisfying(AuditEvent.Refused.class, event -> {
                                    assertThat(event.errorId())
                                            .isEqualTo(refused.errorId())
                                            .matches("[0-9a-f]{10}");
                                    assertThat(event.code()).isEqualTo("0008");
                                    assertThat(event.action()).isEqualTo("CE");
                                    assertThat(event.site()).isEqualTo(TestVault.SITE);
                                    assertThat(event.address()).isEqualTo("192.0.2.1");
                                    assertThat(event.cause()).isEmpty();
                                }));
    }

    @Test
    void whatTheCallerMadeUpIsNotAudited() {
        shown(NOBODY, Optional.of("CE"), NONE);
        shown(Optional.of("<b>forged</b>"), NONE);

        assertThat(vault.events.toString()).doesNotContain("forged", "nobody").contains("action=-", "site=-");
    }

    @Test
    void noEventHoldsDataInAnyForm() {
        List<String> data = List.of(
                TestCards.VISA,
                "4444333322221112",
                "94443333222211110000",
                "444433332222111x",
                TestCards.BANK_ACCOUNT,
                TestCards.ACCOUNT,
                TestCards.SSN,
                TestCards.PERSON,
                TestCards.PERSON + "\n",
                TestCards.PERSON.repeat(40));
        for (Action action : Action.values()) {
            for (String each : data) {
                String token = vault.answer(action.name(), each);
                vault.answer(action.name().charAt(0) + "D", token);
                vault.answer(action.name().charAt(0) + "P", token);
            }
        }

        String audited = vault.events.toString().toLowerCase(Locale.ROOT);
        assertThat(vault.events).hasSizeGreaterThan(100);
        for (String each : data) {
            byte[] utf8 = each.getBytes(StandardCharsets.UTF_8);
            // A BCD number in hex is the number; one more digit shifts it by half a byte and is found all the same.
            assertThat(audited)
                    .doesNotContain(each.toLowerCase(Locale.ROOT))
                    .doesNotContain(HexFormat.of().formatHex(utf8))
                    .doesNotContain(Base64.getEncoder()
                            .withoutPadding()
                            .encodeToString(utf8)
                            .toLowerCase(Locale.ROOT));
        }
    }

    private String shown(Optional<String> action, Optional<SecretBytes> data) {
        return shown(TestVault.CALLER, action, data);
    }

    private String shown(Caller caller, Optional<String> action, Optional<SecretBytes> data) {
        return TestVault.shown(vault.handle(caller, new Call.Decoded(action, data, false)));
    }
}
