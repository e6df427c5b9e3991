package cardsecure.swipe;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.util.function.Supplier;

/// That a reading of a swipe came to nothing, and at which step. It stays in this package: there may be other
/// readings of the same data, and only the last word is a [Refusal].
final class Unreadable extends RuntimeException {
    private final SwipeStep step;
    private final boolean last;

    /// @param detail for the log: never with data
    Unreadable(SwipeStep step, String detail) {
        this(step, detail, false);
    }

    private Unreadable(SwipeStep step, String detail, boolean last) {
        super(detail, null, false, false);
        this.step = step;
        this.last = last;
    }

    /// That data have a card in clear, whatever else can be read in them.
    static Unreadable clear(String detail) {
        return new Unreadable(SwipeStep.UNENCRYPTED, detail, true);
    }

    /// Whether no other reading of the same data counts any more.
    boolean isLast() {
        return last;
    }

    SwipeStep step() {
        return step;
    }

    Refusal refusal() {
        return new Refusal(step.code(), "swipe, " + step.label() + ": " + getMessage());
    }

    static void require(boolean holds, SwipeStep step, String detail) {
        if (!holds) {
            throw new Unreadable(step, detail);
        }
    }

    /// Makes sure that `bytes` are zeros from `from` on.
    static void requireZeros(SecretBytes bytes, int from) {
        require(areZeros(bytes, from), SwipeStep.PADDING, "something other than zeros follows the data");
    }

    /// Whether `bytes` are zeros from `from` on.
    static boolean areZeros(SecretBytes bytes, int from) {
        byte[] padded = bytes.reveal();
        int sum = 0;
        for (int i = from; i < padded.length; i++) {
            sum |= padded[i];
        }
        return sum == 0;
    }

    /// What `read` gives; a refusal of a lower package's is one of this step.
    static <T> T at(SwipeStep step, Supplier<T> read) {
        try {
            return read.get();
        } catch (Refusal refusal) {
            throw new Unreadable(step, refusal.reason());
        }
    }
}
