package cardsecure.store;

import java.util.ArrayList;
import java.util.List;

/// Some of what a walk through a store finds: what could be read, and what stood among it that could not.
///
/// @param items at most as many as were asked for; none after the last, and only then
/// @param damagedCount how many entries that cannot be read stand before the last item, or if there is none, up
///         to the end: so each is told once
/// @param damaged the first of those, at most [#NAMED_MAX]
public record Page<T>(List<T> items, long damagedCount, List<DamagedEntry> damaged) {
    /// How many damaged entries a page names. Where more stand together, more is lost than a list can help with.
    public static final int NAMED_MAX = 1000;

    /// Keeps copies.
    public Page {
        items = List.copyOf(items);
        damaged = List.copyOf(damaged);
    }

    /// A page with nothing damaged in it.
    public static <T> Page<T> of(List<T> items) {
        return new Page<>(items, 0, List.of());
    }

    /// Whether nothing comes after it.
    public boolean isEmpty() {
        return items.isEmpty();
    }

    /// The last item; the next page is the one after it.
    ///
    /// @throws java.util.NoSuchElementException if there is none
    public T last() {
        return items.getLast();
    }

    /// Gathers a page. For one thread.
    public static final class Builder<T> {
        private final int max;
        private final List<T> items = new ArrayList<>();
        private final List<DamagedEntry> damaged = new ArrayList<>();
        private long damagedCount;
        private long countedAtLastItem;

        /// Of at most `max` items.
        public Builder(int max) {
            this.max = max;
        }

        /// Whether it has as many items as were asked for.
        public boolean isFull() {
            return items.size() >= max;
        }

        /// Whether it has no item yet.
        public boolean isEmpty() {
            return items.isEmpty();
        }

        /// One more item.
        public void add(T item) {
            items.add(item);
            countedAtLastItem = damagedCount;
        }

        /// One more entry that cannot be read.
        public void addDamaged(DamagedEntry entry) {
            damagedCount++;
            if (damaged.size() < NAMED_MAX) {
                damaged.add(entry);
            }
        }

        /// The page, without what was damaged after the last item.
        public Page<T> build() {
            if (items.isEmpty()) {
                return new Page<>(items, damagedCount, damaged);
            }
            long named = Math.min(countedAtLastItem, damaged.size());
            return new Page<>(items, countedAtLastItem, damaged.subList(0, (int) named));
        }
    }
}
