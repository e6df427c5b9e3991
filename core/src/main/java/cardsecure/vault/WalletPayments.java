package cardsecure.vault;

import cardsecure.card.Pan;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
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
import cardsecure.wallet.WalletKeyPair;
import cardsecure.wallet.WalletKeys;
import cardsecure.wallet.WalletKind;
import cardsecure.wallet.WalletOnce;
import cardsecure.wallet.WalletParameters;
import cardsecure.wallet.WalletPayload;
import cardsecure.wallet.WalletStep;
import cardsecure.wallet.WalletTrust;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// What wallets sign and encrypt for a site, to cards: who signed it, whether it decrypts under the site's
/// keys, and whether the site takes it. That it comes for the first time is decided with its token. Safe for
/// threads.
///
/// All that fails once a payload could be parsed is one code, and its step is in the log.
public final class WalletPayments {
    /// Longer than it takes to try all keys of a site, or to ask the store whether a payload was taken.
    private static final Duration REFUSED_EVERY = Duration.ofMillis(25);

    private final WalletKeys keys;
    private final Supplier<WalletTrust> trust;
    private final RsaWorkers workers;
    private final EvenTime evenTime =
            new EvenTime(ErrorCode.DECRYPTION_FAILURE, REFUSED_EVERY, System::nanoTime, LockSupport::parkNanos);

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

    /// What a payload comes to, which was not taken yet.
    ///
    /// @param kept what is kept beside the token for one use, JSON; whoever asked for it destroys it
    /// @param mark to remember with the token that is made of it, in one decision, so that nobody takes it
    ///         again, on whatever node
    /// @param replayed the refusal of one whose mark is there already
    record Payment(Pan pan, SecretBytes kept, ReplayMark mark, Refusal replayed) {}

    /// What `answering` makes of a payload; if it is refused with `0024`, at the same time whatever failed, as far as
    /// [EvenTime] can.
    <T> T evenly(EvenTime.Answering<T> answering) throws StoreException {
        return evenTime.of(answering);
    }

    /// Verifies and decrypts a payload, and asks the site whether it takes it.
    ///
    /// @return nothing, if there is no room to verify it now
    /// @throws Refusal `0019`, `0074`, `0075` or `0077` for what is no payload, `0024` for all that is wrong
    ///         with one, with the [WalletStep] for the log
    Optional<Payment> open(Site site, WalletKind wallet, WalletParameters parameters) {
        return workers.run(site.id(), () -> verify(site, wallet, parameters)).map(opened -> payment(site, opened));
    }

    /// The public key that clients of the site encrypt with as Google does: of its newest key.
    ///
    /// @return X.509 SubjectPublicKeyInfo, Base64
    /// @throws Refusal `0049` if the site has none
    String publicKey(Site site) {
        return keys.of(WalletKind.GOOGLE).googlePay(site.id()).stream()
                .findFirst()
                .map(WalletKeyPair::publicKeyText)
                .orElseThrow(() -> new Refusal(
                        ErrorCode.DATA_NOT_FOUND,
                        "the site has no key for Google Pay; `cardsecure google key-new` makes one"));
    }

    private OpenedWallet verify(Site site, WalletKind wallet, WalletParameters parameters) {
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

    private static Payment payment(Site site, OpenedWallet opened) {
        WalletPayload payload = opened.payload();
        WalletOnce once = opened.once();
        try {
            requireWithin(site.wallets(), payload);
            return new Payment(
                    payload.pan(),
                    ShortLivedJson.of(payload, once.id()),
                    mark(site, once),
                    opened.refused(
                            WalletStep.REPLAY.refusal("the payload bound to " + once.time() + " was taken before")));
        } catch (Refusal e) {
            throw opened.refused(e);
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
    private static ReplayMark mark(Site site, WalletOnce once) {
        return new ReplayMark(site.id(), once.time(), once.digest());
    }
}
