package cardsecure.limit;

import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Holds each of any number of callers to a rate, in a memory that does not grow. Safe for threads.
///
/// A bucket is one number: the time at which it is full again (GCRA, ITU-T I.371). Once that time has come the
/// bucket says nothing that an empty place would not say, so only such a place is given to another caller, and
/// nobody gets rid of a limit by having others come. A caller is kept in one of a few places that its key
/// chooses. If others fill all of them, it shares the bucket that is soonest full, and so is held to the rate
/// together with another one.
///
/// @param <K> what names a caller; has `equals` and `hashCode`
public final class RateLimiter<K> {
    private static final int WAYS = 8;

    private static final class Places {
        private final @Nullable Object[] keys = new @Nullable Object[WAYS];
        private final long[] fullAt = new long[WAYS];
    }

    private final Places[] table;
    private final LongSupplier nanoClock;
    private final long seed;

    /// An empty table.
    ///
    /// @param keysMax how many callers it keeps apart at the same time; rounded up to a power of two
    /// @param nanoClock as [System#nanoTime]
    /// @param seed a secret, so that nobody can choose who shares places with whom
    public RateLimiter(int keysMax, LongSupplier nanoClock, long seed) {
        int sets = Math.max(1, Integer.highestOneBit(Math.max(1, keysMax - 1)) * 2 / WAYS);
        this.table = new Places[sets];
        for (int i = 0; i < sets; i++) {
            table[i] = new Places();
        }
        this.nanoClock = nanoClock;
        this.seed = seed;
    }

    /// Lets a caller do it once more, if the rate allows it now.
    ///
    /// @return 0 if so, else the nanoseconds until it does; then nothing was counted
    public long take(K key, Rate rate) {
        return visit(key, rate, true);
    }

    /// The nanoseconds until the rate allows a caller one more; 0 if it does now. Counts nothing.
    public long wait(K key, Rate rate) {
        return visit(key, rate, false);
    }

    private long visit(K key, Rate rate, boolean taking) {
        Places places = table[place(key)];
        synchronized (places) {
            long now = nanoClock.getAsLong();
            int i = find(places, key, now);
            // Differences only: the clock may begin anywhere, and may overflow.
            boolean filled = places.keys[i] != null && places.fullAt[i] - now > 0;
            long debt = filled ? places.fullAt[i] - now : 0;
            long debtMax = rate.slackNanos() + rate.nanosEach();
            if (debt > debtMax && key.equals(places.keys[i])) {
                // More than an empty bucket owes only who emptied it at a former rate.
                debt = debtMax;
                places.fullAt[i] = now + debt;
            }
            long wait = Math.max(0, debt - rate.slackNanos());
            if (wait == 0 && taking) {
                places.keys[i] = filled ? places.keys[i] : key;
                places.fullAt[i] = now + debt + rate.nanosEach();
            }
            return wait;
        }
    }

    /// The caller's own place, else one that nobody needs, else the one that is soonest full.
    private static int find(Places places, Object key, long now) {
        int best = 0;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < WAYS; i++) {
            if (key.equals(places.keys[i])) {
                return i;
            }
            long debt = places.keys[i] == null ? Long.MIN_VALUE : places.fullAt[i] - now;
            if (debt < least) {
                least = debt;
                best = i;
            }
        }
        return best;
    }

    private int place(K key) {
        long mixed = (Objects.hashCode(key) * 0x9E3779B97F4A7C15L) ^ seed;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return (int) ((mixed ^ (mixed >>> 31)) & (table.length - 1));
    }
}
