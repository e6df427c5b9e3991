package cardsecure.vault;

import cardsecure.wallet.WalletTrust;
import java.time.InstantSource;
import java.util.function.Supplier;

/// From whom card data come encrypted, each in a way of its own.
///
/// @param data of clients with the site's RSA key
/// @param readers swipes, dips and taps
/// @param wallets payments of phones
public record EncryptedSources(EncryptedData data, CardReaders readers, WalletPayments wallets) {

    /// All of them, for the sites of a directory.
    ///
    /// @param trust whose signatures on wallets' payloads are believed, asked for each
    /// @param dev whether published test keys of readers count
    public static EncryptedSources of(
            SiteDirectory sites, EncryptedData data, Supplier<WalletTrust> trust, InstantSource clock, boolean dev) {
        return new EncryptedSources(
                data,
                new CardReaders(sites, clock, dev),
                new WalletPayments(sites.walletKeys(), trust, data.workers()));
    }
}
