package cardsecure.config;

import java.net.URI;
import java.nio.file.Path;

/// Where the key-encryption key (KEK) is.
///
/// @param uri its scheme chooses the kind; there is `file:PATH` only so far, and a relative path is in the data
/// directory
public record KekConfig(URI uri) {
    private static final String FILE = "file";

    /// Checks the parts.
    ///
    /// @throws InvalidConfigException for a URI that is no KEK's
    public KekConfig {
        new Rules()
                .holds(FILE.equals(uri.getScheme()), "uri", "has the scheme file: (file:PATH); others do not exist yet")
                .holds(
                        !FILE.equals(uri.getScheme())
                                || (!path(uri).isEmpty() && !path(uri).endsWith("/") && plain(uri)),
                        "uri",
                        "is file:PATH, without host, query or fragment")
                .enforce();
    }

    /// The usual KEK: a file in the data directory.
    public static KekConfig defaults() {
        return new KekConfig(URI.create("file:kek.key"));
    }

    /// The KEK's file.
    ///
    /// @param data the data directory
    public Path file(Path data) {
        return data.resolve(path(uri));
    }

    private static boolean plain(URI uri) {
        return uri.getRawAuthority() == null
                && uri.getRawFragment() == null
                && uri.getRawQuery() == null
                && path(uri).indexOf('?') < 0
                && path(uri).indexOf('\0') < 0;
    }

    private static String path(URI uri) {
        return uri.isOpaque() ? uri.getSchemeSpecificPart() : String.valueOf(uri.getPath());
    }
}
