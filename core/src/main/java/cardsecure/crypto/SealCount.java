package cardsecure.crypto;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyId;
import java.util.concurrent.atomic.AtomicLong;

/// How often a key has sealed. With random nonces a key may seal 2^32 times (NIST SP 800-38D, 8.3); it is to be
/// rotated long before, and refuses at the end.
///
/// Seals are reserved many at a time before the first of them is made, so that what is reserved, by all processes that
/// ever had the key, is never too low, whatever crashes. Safe for threads.
public final class SealCount {
    /// The most that a key may seal: what is left to 2^32 is for the few seals that are not counted, those that keep
    /// the counts themselves.
    public static final long MAX = (1L << 32) - (1L << 20);

    /// How many are reserved at a time: at ten thousand a second, enough for some minutes.
    public static final long STEP = 1L << 21;

    /// Where seals are reserved for all that have the key.
    public interface Reserve {
        /// Reserves more seals, durably.
        ///
        /// @param number negative to give back what was not used
        /// @return how many were reserved before
        /// @throws Refusal `0017` if that cannot be done now, or would be more than [#MAX]
        long take(KeyId key, long number);

        /// For a process that has its keys for itself, and not longer than it runs.
        static Reserve none() {
            return (_, _) -> 0;
        }
    }

    private final KeyId key;
    private final Reserve reserve;
    private final AtomicLong left = new AtomicLong();
    private volatile long reserved;

    SealCount(KeyId key, Reserve reserve) {
        this.key = key;
        this.reserve = reserve;
    }

    /// Whose seals are counted.
    public KeyId key() {
        return key;
    }

    /// One more.
    ///
    /// @throws Refusal `0017` if the key has sealed as often as it may, or that cannot be known
    void count() {
        while (left.getAndUpdate(some -> some > 0 ? some - 1 : 0) == 0) {
            reserveIfFewer(1);
        }
    }

    /// Reserves more ahead, if the key is in use and less than half a step is left.
    ///
    /// @throws Refusal as [Reserve#take]
    public void reserveAhead() {
        if (reserved > 0) {
            reserveIfFewer(STEP / 2);
        }
    }

    private synchronized void reserveIfFewer(long enough) {
        if (left.get() < enough) {
            long before = reserve.take(key, STEP);
            reserved = before + STEP;
            left.addAndGet(STEP);
        }
    }

    /// Gives back what is reserved and was not used, at the end of the process; it is reserved anew if the key is used
    /// all the same.
    ///
    /// @throws Refusal as [Reserve#take]
    public synchronized void giveBack() {
        long unused = left.getAndSet(0);
        if (unused > 0) {
            reserved = reserve.take(key, -unused) - unused;
        }
    }

    /// How often at most, as far as is known here; 0 as long as it was not used.
    public long sum() {
        return reserved - left.get();
    }

    /// How many of those that are reserved here were not made yet.
    public long unused() {
        return left.get();
    }

    static Refusal usedUp(KeyId key) {
        return new Refusal(ErrorCode.ENCRYPTION_FAILURE, "key " + key + " has sealed as often as it may: rotate");
    }
}
