package cardsecure.config;

import cardsecure.rotation.KeyKeeper;
import java.time.Duration;
import java.util.Optional;

/// When the data key is rotated without being asked.
///
/// @param rotateAfter since it began to seal; none: never for its age
/// @param rotateAfterSeals when it has sealed so often
public record KeysConfig(Optional<Duration> rotateAfter, long rotateAfterSeals) {
    private static final Duration AFTER_MIN = Duration.ofHours(1);

    /// Checks the parts.
    ///
    /// @throws InvalidConfigException for limits that cannot be
    public KeysConfig {
        new Rules()
                .holds(
                        rotateAfter
                                .filter(after -> after.compareTo(AFTER_MIN) < 0)
                                .isEmpty(),
                        "rotate-after",
                        "is 1h or more, or off")
                .holds(
                        rotateAfterSeals >= KeyKeeper.Limits.SEALS_MIN
                                && rotateAfterSeals <= KeyKeeper.Limits.SEALS_MAX,
                        "rotate-after-seals",
                        "is from 16777216 (2^24) to 2147483648 (2^31), half of what a key may seal")
                .enforce();
    }

    /// A year, 2^30 seals.
    public static KeysConfig defaults() {
        KeyKeeper.Limits usual = KeyKeeper.Limits.usual();
        return new KeysConfig(usual.age(), usual.seals());
    }

    /// The same for the vault.
    public KeyKeeper.Limits limits() {
        return new KeyKeeper.Limits(rotateAfter, rotateAfterSeals);
    }
}
