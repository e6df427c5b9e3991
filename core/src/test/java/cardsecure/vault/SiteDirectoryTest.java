package cardsecure.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cardsecure.Refusals;
import cardsecure.card.Domain;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.keys.KeyRing;
import cardsecure.site.Site;
import cardsecure.site.SiteId;
import cardsecure.site.SiteSetting;
import cardsecure.store.Change;
import cardsecure.store.GroupCommit;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.token.Token;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SiteDirectoryTest {
    private final MemoryTokenStore store = new MemoryTokenStore();
    private final Barrier barrier = new Barrier(KeyRing.create(new Random(1), Instant.EPOCH), SecureRandom::new);
    private final GroupCommit commits = new GroupCommit(store, 10, 10);
    private SiteDirectory sites;

    @BeforeEach
    void open() throws StoreException {
        sites = new SiteDirectory(store, commits, new SealedSettings(store, barrier));
    }

    @AfterEach
    void close() {
        commits.close();
    }

    @Test
    void theFirstLabelOfTheHostIsTheSite() throws StoreException {
        sites.add("fts", UnaryOperator.identity());

        for (String host : List.of(
                "fts",
                "fts.example.com",
                "FTS.Example.Com",
                "fts.example.com:6443",
                "fts:6080",
                "fts.example.com.",
                "fts.example.com.:6443",
                "fts.")) {
            assertThat(siteOf(host)).as(host).isEqualTo("fts");
        }
        for (String host : List.of(
                "",
                "ft",
                "fts2.example.com",
                "example.fts",
                "example.com",
                ".fts",
                ":6080",
                "127.0.0.1",
                "[::1]",
                "[fts",
                "-",
                "fts\u00e9.example")) {
            assertThat(siteOf(host)).as(host).isEqualTo("none");
        }
    }

    @Test
    void addressesAndOtherHostsGoToTheDefault() throws StoreException {
        sites.add("fts", set(SiteSetting.DEFAULT, "on"));
        sites.add("127", UnaryOperator.identity());
        sites.add("other", UnaryOperator.identity());

        for (String host : List.of(
                "localhost",
                "localhost:6080",
                "127.0.0.1",
                "127.0.0.1:6080",
                "[::1]",
                "[::1]:6080",
                "",
                "nobody.example.com")) {
            assertThat(siteOf(host)).as(host).isEqualTo("fts");
        }
        assertThat(siteOf("other.example.com")).isEqualTo("other");
    }

    @Test
    void listedHostsComeBeforeLabels() throws StoreException {
        sites.add("fts", UnaryOperator.identity());
        sites.add("shop", set(SiteSetting.HOSTS, "fts.example.com,10.0.0.1,[::1]"));

        assertThat(siteOf("fts.example.com")).isEqualTo("shop");
        assertThat(siteOf("fts.example.com:6443")).isEqualTo("shop");
        assertThat(siteOf("fts.example.org")).isEqualTo("fts");
        assertThat(siteOf("10.0.0.1:6080")).isEqualTo("shop");
        assertThat(siteOf("[::1]:6080")).isEqualTo("shop");
        assertThat(siteOf("10.0.0.2")).isEqualTo("none");
    }

    @Test
    void anIpv6AddressIsTheSameHostHoweverItIsWritten() throws StoreException {
        sites.add("shop", set(SiteSetting.HOSTS, "[::1]"));
        sites.add("far", set(SiteSetting.HOSTS, "[2001:DB8:0:0:0:0:0:1],[::ffff:192.0.2.1]"));

        for (String host : List.of("[::1]", "[::1]:6080", "[0:0:0:0:0:0:0:1]:28089", "[0::0001]", "[::1]:")) {
            assertThat(siteOf(host)).as(host).isEqualTo("shop");
        }
        for (String host : List.of("[2001:db8::1]", "[2001:Db8::0:1]:443", "[::FFFF:c000:201]")) {
            assertThat(siteOf(host)).as(host).isEqualTo("far");
        }
        for (String host : List.of("[::2]", "[1:2]", "[:::::]", "[::1", "[", "[]", "[::1%lo]", "[192.0.2.1]")) {
            assertThat(siteOf(host)).as(host).isEqualTo("none");
        }
        assertThat(Refusals.codeOf(() -> sites.add("other", set(SiteSetting.HOSTS, "[0:0:0:0:0:0:0:1]"))))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    @Test
    void aListenersNameIsTheWholeNameAndHasNoDefault() throws StoreException {
        sites.add("fts", set(SiteSetting.DEFAULT, "on"));

        assertThat(sites.find(new SiteSelector.Named("fts"))).isPresent();
        assertThat(sites.find(new SiteSelector.Named("other"))).isEmpty();
        assertThat(sites.find(new SiteSelector.Named("fts.example.com"))).isEmpty();
    }

    @Test
    void aListenerWithoutANameHasTheDefaultOrNone() throws StoreException {
        assertThat(sites.find(new SiteSelector.Default())).isEmpty();

        Site fts = sites.add("fts", set(SiteSetting.DEFAULT, "on"));

        assertThat(sites.find(new SiteSelector.Default())).contains(fts);
    }

    @Test
    void sitesAreThereAfterARestart() throws StoreException {
        sites.add("fts", set(SiteSetting.HOSTS, "shop.example.com"));
        sites.add("other", set(SiteSetting.DEFAULT, "on"));

        assertThat(new SiteDirectory(store, commits, new SealedSettings(store, barrier)).all())
                .isEqualTo(sites.all())
                .hasSize(2);
    }

    @Test
    void noSettingStandsInTheStoreInClear() throws StoreException {
        sites.add("recognizable", set(SiteSetting.HOSTS, "shop.example.com"));

        for (String name : store.settingNames("")) {
            String kept = new String(store.setting(name).orElseThrow().bytes(), StandardCharsets.ISO_8859_1);
            assertThat(kept + name).doesNotContain("recognizable", "shop.example.com");
        }
    }

    @Test
    void anExchangedSettingIsRefused() throws StoreException {
        sites.add("fts", UnaryOperator.identity());
        sites.add("other", UnaryOperator.identity());
        List<String> names = store.settingNames("site/");
        Optional<SealedData> first = store.setting(names.getFirst());
        store.setSetting(names.getLast(), store.setting(names.getLast()), first);

        assertThat(Refusals.codeOf(() -> new SiteDirectory(store, commits, new SealedSettings(store, barrier))))
                .isEqualTo(ErrorCode.DECRYPTION_FAILURE);
    }

    @Test
    void whatClashesIsRefusedAndChangesNothing() throws StoreException {
        sites.add("fts", site -> SiteSetting.HOSTS.set(SiteSetting.DEFAULT.set(site, "on"), "a.example"));
        sites.add("other", UnaryOperator.identity());
        List<Site> before = sites.all();

        assertThat(Refusals.codeOf(() -> sites.add("fts", UnaryOperator.identity())))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        for (SiteSetting setting : List.of(SiteSetting.DEFAULT, SiteSetting.HOSTS)) {
            String value = setting == SiteSetting.DEFAULT ? "on" : "b.example,a.example";
            assertThat(Refusals.codeOf(() -> sites.add("new", set(setting, value))))
                    .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
            assertThat(Refusals.codeOf(() -> sites.change("other", set(setting, value))))
                    .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
            sites.change("fts", set(setting, setting.of(before.getFirst())));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> sites.add("Bad Name", UnaryOperator.identity()));
        assertThatIllegalArgumentException().isThrownBy(() -> sites.change("fts", set(SiteSetting.DEFAULT, "x")));
        assertThat(sites.all()).isEqualTo(before);
        assertThat(new SiteDirectory(store, commits, new SealedSettings(store, barrier)).all())
                .isEqualTo(before);
    }

    @Test
    void aSiteThatIsNotThereCannotBeChangedOrRemoved() {
        assertThat(Refusals.codeOf(() -> sites.change("fts", UnaryOperator.identity())))
                .isEqualTo(ErrorCode.UNKNOWN_SITE);
        assertThat(Refusals.codeOf(() -> sites.remove("fts", true))).isEqualTo(ErrorCode.UNKNOWN_SITE);
    }

    @Test
    void aSiteThatHoldsTokensGoesOnlyWithThem() throws StoreException {
        SiteId id = sites.add("fts", UnaryOperator.identity()).id();
        TokenPlace place = new TokenPlace(id, Domain.CARD, new Token("9441149619831111"));
        store.write(List.of(new Change.Insert(new TokenRow(place, Optional.empty(), Optional.empty()))));

        assertThat(Refusals.codeOf(() -> sites.remove("fts", false))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        assertThat(sites.named("fts")).isPresent();
        sites.remove("fts", true);
        assertThat(sites.named("fts")).isEmpty();
        assertThat(store.holdsTokens(id)).isFalse();
    }

    @Test
    void aNumberIsNeverGivenTwice() throws StoreException {
        SiteId first = sites.add("fts", UnaryOperator.identity()).id();
        SiteId second = sites.add("other", UnaryOperator.identity()).id();
        sites.remove("other", false);
        SiteId third = new SiteDirectory(store, commits, new SealedSettings(store, barrier))
                .add("other", UnaryOperator.identity())
                .id();

        assertThat(List.of(first.number(), second.number(), third.number())).containsExactly(1, 2, 3);
    }

    @Test
    void aChangeThatAnotherNodeMadeIsNotOverwritten() throws StoreException {
        sites.add("fts", UnaryOperator.identity());
        SiteDirectory node = new SiteDirectory(store, commits, new SealedSettings(store, barrier));
        node.change("fts", set(SiteSetting.DOMAINS, "C,A"));

        sites.change("fts", set(SiteSetting.ROUTING_CHECK, "on"));

        Site site = new SiteDirectory(store, commits, new SealedSettings(store, barrier))
                .named("fts")
                .orElseThrow();
        assertThat(SiteSetting.DOMAINS.of(site)).isEqualTo("C,A");
        assertThat(SiteSetting.ROUTING_CHECK.of(site)).isEqualTo("on");
    }

    private static UnaryOperator<Site> set(SiteSetting setting, String value) {
        return site -> setting.set(site, value);
    }

    private String siteOf(String host) {
        return sites.find(new SiteSelector.Host(host)).map(Site::name).orElse("none");
    }
}
