package cardsecure.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a site can say of how its card readers are set up.
class ReaderSettingsTest {
    private static final Site SITE = Site.named(new SiteId(7), "shop");

    @Test
    void tagsAreOfAllLengthsThatTagsHave() {
        for (String tags : List.of("DFAE02,DFAE03,DFAE57", "01,4F,C2", "9F01,DF8101,DF818101", "5e,df7f,8f")) {
            Site changed = SiteSetting.GENERIC_TAGS.set(SITE, tags);
            assertThat(SiteSetting.GENERIC_TAGS.of(changed)).isEqualToIgnoringCase(tags);
            assertThat(SiteCodec.decode(SiteCodec.encode(changed))).isEqualTo(changed);
        }
    }

    @Test
    void whatIsNoTagIsRefused() {
        for (String tag : List.of(
                "",
                "0",
                "00",
                "DF",
                "DFAE",
                "DF80",
                "DFAE8182",
                "DF81818101",
                "FF01",
                "70",
                "5G",
                "57",
                "5A",
                "9F6B",
                "9F1E",
                "DFAE03",
                "1F ",
                "E1")) {
            assertThatThrownBy(() -> SiteSetting.GENERIC_TAGS.set(SITE, tag + ",DFAE03,DFAE57"))
                    .as(tag)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> SiteSetting.GENERIC_TAGS.set(SITE, "DFAE02,DFAE03,DFAE57,DFAE58"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSeparatorIsWhatNoFieldHas() {
        for (char separator : "|!,:<>@_`{}~".toCharArray()) {
            Site changed = SiteSetting.MAGTEK_SEPARATOR.set(SITE, String.valueOf(separator));
            assertThat(SiteCodec.decode(SiteCodec.encode(changed)))
                    .as("" + separator)
                    .isEqualTo(changed);
        }
        for (String separator : List.of("", " ", "||", "A", "0", "%", ";", "?", "^", "=", "+", "*", "&", "\\", "/")) {
            assertThatThrownBy(() -> SiteSetting.MAGTEK_SEPARATOR.set(SITE, separator))
                    .as(separator)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aSiteOfBeforeHasTheUsualOnes() {
        assertThat(SiteCodec.decode("id=7\nname=shop\n".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(SITE);
        assertThat(SiteSetting.GENERIC_TAGS.of(SITE)).isEqualTo("DFAE02,DFAE03,DFAE57");
        assertThat(SiteSetting.MAGTEK_SEPARATOR.of(SITE)).isEqualTo("|");
    }
}
