package cardsecure.vault;

import java.time.InstantSource;

/// From whom card data come encrypted, each in a way of its own.
///
/// @param data of clients with the site's RSA key
/// @param readers swipes, dips and taps
public record EncryptedSources(EncryptedData data, CardReaders readers) {

    /// All of them, for the sites of a directory.
    public static EncryptedSources of(SiteDirectory sites, EncryptedData data, InstantSource clock) {
        return new EncryptedSources(data, new CardReaders(sites, clock));
    }
}
