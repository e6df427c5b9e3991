package cardsecure.admin;

import cardsecure.rotation.KeyBackups;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The last backup of the keys as administrators see it.
///
/// @param made when; none if there is none
/// @param generation of the ring that is in it
/// @param missing keys that it has not, as people call them
/// @param warning for people, if keys are missing, or nobody can tell
public record KeyBackupView(
        Optional<Instant> made, OptionalLong generation, List<String> missing, Optional<String> warning) {
    /// Keeps a copy.
    public KeyBackupView {
        missing = List.copyOf(missing);
    }

    /// How it stands now.
    public static KeyBackupView of(KeyBackups backups) {
        KeyBackups.State state = backups.state();
        return new KeyBackupView(
                state.last().map(KeyBackups.BackedUp::made),
                state.last().map(one -> OptionalLong.of(one.generation())).orElseGet(OptionalLong::empty),
                state.missing(),
                state.warning());
    }

    /// Whether nobody can tell: the store does not. Without any backup, keys are missing.
    public boolean untold() {
        return made.isEmpty() && missing.isEmpty() && warning.isPresent();
    }

    /// The backup in a line.
    public String text() {
        return untold()
                ? "unknown"
                : made.map(time -> time.truncatedTo(ChronoUnit.SECONDS) + ", generation " + generation.orElse(0))
                        .orElse("none");
    }
}
