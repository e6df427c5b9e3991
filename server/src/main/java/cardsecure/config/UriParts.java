package cardsecure.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads what URIs of ours are made of. No message holds a value: it might be a secret in the wrong place.
final class UriParts {
    private UriParts() {}

    /// What stands as `key=value` between separators.
    ///
    /// @param refused keys that people may try, and why they are not taken
    /// @throws IllegalArgumentException for other keys than those known, and for one that is there twice
    static Map<String, String> attributes(
            String text, String separator, List<String> known, Map<String, String> refused) {
        Map<String, String> attributes = new LinkedHashMap<>();
        if (text.isEmpty()) {
            return attributes;
        }
        for (String part : List.of(text.split(separator, -1))) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? part : part.substring(0, equals);
            if (refused.containsKey(key)) {
                throw new IllegalArgumentException("has no " + key + ": " + refused.get(key));
            }
            if (equals < 0 || !known.contains(key)) {
                throw new IllegalArgumentException("has an attribute that is not known; "
                        + NearestName.of(key, known)
                                .map(near -> "did you mean " + near + "=?")
                                .orElse("there are " + String.join(", ", known)));
            }
            if (attributes.put(key, decoded(part.substring(equals + 1))) != null) {
                throw new IllegalArgumentException("has " + key + " twice");
            }
        }
        return attributes;
    }

    /// A value without its percent-encoding.
    ///
    /// @throws IllegalArgumentException for one that cannot be
    static String decoded(String value) {
        try {
            // In an opaque URI %XX is decoded, and + stays.
            URI uri = new URI("x:_" + value);
            String decoded = uri.getSchemeSpecificPart().substring(1);
            if (uri.getRawFragment() == null && decoded.indexOf('\0') < 0) {
                return decoded;
            }
            throw new IllegalArgumentException("has a value that cannot be");
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("has a value with characters that have to be percent-encoded", e);
        }
    }
}
