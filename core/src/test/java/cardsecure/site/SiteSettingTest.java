package cardsecure.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cardsecure.card.Domain;
import cardsecure.token.TokenFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SiteSettingTest {
    private final Site usual = Site.named(new SiteId(1), "fts");

    @Test
    void aSiteBeginsWithCardsAloneAndTokenizesForEverybody() {
        assertThat(SiteSetting.DOMAINS.of(usual)).isEqualTo("C");
        assertThat(SiteSetting.OPEN.of(usual)).isEqualTo("tokenize,encrypt");
        assertThat(SiteSetting.FORMAT_C.of(usual)).isEqualTo("numeric");
        assertThat(SiteSetting.FORMAT_A.of(usual)).isEqualTo("numeric");
        assertThat(SiteSetting.FORMAT_P.of(usual)).isEqualTo("alphanumeric");
        assertThat(SiteSetting.FORMAT_S.of(usual)).isEqualTo("alphanumeric");
        assertThat(SiteSetting.ENCRYPTION.of(usual)).isEqualTo("on");
        assertThat(SiteSetting.HOSTS.of(usual)).isEmpty();
        assertThat(SiteSetting.DEFAULT.of(usual)).isEqualTo("off");
        assertThat(SiteSetting.ADDRESSES.of(usual)).isEmpty();
        assertThat(SiteSetting.RATE.of(usual)).isEqualTo("off");
        assertThat(SiteSetting.CALLER_RATE.of(usual)).isEqualTo("off");
    }

    @Test
    void aSiteBeginsWithADayOfTrackDataAndEveryReaderThatHasAKey() {
        assertThat(SiteSetting.RETENTION.of(usual)).isEqualTo("24h");
        assertThat(SiteSetting.TERMINALS.of(usual)).isEmpty();
        assertThat(SiteSetting.KEY_SETS.of(usual)).isEmpty();
        assertThat(SiteSetting.SWIPE_COUNTERS.of(usual)).isEqualTo("off");
        assertThat(SiteSetting.GOOGLE_RECIPIENT.of(usual)).isEqualTo("gateway:cardconnect");
        assertThat(SiteSetting.GOOGLE_MERCHANT.of(usual)).isEmpty();
        assertThat(SiteSetting.GOOGLE_TEST.of(usual)).isEqualTo("off");
        assertThat(SiteSetting.WALLET_AMOUNT_MAX.of(usual)).isEmpty();
        assertThat(SiteSetting.WALLET_CURRENCIES.of(usual)).isEmpty();
    }

    @Test
    void whatReadersAndWalletsCannotHaveIsRefused() {
        assertThat(SiteSetting.RETENTION.of(SiteSetting.RETENTION.set(usual, "0")))
                .isEqualTo("off");
        for (String retention : List.of("", "0m", "30s", "25h", "1441m", "1d", "24", "-1h", "9999h")) {
            refuses(SiteSetting.RETENTION, retention);
        }
        refuses(SiteSetting.TERMINALS, "with blank");
        refuses(SiteSetting.TERMINALS, "x".repeat(33));
        for (String keySet : List.of("CDCDC", "CDCDCD07010000000", "CDCDCG", "A,B")) {
            refuses(SiteSetting.KEY_SETS, keySet);
        }
        for (String recipient : List.of("", "gateway:", "cardconnect", "merchant:a b")) {
            refuses(SiteSetting.GOOGLE_RECIPIENT, recipient);
        }
        refuses(SiteSetting.GOOGLE_MERCHANT, "a b");
        for (String amount : List.of("-1", "1.00", "1234567890123")) {
            refuses(SiteSetting.WALLET_AMOUNT_MAX, amount);
        }
        refuses(SiteSetting.WALLET_CURRENCIES, "USD");
    }

    @Test
    void keySetsAreWrittenInEitherCase() {
        assertThat(SiteSetting.KEY_SETS.of(SiteSetting.KEY_SETS.set(usual, "cdcdcd0701")))
                .isEqualTo("CDCDCD0701");
    }

    private void refuses(SiteSetting setting, String value) {
        assertThatIllegalArgumentException().as(value).isThrownBy(() -> setting.set(usual, value));
    }

    @Test
    void everySettingIsFoundByItsKey() {
        assertThat(SiteSetting.values())
                .allSatisfy(
                        setting -> assertThat(SiteSetting.named(setting.key())).hasValue(setting));
        assertThat(Arrays.stream(SiteSetting.values()).map(SiteSetting::key)).doesNotHaveDuplicates();
        assertThat(SiteSetting.named("format-c")).isEmpty();
    }

    @Test
    void tokensOfAFormerFormatLiveOn() {
        Site changed = SiteSetting.FORMAT_C.set(usual, "hyphenated");
        DomainSettings cards = changed.domain(Domain.CARD);

        assertThat(cards.format()).isEqualTo(new TokenFormat.Hyphenated());
        assertThat(cards.token("9441149619831111")).isPresent();
        assertThat(cards.token("44-hzj9xh9N-1111")).isPresent();
        assertThat(cards.token("RE0smitS")).isEmpty();
    }

    @Test
    void goingBackToAFormatForgetsNone() {
        Site there = SiteSetting.FORMAT_C.set(usual, "hyphenated");
        Site back = SiteSetting.FORMAT_C.set(there, "numeric");

        assertThat(back.domain(Domain.CARD).formerFormats()).containsExactly(new TokenFormat.Hyphenated());
        assertThat(SiteSetting.FORMAT_C.set(back, "numeric")).isEqualTo(back);
    }

    @Test
    void personalDataGetNoFormatThatShowsDigits() {
        assertRefused(SiteSetting.FORMAT_P, "numeric", "hyphenated");
    }

    @Test
    void encryptionGoesOffByItsFullNameOnlyAndLeavesAMark() {
        assertRefused(SiteSetting.ENCRYPTION, "off", "", "ON", "no");
        Site off = SiteSetting.ENCRYPTION.set(usual, "off-store-in-clear-because-the-database-is-encrypted");
        Site onAgain = SiteSetting.ENCRYPTION.set(off, "on");

        assertThat(off.storage()).isEqualTo(Storage.CLEAR);
        assertThat(onAgain.storage()).isEqualTo(Storage.SEALED_WITH_CLEAR_ROWS);
        assertThat(SiteSetting.ENCRYPTION.set(onAgain, "on").storage()).isEqualTo(Storage.SEALED_WITH_CLEAR_ROWS);
        assertThat(SiteSetting.ENCRYPTION.set(usual, "on").storage()).isEqualTo(Storage.SEALED);
    }

    @Test
    void hostsAreKeptInLowerCaseAndOnce() {
        Site site = SiteSetting.HOSTS.set(usual, " Shop.Example.com , shop.example.com,,b.example ");

        assertThat(site.hosts()).isEqualTo(Set.of("shop.example.com", "b.example"));
        assertThat(SiteSetting.HOSTS.of(site)).isEqualTo("b.example,shop.example.com");
    }

    /// The examples of RFC 5952, sections 1, 2 and 4; of a mapped address section 5.
    @Test
    void anIpv6AddressHasOneFormHoweverItIsWritten() {
        Map<String, String> forms = Map.ofEntries(
                Map.entry("[0:0:0:0:0:0:0:1]", "[::1]"),
                Map.entry("[::0001]", "[::1]"),
                Map.entry("[0::0]", "[::]"),
                Map.entry("[2001:DB8:0:0:1:0:0:1]", "[2001:db8::1:0:0:1]"),
                Map.entry("[2001:0db8::1:0:0:1]", "[2001:db8::1:0:0:1]"),
                Map.entry("[2001:db8:0:0:0:0:2:1]", "[2001:db8::2:1]"),
                Map.entry("[2001:db8::1:1:1:1:1]", "[2001:db8:0:1:1:1:1:1]"),
                Map.entry("[2001:0:0:1:0:0:0:1]", "[2001:0:0:1::1]"),
                Map.entry("[2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001]", "[2001:db8:aaaa:bbbb:cccc:dddd:eeee:1]"),
                Map.entry("[1:0:0:0:0:0:0:0]", "[1::]"),
                Map.entry("[::ffff:c000:0201]", "[::ffff:192.0.2.1]"),
                Map.entry("[0:0:0:0:0:FFFF:192.0.2.1]", "[::ffff:192.0.2.1]"));
        forms.forEach((written, one) -> {
            assertThat(SiteSetting.HOSTS.set(usual, written).hosts())
                    .as(written)
                    .containsExactly(one);
            assertThat(SiteSetting.HOSTS.set(usual, one).hosts()).containsExactly(one);
        });
        assertThat(SiteSetting.HOSTS.set(usual, "[::1],[0:0::1]").hosts()).containsExactly("[::1]");
    }

    @Test
    void whatASettingCannotBeIsRefused() {
        assertRefused(
                SiteSetting.HOSTS,
                "a b",
                "h\u00f6st",
                "http://a.example/",
                "a_b",
                "a.example:6080",
                "a.example.",
                "::1",
                "[::1]:6080",
                "[:::::]",
                "[1:2]",
                "[]",
                "[1.2.3.4]",
                "[::1%1]",
                "[1:2:3:4:5:6:7:8:9]",
                "[::10000]",
                "[:]",
                "[::1",
                "[::1].example");
        assertRefused(SiteSetting.DEFAULT, "yes", "", "ON");
        assertRefused(SiteSetting.DOMAINS, "X", "c", "CA");
        assertRefused(SiteSetting.FORMAT_C, "", "digits", "alphanumeric:7");
        assertRefused(SiteSetting.ROUTING_CHECK, "true");
        assertRefused(SiteSetting.GIFT_CARDS, "60064", "944114");
        assertRefused(SiteSetting.ORIGINS, "shop.example.com", "https://shop.example.com/", "*", "ftp://a");
        assertRefused(SiteSetting.OPEN, "everything", "Decrypt");
        assertRefused(SiteSetting.ADDRESSES, "localhost", "10.0.0.1/8", "10.0.0.0/33");
        assertRefused(SiteSetting.RATE, "", "100", "on", "0/s");
        assertRefused(SiteSetting.CALLER_RATE, "100/h", "10/s:");
    }

    @Test
    void namesAreLabelsOfHosts() {
        for (String good : List.of("a", "fts", "fts-uat", "7", "a".repeat(63))) {
            Site.requireName(good);
        }
        for (String bad : List.of("", "-a", "a-", "a.b", "Fts", "a_b", "a b", "a".repeat(64), "a\n")) {
            assertThatIllegalArgumentException().isThrownBy(() -> Site.requireName(bad));
        }
    }

    private void assertRefused(SiteSetting setting, String... values) {
        for (String value : values) {
            assertThatIllegalArgumentException().as(value).isThrownBy(() -> setting.set(usual, value));
        }
    }

    @Test
    void administrationIsNeverOpenToEverybody() {
        Site site = Site.named(new SiteId(1), "shop");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SiteSetting.OPEN.set(site, "tokenize,admin"))
                .withMessageContaining("give admin to users");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SiteSetting.OPEN.set(site, "foo"))
                .withMessage("a right is one of tokenize, verify, purge, bin, encrypt, decrypt");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Right.parse("foo"))
                .withMessage("a right is one of tokenize, verify, purge, bin, encrypt, decrypt, admin");
    }
}
