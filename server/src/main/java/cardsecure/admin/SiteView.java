package cardsecure.admin;

import cardsecure.site.Site;
import cardsecure.site.SiteSetting;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A site as administrators see it.
///
/// @param id its number
/// @param signingKeys how many keys its requests may be signed with
/// @param settings every setting by key, in the order of [SiteSetting]
public record SiteView(int id, String name, int signingKeys, Map<String, String> settings) {
    /// Keeps a copy.
    public SiteView {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /// The view of a site.
    ///
    /// @param signingKeys how many it has
    public static SiteView of(Site site, int signingKeys) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (SiteSetting setting : SiteSetting.values()) {
            settings.put(setting.key(), setting.of(site));
        }
        return new SiteView(site.id().number(), site.name(), signingKeys, settings);
    }
}
