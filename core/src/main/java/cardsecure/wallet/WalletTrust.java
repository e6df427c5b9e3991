package cardsecure.wallet;

import cardsecure.error.Refusal;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Whose signatures are believed at a moment: one of several for the same wallet, where a simulator stands
/// beside the real one. Safe for threads.
///
/// @param apple Apple's root first
/// @param google Google's root keys for payments; none: no payload is believed
/// @param googleTest those for tests, for sites that are set so
public record WalletTrust(List<ApplePay> apple, List<GooglePay> google, List<GooglePay> googleTest) {
    /// Where somebody else's payload fails: nothing of it is believed yet, and no key of the site was used.
    private static final Set<WalletStep> OF_ANOTHER = EnumSet.of(
            WalletStep.APPLE_CHAIN,
            WalletStep.GOOGLE_ROOT_KEY,
            WalletStep.GOOGLE_INTERMEDIATE_SIGNATURE,
            WalletStep.GOOGLE_SIGNATURE);

    /// Keeps copies.
    public WalletTrust {
        apple = List.copyOf(apple);
        google = List.copyOf(google);
        googleTest = List.copyOf(googleTest);
    }

    /// Nobody's: every payload is refused.
    public static WalletTrust nobody() {
        return new WalletTrust(List.of(), List.of(), List.of());
    }

    /// Verifies and decrypts a token of Apple's, as [ApplePay#open].
    ///
    /// @throws Refusal `0024`, naming the [WalletStep]
    public OpenedWallet open(ApplePayToken token, List<ApplePayKey> keys) {
        return open(
                apple,
                each -> each.open(token, keys),
                WalletStep.APPLE_CHAIN.refusal("no root of Apple's is believed"));
    }

    /// Verifies and decrypts a token of Google's, as [GooglePay#open].
    ///
    /// @param test whether the site believes the keys for tests, in place of those for payments
    /// @throws Refusal `0024`, naming the [WalletStep]
    public OpenedWallet open(GooglePayToken token, GooglePayRecipient recipient, boolean test) {
        return open(
                test ? googleTest : google,
                each -> each.open(token, recipient),
                WalletStep.GOOGLE_ROOT_KEY.refusal("the server has no file of Google's root keys: wallets: "
                        + (test ? "google-test-keys" : "google-keys") + " names it"));
    }

    /// What the last of them says that believed more of the payload than those before.
    private static <V> OpenedWallet open(List<V> verifiers, Function<V, OpenedWallet> opening, Refusal none) {
        Refusal furthest = none;
        for (V each : verifiers) {
            try {
                return opening.apply(each);
            } catch (Refusal e) {
                Optional<WalletStep> step = WalletStep.of(e);
                if (step.isEmpty() || !OF_ANOTHER.contains(step.get())) {
                    throw e;
                }
                boolean further = furthest == none
                        || step.get().compareTo(WalletStep.of(furthest).orElseThrow()) > 0;
                furthest = further ? e : furthest;
            }
        }
        throw furthest;
    }
}
