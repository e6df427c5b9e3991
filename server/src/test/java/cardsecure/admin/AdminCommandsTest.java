package cardsecure.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import cardsecure.admin.AdminRequest.NewLogin;
import cardsecure.audit.AuditEvent;
import cardsecure.card.Domain;
import cardsecure.crypto.ShortLivedKeys;
import cardsecure.rotation.KeyProcedures;
import cardsecure.site.SiteId;
import cardsecure.site.SiteSetting;
import cardsecure.store.Change;
import cardsecure.store.GroupCommit;
import cardsecure.store.SealedData;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.token.Token;
import cardsecure.vault.ShortLivedData;
import cardsecure.vault.SiteDirectory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminCommandsTest {
    private static final String IN_CLEAR = "off-store-in-clear-because-the-database-is-encrypted";

    private final Path directory;
    private final List<AuditEvent> audit = new ArrayList<>();
    private final UnwritableStore store = new UnwritableStore();
    private final GroupCommit commits = new GroupCommit(store, 10, 10);
    private final AdminCommands commands;

    AdminCommandsTest(@TempDir Path directory) {
        this.directory = directory;
        this.commands = commands();
    }

    private AdminCommands commands() {
        try {
            TestKeys keys = TestKeys.of(store, commits, directory, audit::add, InstantSource.fixed(Instant.EPOCH));
            SiteDirectory sites = new SiteDirectory(store, commits, keys.live().settings());
            KeyProcedures procedures = keys.procedures(store, commits, sites, audit::add);
            return new AdminCommands(
                    sites,
                    keys.commands(),
                    new RotationCommands(procedures, store, directory, audit::add),
                    new BdkCommands(sites, audit::add, InstantSource.fixed(Instant.EPOCH), false),
                    new ShortLivedCommands(
                            new ShortLivedData(
                                    store,
                                    commits,
                                    new ShortLivedKeys(keys.live().settings(), SecureRandom::new),
                                    InstantSource.system()),
                            audit::add),
                    Optional.empty(),
                    audit::add,
                    () -> {
                        throw new IllegalStateException("no status in this test");
                    });
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() {
        commits.close();
    }

    @BeforeEach
    void addShop() {
        answer(new AdminRequest.SiteAdd("shop", Map.of()));
        audit.clear();
    }

    @Test
    void recordsWhatWasChangedAndByWhom() {
        assertThat(answer(new AdminRequest.SiteSet("shop", Map.of("open", "tokenize,verify"))))
                .isEqualTo(new AdminReply.Done(List.of("open: tokenize,encrypt -> tokenize,verify")));
        assertThat(audit)
                .containsExactly(new AuditEvent.Administered(
                        "site set shop by alice: open: tokenize,encrypt -> tokenize,verify"));
    }

    @Test
    void recordsEachSettingOfANewSite() {
        answer(new AdminRequest.SiteAdd("bank", Map.of("domains", "A")));
        assertThat(audit)
                .singleElement()
                .asInstanceOf(type(AuditEvent.Administered.class))
                .satisfies(event -> assertThat(event.what())
                        .startsWith("site add bank by alice: hosts= default=off domains=A ")
                        .doesNotContain("CLEAR"));
    }

    @Test
    void recordsNothingWhereNothingChanges() {
        assertThat(answer(new AdminRequest.SiteSet("shop", Map.of("domains", "C"))))
                .isEqualTo(new AdminReply.Done(List.of("nothing to change")));
        answer(new AdminRequest.SiteShow("shop"));
        answer(new AdminRequest.SiteList());
        answer(new AdminRequest.SiteSet("shop", Map.of("domains", "X")));
        answer(new AdminRequest.SiteRemove("none", true));
        assertThat(audit).isEmpty();
    }

    @Test
    void recordsLoudlyThatASiteIsToStoreInClear() {
        AdminReply.Answer set = answer(new AdminRequest.SiteSet("shop", Map.of("encryption", IN_CLEAR)));
        AdminReply.Answer added = answer(new AdminRequest.SiteAdd("open", Map.of("encryption", IN_CLEAR)));
        assertThat(List.of(set, added))
                .allSatisfy(answer -> assertThat(answer.toString()).contains("warning: CLEAR STORAGE"));
        assertThat(audit)
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.toString()).contains("CLEAR STORAGE"));
    }

    @Test
    void warnsOfDecryptionWithoutCredentials() {
        assertThat(answer(new AdminRequest.SiteSet("shop", Map.of("open", "decrypt")))
                        .toString())
                .contains("warning: whoever reaches this site");
    }

    @Test
    void changesAllOrNothing() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("domains", "C,A");
        settings.put("routing-check", "perhaps");
        assertThat(answer(new AdminRequest.SiteSet("shop", settings)))
                .isEqualTo(new AdminReply.Failed(
                        "routing-check: the value is on or off",
                        "`cardsecure site set --help` lists every setting and its values"));
        assertThat(show("shop").settings()).containsEntry("domains", "C");
    }

    @Test
    void showsEverySettingInOrder() {
        assertThat(show("shop").settings().keySet())
                .containsExactlyElementsOf(Arrays.stream(SiteSetting.values())
                        .map(SiteSetting::key)
                        .toList());
    }

    @Test
    void saysWhatIsWrongAndWhatToDo() {
        assertFails(
                new AdminRequest.SiteAdd("shop", Map.of()),
                "there is a site shop already",
                "`cardsecure site list` and `cardsecure site show NAME` show what there is");
        assertFails(
                new AdminRequest.SiteSet("shp", Map.of("domains", "C")),
                "there is no site of that name",
                "site list shows those there are");
        assertFails(new AdminRequest.SiteShow("shp"), "there is no site of that name", "did you mean shop?");
        assertFails(
                new AdminRequest.SiteSet("shop", Map.of("domain", "C")),
                "a site has no setting domain; did you mean domains?",
                "`cardsecure site set --help` lists every setting and its values");
    }

    @Test
    void whatASiteHasKeptGoesWhenItKeepsNothingAnyMore() throws Exception {
        TokenPlace place = new TokenPlace(new SiteId(1), Domain.CARD, new Token("9444433332221111"));
        SealedData sealed = new SealedData(new byte[] {1});
        store.write(List.of(
                new Change.Insert(new TokenRow(place, Optional.empty(), Optional.of(sealed))),
                new Change.Keep(new ShortLivedRow(place, Instant.ofEpochSecond(1200), sealed))));
        assertThat(answer(new AdminRequest.SiteSet("shop", Map.of("retention", "1h"))))
                .isEqualTo(new AdminReply.Done(List.of("retention: 24h -> 1h")));
        assertThat(store.shortLived(place)).isPresent();
        assertThat(answer(new AdminRequest.SiteSet("shop", Map.of("retention", "0"))))
                .isEqualTo(new AdminReply.Done(
                        List.of("retention: 1h -> off", "what was kept beside 1 tokens is destroyed")));
        assertThat(store.shortLived(place)).isEmpty();
    }

    @Test
    void recordsThatAChangeMayBeDoneWhereTheStoreFailed() {
        store.fill();
        List<AdminRequest> requests = List.of(
                new AdminRequest.SiteAdd("bank", Map.of()),
                new AdminRequest.SiteSet("shop", Map.of("domains", "A")),
                new AdminRequest.SiteRemove("shop", true),
                new AdminRequest.UserAdd("shop", "till", "bin", new NewLogin.Subject("CN=till")));
        assertThat(requests)
                .allSatisfy(request -> assertThat(answer(request))
                        .isInstanceOfSatisfying(AdminReply.Failed.class, failed -> {
                            assertThat(failed.message()).isEqualTo("the store failed: no room on the disk");
                            assertThat(failed.hint()).startsWith("the change may be kept or not");
                        }));
        assertThat(audit)
                .containsExactly(
                        new AuditEvent.Administered("site add bank by alice: the store failed, it may be done or not"),
                        new AuditEvent.Administered("site set shop by alice: the store failed, it may be done or not"),
                        new AuditEvent.Administered(
                                "site remove shop by alice: the store failed, it may be done or not"),
                        new AuditEvent.Administered(
                                "user add shop/till by alice: the store failed, it may be done or not"));
    }

    private void assertFails(AdminRequest request, String message, String hint) {
        assertThat(answer(request)).isEqualTo(new AdminReply.Failed(message, hint));
    }

    private SiteView show(String name) {
        return ((AdminReply.OneSite) answer(new AdminRequest.SiteShow(name))).site();
    }

    private AdminReply.Answer answer(AdminRequest request) {
        return commands.answer(request, "alice", _ -> {});
    }
}
