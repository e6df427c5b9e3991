package cardsecure.rocks;

import cardsecure.store.ReplayMark;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The replay marks of one second, packed: there may be tens of thousands. For one thread.
final class MarkSet {
    private static final int SLOTS_MIN = 16;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /// What a slot takes: the site, or 0, which is no site's, where it is free; and the halves of the digest. Side by
    /// side, so that mostly one look at memory finds all.
    private static final int WIDTH = 3;

    private long[] table = new long[WIDTH * SLOTS_MIN];
    private int slots = SLOTS_MIN;
    private int count;

    /// How many slots it has, free ones too: what it takes of memory, 24 bytes each.
    int slots() {
        return slots;
    }

    boolean contains(ReplayMark mark) {
        return contains(mark.site().number(), mark.digest(), 0);
    }

    void add(ReplayMark mark) {
        add(mark.site().number(), mark.digest(), 0);
    }

    /// @param digests has the digest at `offset`
    boolean contains(int site, byte[] digests, int offset) {
        return table[slot(site, first(digests, offset), second(digests, offset))] != 0;
    }

    /// @param digests has the digest at `offset`
    void add(int site, byte[] digests, int offset) {
        put(site, first(digests, offset), second(digests, offset));
        // Half of the slots stay free, so that a search ends soon.
        if (2 * count > slots) {
            grow();
        }
    }

    private static long first(byte[] digests, int offset) {
        return (long) LONG.get(digests, offset);
    }

    private static long second(byte[] digests, int offset) {
        return (long) LONG.get(digests, offset + Long.BYTES);
    }

    /// Where in the table the mark is, or would be.
    private int slot(long site, long high, long low) {
        // A digest's bits are as good as any.
        int slot = (int) high & (slots - 1);
        while (!isFreeOr(WIDTH * slot, site, high, low)) {
            slot = (slot + 1) & (slots - 1);
        }
        return WIDTH * slot;
    }

    private boolean isFreeOr(int at, long site, long high, long low) {
        return table[at] == 0 || (table[at] == site && table[at + 1] == high && table[at + 2] == low);
    }

    private void put(long site, long high, long low) {
        int at = slot(site, high, low);
        if (table[at] == 0) {
            count++;
        }
        table[at] = site;
        table[at + 1] = high;
        table[at + 2] = low;
    }

    private void grow() {
        long[] former = table;
        table = new long[2 * former.length];
        slots = 2 * slots;
        count = 0;
        for (int at = 0; at < former.length; at += WIDTH) {
            if (former[at] != 0) {
                put(former[at], former[at + 1], former[at + 2]);
            }
        }
    }
}
