package cardsecure.dukpt;

import java.util.function.BiFunction;

/// A device's side of DUKPT: it never has the initial key after its first use, but a register of future keys for each
/// bit of the counter (X9.24-1:2009, A.3; X9.24-3:2017, 6.4). An oracle that comes to a transaction's key by another
/// way than a host does.
final class ReaderSimulation {
    private final byte[][] futureKeys;
    private final int onesMax;
    private final BiFunction<byte[], Integer, byte[]> generation;
    private int counter;

    /// @param generation makes of a key the one for a counter
    ReaderSimulation(byte[] initialKey, int bits, int onesMax, BiFunction<byte[], Integer, byte[]> generation) {
        this.futureKeys = new byte[bits][];
        this.onesMax = onesMax;
        this.generation = generation;
        fillBelow(1 << (bits - 1), initialKey);
        futureKeys[bits - 1] = generation.apply(initialKey, 1 << (bits - 1));
        counter = 1;
    }

    private void fillBelow(int bit, byte[] key) {
        for (int lower = bit >>> 1; lower != 0; lower >>>= 1) {
            futureKeys[Integer.numberOfTrailingZeros(lower)] = generation.apply(key, counter | lower);
        }
    }

    int counter() {
        return counter;
    }

    /// The current transaction's key, and on to the next transaction.
    byte[] next() {
        int lowest = Integer.lowestOneBit(counter);
        byte[] key = futureKeys[Integer.numberOfTrailingZeros(lowest)];
        if (Integer.bitCount(counter) < onesMax) {
            fillBelow(lowest, key);
            counter++;
        } else {
            counter += lowest;
        }
        return key;
    }
}
