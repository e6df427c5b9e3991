package cardsecure.wallet;

import cardsecure.crypto.SealedSettings;
import cardsecure.site.SiteId;
import cardsecure.store.StoreException;

/// The keys of all sites for either wallet. Safe for threads.
public final class WalletKeys {
    private final WalletKeyDirectory apple;
    private final WalletKeyDirectory google;

    /// Reads all keys.
    ///
    /// @throws cardsecure.error.Refusal `0024` if they were changed in the store
    public WalletKeys(SealedSettings settings) throws StoreException {
        this.apple = new WalletKeyDirectory(settings, WalletKind.APPLE);
        this.google = new WalletKeyDirectory(settings, WalletKind.GOOGLE);
    }

    /// Those for a wallet.
    public WalletKeyDirectory of(WalletKind wallet) {
        return switch (wallet) {
            case APPLE -> apple;
            case GOOGLE -> google;
        };
    }

    /// Takes what stands in the store, where another node has changed it.
    public void follow() throws StoreException {
        apple.follow();
        google.follow();
    }

    /// Removes all keys of a site that is no more, durably.
    public void removeAll(SiteId site) throws StoreException {
        apple.removeAll(site);
        google.removeAll(site);
    }
}
