package cardsecure.site;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.card.Domain;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SiteCodecTest {
    private final Site usual = Site.named(new SiteId(7), "fts");

    @Test
    void aSiteAsItBeginsComesBack() {
        assertThat(SiteCodec.decode(SiteCodec.encode(usual))).isEqualTo(usual);
    }

    @Test
    void everySettingComesBackFromAnUnusualValue() {
        Site all = usual;
        for (SiteSetting setting : SiteSetting.values()) {
            for (String value : unusual().getOrDefault(setting, List.of())) {
                Site site = setting.set(usual, value);
                assertThat(site).as(value).isNotEqualTo(usual);
                assertThat(SiteCodec.decode(SiteCodec.encode(site))).as(value).isEqualTo(site);
                assertThat(setting.set(usual, setting.of(site))).as(value).isEqualTo(site);
                all = setting.set(all, value);
            }
        }

        assertThat(unusual()).containsOnlyKeys(SiteSetting.values());
        assertThat(SiteCodec.decode(SiteCodec.encode(all))).isEqualTo(all);
    }

    /// Written by hand, so that a setting that nobody thought of here fails the test.
    private static Map<SiteSetting, List<String>> unusual() {
        Map<SiteSetting, List<String>> values = new EnumMap<>(SiteSetting.class);
        values.put(SiteSetting.HOSTS, List.of("shop.example.com", "b.example,a.example,[::1],10.0.0.1"));
        values.put(SiteSetting.DEFAULT, List.of("on"));
        values.put(SiteSetting.DOMAINS, List.of("", "C,A,P,S", "P"));
        values.put(SiteSetting.FORMAT_C, List.of("hyphenated", "alphanumeric", "alphanumeric:64"));
        values.put(SiteSetting.FORMAT_A, List.of("hyphenated", "alphanumeric:9"));
        values.put(SiteSetting.FORMAT_P, List.of("alphanumeric:64"));
        values.put(SiteSetting.FORMAT_S, List.of("numeric"));
        values.put(SiteSetting.ROUTING_CHECK, List.of("on"));
        values.put(SiteSetting.GIFT_CARDS, List.of("600649", "600649-600651,60066600"));
        values.put(SiteSetting.ORIGINS, List.of("https://shop.example.com", "http://a:8080,https://b\\c#!=x,null"));
        values.put(SiteSetting.OPEN, List.of("", "decrypt", "tokenize,verify,purge,bin,encrypt,decrypt"));
        values.put(SiteSetting.ADDRESSES, List.of("10.0.0.0/8", "192.0.2.1,2001:db8:0:0:0:0:0:0/32"));
        values.put(SiteSetting.RATE, List.of("100/s", "6/m:10"));
        values.put(SiteSetting.CALLER_RATE, List.of("100/s:300"));
        values.put(SiteSetting.SIGNING, List.of("on"));
        values.put(SiteSetting.SIGNING_FORM, List.of("decoded"));
        values.put(SiteSetting.SIGNING_WINDOW, List.of("1s", "90s", "1m", "60m"));
        values.put(SiteSetting.RETENTION, List.of("off", "1m", "90m", "23h"));
        values.put(SiteSetting.TERMINALS, List.of("520T820234", "A-1,B#2=\\c"));
        values.put(SiteSetting.KEY_SETS, List.of("CDCDCD0701,FFFF987654", "629949"));
        values.put(SiteSetting.SWIPE_COUNTERS, List.of("on"));
        values.put(SiteSetting.GENERIC_TAGS, List.of("DF8102,9F01,DFAE57", "C1,C2,C3"));
        values.put(SiteSetting.MAGTEK_SEPARATOR, List.of("~", "!", ":", ","));
        values.put(SiteSetting.GOOGLE_RECIPIENT, List.of("merchant:12345678901234567890", "gateway:own"));
        values.put(SiteSetting.GOOGLE_MERCHANT, List.of("shop-1"));
        values.put(SiteSetting.GOOGLE_TEST, List.of("on"));
        values.put(SiteSetting.WALLET_AMOUNT_MAX, List.of("0", "999999999999"));
        values.put(SiteSetting.WALLET_CURRENCIES, List.of("840", "840,978"));
        values.put(
                SiteSetting.ENCRYPTION,
                List.of("off-store-in-clear-because-the-database-is-encrypted", "on-with-old-clear-rows"));
        return values;
    }

    @Test
    void formatsOfThePastComeBack() {
        Site site = SiteSetting.FORMAT_C.set(usual, "hyphenated");
        site = SiteSetting.FORMAT_C.set(site, "alphanumeric:12");

        Site decoded = SiteCodec.decode(SiteCodec.encode(site));

        assertThat(decoded.domain(Domain.CARD).formerFormats()).hasSize(2);
        assertThat(decoded.domain(Domain.CARD).token("44-hzj9xh9N-1111")).isPresent();
    }

    @Test
    void whatAnEarlierVersionDidNotWriteIsAsUsual() {
        Site decoded = SiteCodec.decode("id=7\nname=fts\n".getBytes(StandardCharsets.UTF_8));

        assertThat(decoded).isEqualTo(usual);
    }

    /// An earlier version kept them as they were typed.
    @Test
    void hostsOfThePastComeBackInTheOneFormAndWithoutThoseThatCannotBe() {
        Site decoded = SiteCodec.decode(
                "id=7\nname=fts\nhosts=[0:0:0:0:0:0:0:1],[1:2],[:::::],a.example\n".getBytes(StandardCharsets.UTF_8));

        assertThat(decoded.hosts()).containsExactlyInAnyOrder("[::1]", "a.example");
        assertThat(SiteCodec.decode(SiteCodec.encode(decoded))).isEqualTo(decoded);
    }
}
