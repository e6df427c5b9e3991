package cardsecure.vault;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.audit.AuditEvent;
import cardsecure.error.ErrorCode;
import cardsecure.secret.SecretBytes;
import cardsecure.site.Right;
import cardsecure.site.Site;
import cardsecure.site.SiteSetting;
import cardsecure.store.StoreException;
import cardsecure.user.Login;
import cardsecure.user.TestCertificates;
import cardsecure.user.User;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who may do what: without credentials, with a password, with a certificate, from where.
class CallerRightsTest {
    private static final String NEEDED = "credentials needed";
    private static final String MAY_NOT_DECRYPT = "0071::Unauthorized decrypt";

    private TestVault vault;

    @BeforeEach
    void open() throws StoreException {
        vault = new TestVault();
        vault.set(SiteSetting.OPEN, "tokenize");
    }

    @AfterEach
    void close() {
        vault.close();
    }

    @Test
    void aUserMayDoWhatEverybodyMayAndWhatItsRightsSay() throws StoreException {
        vault.logins.add(site(), "clerk", Right.VERIFY, Right.DECRYPT);
        String token = answer(none(), "CE", TestCards.VISA);

        assertThat(answer(clerk(), "CE", TestCards.VISA)).isEqualTo(token);
        assertThat(answer(clerk(), "CV", token)).isEqualTo("Token Found");
        assertThat(answer(clerk(), "CD", token)).isEqualTo(TestCards.VISA);
        assertThat(answer(clerk(), "CP", token)).isEqualTo(NEEDED);
        assertThat(answer(none(), "CV", token)).isEqualTo(NEEDED);
        assertThat(answer(none(), "CD", token)).isEqualTo(MAY_NOT_DECRYPT);
    }

    @Test
    void whoMayNotDecryptIsToldSoWhoeverItIs() throws StoreException {
        vault.logins.add(site(), "clerk", Right.TOKENIZE, Right.VERIFY, Right.PURGE, Right.BIN, Right.ENCRYPT);

        for (String action : List.of("CD", "AD", "PD", "SD")) {
            assertThat(answer(clerk(), action, "x")).isEqualTo(MAY_NOT_DECRYPT);
        }
    }

    @Test
    void evenAUserGetsNoClearDataOverAnOpenWire() throws StoreException {
        vault.logins.add(site(), "clerk", Right.DECRYPT);
        String token = answer(none(), "CE", TestCards.VISA);
        Caller overheard = new Caller(TestVault.CALLER.address(), false, TestVault.CALLER.site(), clerk());

        assertThat(answer(overheard, "CD", token)).isEqualTo(MAY_NOT_DECRYPT);
    }

    @Test
    void aUserOfOneSiteIsNobodyAtAnother() throws StoreException {
        vault.logins.add(site(), "clerk", Right.VERIFY);
        Caller elsewhere =
                new Caller(TestVault.CALLER.address(), true, new SiteSelector.Named(TestVault.OTHER), clerk());

        assertThat(answer(elsewhere, "CV", "x")).isEqualTo(NEEDED);
    }

    @Test
    void wrongCredentialsAreRefusedForWhatEverybodyMayDo() throws StoreException {
        vault.logins.add(site(), "clerk", Right.VERIFY);

        for (Credentials wrong : List.of(basic("clerk", "wrong"), basic("nobody", TestLogins.PASSWORD))) {
            for (String action : List.of("CE", "HI", "XX")) {
                assertThat(answer(wrong, action, "x")).isIn(NEEDED, "too many requests");
            }
        }
    }

    @Test
    void rightsCountFromTheNextRequestOn() throws StoreException {
        vault.logins.add(site(), "clerk", Right.VERIFY);
        String token = answer(clerk(), "CE", TestCards.VISA);
        vault.sites.users().change(site().id(), "clerk", user -> user.withRights(Set.of(Right.BIN)));

        assertThat(answer(clerk(), "CV", token)).isEqualTo(NEEDED);
        assertThat(answer(clerk(), "CT", token)).startsWith("444433");
        assertThat(vault.logins.hasher.checks()).isEqualTo(1);
    }

    @Test
    void aCertificateIsTheUserThatHasItsFingerprintOrItsSubject() throws StoreException {
        Credentials till = new Credentials.Certificate(TestCertificates.TILL);
        Credentials stranger = new Credentials.Certificate(TestCertificates.STRANGER);
        assertThat(answer(till, "CV", "x")).isEqualTo(NEEDED);
        add("till", Login.Certificate.of(TestCertificates.TILL), Right.VERIFY);

        String token = answer(till, "CE", TestCards.VISA);
        assertThat(answer(till, "CV", token)).isEqualTo("Token Found");
        assertThat(answer(stranger, "CV", token)).isEqualTo(NEEDED);
        vault.sites
                .users()
                .change(site().id(), "till", user -> user.withLogin(Login.Subject.of(TestCertificates.TILL)));
        assertThat(answer(till, "CV", token)).isEqualTo("Token Found");
        assertThat(answer(stranger, "CV", token)).isEqualTo(NEEDED);
    }

    @Test
    void aCertificateThatIsNoUsersMayDoWhatEverybodyMay() {
        Credentials stranger = new Credentials.Certificate(TestCertificates.STRANGER);

        assertThat(answer(stranger, "CE", TestCards.VISA)).startsWith("944");
        assertThat(answer(stranger, "CP", "x")).isEqualTo(NEEDED);
        assertThat(vault.events.getLast().toString()).contains("a caller whose certificate is no user's");
    }

    @Test
    void theAuditHasTheUserThatPurgedOrDecrypted() throws StoreException {
        vault.logins.add(site(), "clerk", Right.PURGE, Right.DECRYPT);
        String token = answer(clerk(), "CE", TestCards.VISA);
        answer(clerk(), "CD", token);
        answer(clerk(), "CP", token);
        answer(clerk(), "CV", token);

        assertThat(vault.events.subList(0, 2))
                .containsExactly(
                        new AuditEvent.Revealed("CD", TestVault.SITE, "192.0.2.1", "clerk", token),
                        new AuditEvent.Purged("CP", TestVault.SITE, "192.0.2.1", "clerk", token));
        assertThat(vault.events.getLast()).isInstanceOfSatisfying(AuditEvent.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo("401");
            assertThat(refused.reason()).isEqualTo("user clerk has not the right to verify");
        });
    }

    @Test
    void anAddressThatIsNotAllowedIsToldNothingElse() throws StoreException {
        vault.set(SiteSetting.ADDRESSES, "198.51.100.0/24,2001:db8::/32");
        Caller inside = from("198.51.100.7");
        Call malformed = new Call.Malformed(ErrorCode.ILLEGAL_CHARACTERS, "bad escape", Optional.empty());

        assertThat(answer(inside, "CE", TestCards.VISA)).startsWith("944");
        assertThat(answer(from("2001:db8::1"), "CE", TestCards.VISA)).startsWith("944");
        for (String outside : List.of("192.0.2.1", "198.51.101.0", "2001:db9::1", "127.0.0.1")) {
            assertThat(answer(from(outside), "CE", TestCards.VISA)).isEqualTo("0047::Unauthorized host");
            assertThat(answer(from(outside), "XX", "")).isEqualTo("0047::Unauthorized host");
            assertThat(TestVault.shown(vault.handle(from(outside), malformed))).isEqualTo("0047::Unauthorized host");
        }
        assertThat(vault.gate.counts().wrongAddress()).isEqualTo(12);
    }

    @Test
    void anAddressThatIsNotAllowedGetsNoPasswordChecked() throws StoreException {
        vault.set(SiteSetting.ADDRESSES, "198.51.100.0/24");

        assertThat(answer(clerk(), "CE", TestCards.VISA)).isEqualTo("0047::Unauthorized host");
        assertThat(vault.logins.hasher.checks()).isZero();
    }

    private Site site() {
        return vault.sites.named(TestVault.SITE).orElseThrow();
    }

    private void add(String name, Login login, Right... rights) throws StoreException {
        vault.sites.users().add(new User(site().id(), name, login, Set.of(rights)));
    }

    private static Credentials none() {
        return new Credentials.None();
    }

    private static Credentials clerk() {
        return basic("clerk", TestLogins.PASSWORD);
    }

    private static Credentials basic(String user, String password) {
        return new Credentials.Basic(user, secret(password));
    }

    private static Caller from(String address) {
        return new Caller(InetAddress.ofLiteral(address), true, TestVault.CALLER.site(), none());
    }

    private String answer(Credentials credentials, String action, String data) {
        return answer(new Caller(TestVault.CALLER.address(), true, TestVault.CALLER.site(), credentials), action, data);
    }

    private String answer(Caller caller, String action, String data) {
        Optional<SecretBytes> sent = Optional.of(secret(data));
        return TestVault.shown(vault.handle(caller, new Call.Decoded(Optional.of(action), sent, false)));
    }
}
