package cardsecure.rocks;

import cardsecure.store.ReplayMark;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The replay marks of one second, packed: there may be tens of thousands. For one thread.
final class MarkSet {
    private static final int SLOTS_MIN = 16;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /// 0, which is no site's, where a slot is free.
    private int[] sites = new int[SLOTS_MIN];

    private long[] high = new long[SLOTS_MIN];
    private long[] low = new long[SLOTS_MIN];
    private int count;

    /// How many slots it has, free ones too: what it takes of memory, 20 bytes each.
    int slots() {
        return sites.length;
    }

    boolean contains(ReplayMark mark) {
        return contains(mark.site().number(), mark.digest(), 0);
    }

    void add(ReplayMark mark) {
        add(mark.site().number(), mark.digest(), 0);
    }

    /// @param digests has the digest at `offset`
    boolean contains(int site, byte[] digests, int offset) {
        return sites[slot(site, first(digests, offset), second(digests, offset))] != 0;
    }

    /// @param digests has the digest at `offset`
    void add(int site, byte[] digests, int offset) {
        put(site, first(digests, offset), second(digests, offset));
        // Half of the slots stay free, so that a search ends soon.
        if (2 * count > sites.length) {
            grow();
        }
    }

    private static long first(byte[] digests, int offset) {
        return (long) LONG.get(digests, offset);
    }

    private static long second(byte[] digests, int offset) {
        return (long) LONG.get(digests, offset + Long.BYTES);
    }

    /// Where the mark is, or would be.
    private int slot(int site, long ofHigh, long ofLow) {
        int last = sites.length - 1;
        // A digest's bits are as good as any.
        int slot = (int) ofHigh & last;
        while (sites[slot] != 0 && (sites[slot] != site || high[slot] != ofHigh || low[slot] != ofLow)) {
            slot = (slot + 1) & last;
        }
        return slot;
    }

    private void put(int site, long ofHigh, long ofLow) {
        int slot = slot(site, ofHigh, ofLow);
        if (sites[slot] == 0) {
            count++;
        }
        sites[slot] = site;
        high[slot] = ofHigh;
        low[slot] = ofLow;
    }

    private void grow() {
        int[] formerSites = sites;
        long[] formerHigh = high;
        long[] formerLow = low;
        sites = new int[2 * formerSites.length];
        high = Arrays.copyOf(formerHigh, sites.length);
        low = Arrays.copyOf(formerLow, sites.length);
        count = 0;
        for (int i = 0; i < formerSites.length; i++) {
            if (formerSites[i] != 0) {
                put(formerSites[i], formerHigh[i], formerLow[i]);
            }
        }
    }
}
