package cardsecure.vault;

import java.time.InstantSource;

/// From whom card data come encrypted, each in a way of its own.
///
/// @param data of clients with the site's RSA key
/// @param readers swipes, dips and taps
public record EncryptedSources(EncryptedData data, CardReaders readers) {

    /// All of them, for the sites of a directory.
    ///
    /// @param dev whether published test keys count
    public static EncryptedSources of(SiteDirectory sites, EncryptedData data, InstantSource clock, boolean dev) {
        return new EncryptedSources(data, new CardReaders(sites, clock, dev));
    }
}
