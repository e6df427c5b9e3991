package cardsecure.config;

import java.util.List;

/// Where the key-encryption key (KEK) is.
///
/// @param uri its scheme chooses the kind
public record KekConfig(KekUri uri) {
    /// The usual KEK: a file in the data directory.
    public static KekConfig defaults() {
        return of("file:kek.key");
    }

    /// What a configuration says.
    ///
    /// @throws InvalidConfigException for a text that is no KEK's URI
    public static KekConfig of(String uri) {
        try {
            return new KekConfig(KekUri.parse(uri));
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigException(
                    List.of(new InvalidConfigException.Fault("uri", String.valueOf(e.getMessage()))));
        }
    }
}
