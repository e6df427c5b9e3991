package cardsecure.card;

import java.util.Optional;

/// The digits of the data that a token may show: the first two and the last four; or none, for data without digits.
public sealed interface VisibleDigits {

    /// Both ends, two and four decimal digits.
    record Ends(String firstTwo, String lastFour) implements VisibleDigits {}

    /// Nothing to show.
    record None() implements VisibleDigits {}

    /// The ends, where there are any.
    default Optional<Ends> ends() {
        return switch (this) {
            case Ends ends -> Optional.of(ends);
            case None _ -> Optional.empty();
        };
    }
}
