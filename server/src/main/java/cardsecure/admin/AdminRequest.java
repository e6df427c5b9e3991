package cardsecure.admin;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What an administrator asks of the running server.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "request")
@JsonSubTypes({
    @JsonSubTypes.Type(value = AdminRequest.Status.class, name = "status"),
    @JsonSubTypes.Type(value = AdminRequest.SiteList.class, name = "site-list"),
    @JsonSubTypes.Type(value = AdminRequest.SiteShow.class, name = "site-show"),
    @JsonSubTypes.Type(value = AdminRequest.SiteAdd.class, name = "site-add"),
    @JsonSubTypes.Type(value = AdminRequest.SiteSet.class, name = "site-set"),
    @JsonSubTypes.Type(value = AdminRequest.SiteRemove.class, name = "site-remove")
})
public sealed interface AdminRequest {
    /// How the server is.
    record Status() implements AdminRequest {}

    /// All sites.
    record SiteList() implements AdminRequest {}

    /// One site.
    record SiteShow(String name) implements AdminRequest {}

    /// Adds a site.
    ///
    /// @param settings by key, as [cardsecure.site.SiteSetting] has them, applied in their order
    record SiteAdd(String name, Map<String, String> settings) implements AdminRequest {
        /// Keeps a copy.
        public SiteAdd {
            settings = ordered(settings);
        }
    }

    /// Changes a site.
    ///
    /// @param settings as [SiteAdd] has them; those not named stay
    record SiteSet(String name, Map<String, String> settings) implements AdminRequest {
        /// Keeps a copy.
        public SiteSet {
            settings = ordered(settings);
        }
    }

    /// Removes a site.
    ///
    /// @param destroyTokens whether its tokens may be destroyed with it
    record SiteRemove(String name, boolean destroyTokens) implements AdminRequest {}

    private static Map<String, String> ordered(Map<String, String> settings) {
        Map<String, String> copy = new LinkedHashMap<>(settings);
        if (copy.containsKey(null) || copy.containsValue(null)) {
            throw new IllegalArgumentException("a setting has a key and a value");
        }
        return Collections.unmodifiableMap(copy);
    }
}
