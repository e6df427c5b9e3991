package cardsecure.user;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cardsecure.Refusals;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.keys.KeyRing;
import cardsecure.site.Right;
import cardsecure.site.SiteId;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UserDirectoryTest {
    private static final SiteId SITE = new SiteId(1);
    private static final SiteId OTHER = new SiteId(2);

    private final MemoryTokenStore store = new MemoryTokenStore();
    private final Barrier barrier = new Barrier(KeyRing.create(new Random(1), Instant.EPOCH), SecureRandom::new);
    private final Login password = new Login.Password(new CountingHasher().hash(secret("correct horse")));
    private UserDirectory users;

    @BeforeEach
    void open() throws StoreException {
        users = new UserDirectory(new SealedSettings(store, barrier));
    }

    @Test
    void usersAreThereAfterARestart() throws StoreException {
        users.add(new User(SITE, "clerk", password, EnumSet.allOf(Right.class)));
        users.add(new User(SITE, "b.o_b@shop-1", Login.Certificate.of(TestCertificates.TILL), Set.of()));
        users.add(new User(OTHER, "clerk", new Login.Subject("CN=J\u00f6rg \\, 7, O=Shop"), Set.of(Right.BIN)));

        UserDirectory again = new UserDirectory(new SealedSettings(store, barrier));
        assertThat(again.all(SITE)).isEqualTo(users.all(SITE)).hasSize(2);
        assertThat(again.all(OTHER)).isEqualTo(users.all(OTHER)).hasSize(1);
        assertThat(again.count()).isEqualTo(3);
    }

    @Test
    void aNameIsASitesOwn() throws StoreException {
        users.add(new User(SITE, "clerk", password, Set.of()));
        users.add(new User(OTHER, "clerk", password, Set.of(Right.BIN)));

        assertThat(users.find(OTHER, "clerk").orElseThrow().rights()).containsExactly(Right.BIN);
        assertThat(users.find(SITE, "Clerk")).isEmpty();
        assertThat(Refusals.of(() -> users.add(new User(SITE, "clerk", password, Set.of())))
                        .reason())
                .isEqualTo("the site has a user clerk already; `cardsecure user set` changes it");
    }

    @Test
    void aUserCanBeChangedAndRemoved() throws StoreException {
        users.add(new User(SITE, "clerk", password, Set.of()));

        User before = users.change(SITE, "clerk", user -> user.withRights(Set.of(Right.PURGE)));
        assertThat(before.rights()).isEmpty();
        assertThat(users.find(SITE, "clerk").orElseThrow().rights()).containsExactly(Right.PURGE);
        users.remove(SITE, "clerk");
        assertThat(users.all(SITE)).isEmpty();
        assertThat(new UserDirectory(new SealedSettings(store, barrier)).count())
                .isZero();
        assertThat(Refusals.codeOf(() -> users.remove(SITE, "clerk"))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        assertThat(Refusals.codeOf(() -> users.change(SITE, "clerk", user -> user)))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    @Test
    void aCertificateIsOneUsersOnly() throws StoreException {
        Login till = Login.Certificate.of(TestCertificates.TILL);
        users.add(new User(SITE, "till", till, Set.of()));
        users.add(new User(SITE, "clerk", password, Set.of()));
        users.add(new User(OTHER, "till", till, Set.of()));

        assertThat(Refusals.of(() -> users.add(new User(SITE, "other", till, Set.of())))
                        .reason())
                .isEqualTo("user till has that certificate already");
        assertThat(Refusals.codeOf(() -> users.change(SITE, "clerk", user -> user.withLogin(till))))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        users.change(SITE, "till", user -> user.withLogin(till));
    }

    @Test
    void theCertificateItselfComesBeforeItsSubject() throws StoreException {
        users.add(new User(SITE, "any", Login.Subject.of(TestCertificates.TILL), Set.of()));
        assertThat(users.find(SITE, TestCertificates.TILL).orElseThrow().name()).isEqualTo("any");

        users.add(new User(SITE, "this", Login.Certificate.of(TestCertificates.TILL), Set.of()));
        assertThat(users.find(SITE, TestCertificates.TILL).orElseThrow().name()).isEqualTo("this");
        assertThat(users.find(SITE, TestCertificates.STRANGER)).isEmpty();
        assertThat(users.find(OTHER, TestCertificates.TILL)).isEmpty();
    }

    @Test
    void aSubjectIsTheSameHoweverItIsWritten() {
        assertThat(new Login.Subject("CN=till,O=Shop"))
                .isEqualTo(new Login.Subject("cn = Till , o=\"Shop\""))
                .isEqualTo(Login.Subject.of(TestCertificates.TILL));
    }

    @Test
    void whatANodeDidIsNotOverwrittenByAnother() throws StoreException {
        UserDirectory node = new UserDirectory(new SealedSettings(store, barrier));
        node.add(new User(SITE, "theirs", password, Set.of()));

        users.add(new User(SITE, "ours", password, Set.of()));

        assertThat(users.all(SITE)).extracting(User::name).containsExactly("ours", "theirs");
        assertThat(Refusals.codeOf(() -> node.add(new User(SITE, "ours", password, Set.of()))))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    /// The store may have taken a change of which it could not tell: whoever tries again must find it made.
    @Test
    void aUserThatIsGoneFromTheStoreIsGoneWhenAnybodyTriesAgain() throws StoreException {
        users.add(new User(SITE, "clerk", password, Set.of(Right.DECRYPT)));
        new UserDirectory(new SealedSettings(store, barrier)).remove(SITE, "clerk");

        assertThat(Refusals.codeOf(() -> users.remove(SITE, "clerk"))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        assertThat(users.find(SITE, "clerk")).isEmpty();
    }

    /// Java's canonical form decomposes what it has escaped already: a wide comma becomes one that separates.
    @Test
    void aSubjectThatLooksLikeAnothersIsNot() {
        Login till = new Login.Subject("CN=till,O=Shop");

        for (String other : new String[] {
            "CN=till\uff0cO\uff1dShop", "CN=t\u0131ll,O=Shop", "CN=till,O=\u017fhop", "CN=till\\,O\\=Shop"
        }) {
            assertThat(new Login.Subject(other)).as(other).isNotEqualTo(till);
        }
    }

    @Test
    void aSubjectIsReadAsItWasWritten() {
        for (String name : new String[] {
            "CN=J\u00f6rg \\, 7+OU=A,O=Shop",
            "CN=\\#a\\=b\\\"c\\\\,O=\\ x\\ ",
            "1.2.840.113549.1.9.1=#1603614062,DC=shop,CN=x",
            "EMAILADDRESS=a@b,CN=x"
        }) {
            Login.Subject login = new Login.Subject(name);
            assertThat(new Login.Subject(login.name())).isEqualTo(login);
        }
    }

    @Test
    void usersGoWithTheirSiteForGood() throws StoreException {
        users.add(new User(SITE, "clerk", password, Set.of()));
        users.removeAll(SITE);

        assertThat(users.find(SITE, "clerk")).isEmpty();
        assertThat(store.settingNames("users/")).isEmpty();
        assertThat(Refusals.codeOf(() -> users.add(new User(SITE, "clerk", password, Set.of()))))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    @Test
    void nothingOfAUserStandsInTheStoreInClear() throws StoreException {
        users.add(new User(SITE, "recognizable", password, Set.of()));

        for (String name : store.settingNames("")) {
            String kept = new String(store.setting(name).orElseThrow().bytes(), StandardCharsets.ISO_8859_1);
            assertThat(kept + name).doesNotContain("recognizable", "argon2id");
        }
    }

    @Test
    void usersThatWereMovedToAnotherSiteAreRefused() throws StoreException {
        users.add(new User(SITE, "clerk", password, Set.of(Right.DECRYPT)));
        users.add(new User(OTHER, "clerk", password, Set.of()));
        List<String> names = store.settingNames("users/");
        Optional<SealedData> first = store.setting(names.getFirst());
        store.setSetting(names.getLast(), store.setting(names.getLast()), first);

        assertThat(Refusals.codeOf(() -> new UserDirectory(new SealedSettings(store, barrier))))
                .isEqualTo(ErrorCode.DECRYPTION_FAILURE);
    }

    @Test
    void thereIsAnEndToUsers() throws StoreException {
        for (int i = 0; i < 1000; i++) {
            users.add(new User(SITE, "u" + i, password, Set.of()));
        }

        assertThat(Refusals.codeOf(() -> users.add(new User(SITE, "more", password, Set.of()))))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        assertThat(users.count()).isEqualTo(1000);
    }

    @Test
    void whatCannotBeIsRefused() {
        for (String name : new String[] {"", "a b", "a:b", "-a", "a\n", "\u00e4", "a".repeat(65)}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new User(SITE, name, password, Set.of()));
        }
        for (String subject : new String[] {"", "till", "CN=a\nb", "CN=" + "x".repeat(1100)}) {
            assertThatIllegalArgumentException().as(subject).isThrownBy(() -> new Login.Subject(subject));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new Login.Certificate("AB"));
    }
}
