package cardsecure.config;

import cardsecure.wallet.ApplePay;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Whose signatures on wallets' payloads are believed, and for how long.
///
/// @param appleRoot a certificate, PEM or DER, in place of the copy of Apple's root that the program has
/// @param applePast how old a signature of Apple's may be
/// @param appleFuture how far Apple's clock may be ahead
/// @param googleKeys Google's root keys for payments, as Google publishes them
/// @param googleTestKeys those for tests
public record WalletsConfig(
        Optional<Path> appleRoot,
        Duration applePast,
        Duration appleFuture,
        Optional<Path> googleKeys,
        Optional<Path> googleTestKeys) {
    private static final Duration PAST_MAX = Duration.ofHours(1);
    private static final Duration FUTURE_MAX = Duration.ofMinutes(10);

    /// Checks the parts.
    ///
    /// @throws InvalidConfigException for times that cannot be, or one file for both kinds of keys
    public WalletsConfig {
        new Rules()
                .holds(isWithin(applePast, PAST_MAX), "apple-past", "is from 1s to 1h, in full seconds")
                .holds(isWithin(appleFuture, FUTURE_MAX), "apple-future", "is from 1s to 10m, in full seconds")
                .holds(
                        googleKeys.isEmpty() || !googleKeys.equals(googleTestKeys),
                        "google-test-keys",
                        "is the file of google-keys: with keys for tests anybody can make payments up")
                .enforce();
    }

    private static boolean isWithin(Duration time, Duration max) {
        return time.compareTo(Duration.ofSeconds(1)) >= 0
                && time.compareTo(max) <= 0
                && time.equals(Duration.ofSeconds(time.toSeconds()));
    }

    /// Apple's own root, two minutes, one minute; no keys of Google's.
    public static WalletsConfig defaults() {
        return new WalletsConfig(Optional.empty(), ApplePay.PAST, ApplePay.FUTURE, Optional.empty(), Optional.empty());
    }
}
