package cardsecure.vault;

import cardsecure.card.Pan;
import cardsecure.rsa.RsaWorkers;
import cardsecure.secret.SecretBytes;
import cardsecure.site.Site;
import cardsecure.site.Wallets;
import cardsecure.store.ReplayMark;
import cardsecure.store.StoreException;
import cardsecure.wallet.ApplePayToken;
import cardsecure.wallet.GooglePayRecipient;
import cardsecure.wallet.GooglePayToken;
import cardsecure.wallet.OpenedWallet;
import cardsecure.wallet.WalletKeys;
import cardsecure.wallet.WalletKind;
import cardsecure.wallet.WalletOnce;
import cardsecure.wallet.WalletParameters;
import cardsecure.wallet.WalletPayload;
import cardsecure.wallet.WalletStep;
import cardsecure.wallet.WalletTrust;
import java.util.Optional;
import java.util.function.Supplier;

/// What wallets sign and encrypt for a site, to cards: who signed it, whether it decrypts under the site's
/// keys, whether the site takes it, and whether it comes for the first time. Safe for threads.
///
/// All that fails once a payload could be parsed is one code, and its step is in the log.
public final class WalletPayments {
    private final WalletKeys keys;
    private final Supplier<WalletTrust> trust;
    private final RsaWorkers workers;

    /// Takes its parts.
    ///
    /// @param keys of all sites
    /// @param trust whose signatures are believed, asked for each payload
    /// @param workers who verify: a payload costs as much as an RSA decryption, and anybody may send one
    public WalletPayments(WalletKeys keys, Supplier<WalletTrust> trust, RsaWorkers workers) {
        this.keys = keys;
        this.trust = trust;
        this.workers = workers;
    }

    /// What a payload comes to.
    ///
    /// @param kept what is kept beside the token for one use, JSON; whoever asked for it destroys it
    record Payment(Pan pan, SecretBytes kept) {}

    /// Takes a payload, once: when this returns, it is remembered, durably, so that nobody takes it again, on
    /// whatever node.
    ///
    /// @param tokenizer remembers it
    /// @return nothing, if there is no room to verify it now; it was not taken then
    /// @throws cardsecure.error.Refusal `0019`, `0074`, `0075` or `0077` for what is no payload, `0024` for all
    ///         that is wrong with one, with the [WalletStep] for the log; `0046` if the store has no room to
    ///         remember it
    Optional<Payment> take(Site site, WalletKind wallet, WalletParameters parameters, Tokenizer tokenizer)
            throws StoreException {
        Optional<OpenedWallet> opened = workers.run(site.id(), () -> open(site, wallet, parameters));
        return opened.isEmpty() ? Optional.empty() : Optional.of(take(site, opened.get(), tokenizer));
    }

    private OpenedWallet open(Site site, WalletKind wallet, WalletParameters parameters) {
        return switch (wallet) {
            case APPLE ->
                trust.get().open(ApplePayToken.of(parameters), keys.of(wallet).applePay(site.id()));
            case GOOGLE ->
                trust.get()
                        .open(
                                GooglePayToken.parse(parameters.data()),
                                recipient(site),
                                site.wallets().googleTest());
        };
    }

    private static Payment take(Site site, OpenedWallet opened, Tokenizer tokenizer) throws StoreException {
        WalletPayload payload = opened.payload();
        try {
            requireWithin(site.wallets(), payload);
            SecretBytes kept = ShortLivedJson.of(payload);
            try {
                requireFirst(site, opened.once(), tokenizer);
            } catch (StoreException | RuntimeException e) {
                kept.destroy();
                throw e;
            }
            return new Payment(payload.pan(), kept);
        } finally {
            payload.destroyProofs();
        }
    }

    private GooglePayRecipient recipient(Site site) {
        return new GooglePayRecipient(
                site.wallets().googleRecipient(),
                keys.of(WalletKind.GOOGLE).googlePay(site.id()),
                site.wallets().googleMerchant());
    }

    /// Google's payloads say no amount: what the site sets is about those that do. Apple's always do.
    private static void requireWithin(Wallets limits, WalletPayload payload) {
        boolean says = payload.wallet() == WalletKind.APPLE;
        if (limits.amountMax().isPresent()
                && payload.amount()
                        .map(amount -> amount > limits.amountMax().getAsLong())
                        .orElse(says)) {
            throw WalletStep.AMOUNT.refusal("the amount is over the site's wallet-amount-max, or missing");
        }
        if (!limits.currencies().isEmpty()
                && payload.currency()
                        .map(currency -> !limits.currencies().contains(currency))
                        .orElse(says)) {
            throw WalletStep.CURRENCY.refusal("the currency is none of the site's wallet-currencies, or missing");
        }
    }

    /// The mark has the moment that the payload is bound to. For Google's that is the one at which it expires,
    /// which lies ahead; marks are forgotten when theirs is past by more than any window, and a payload is
    /// refused for its age before.
    private static void requireFirst(Site site, WalletOnce once, Tokenizer tokenizer) throws StoreException {
        if (!tokenizer.remember(new ReplayMark(site.id(), once.time(), once.digest()))) {
            throw WalletStep.REPLAY.refusal("the payload bound to " + once.time() + " was taken before");
        }
    }
}
