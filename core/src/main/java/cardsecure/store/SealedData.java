package cardsecure.store;

import java.util.Arrays;

/// What [cardsecure.crypto.Barrier] made of clear data; to a store, opaque bytes.
public final class SealedData {
    private final byte[] bytes;

    /// Takes its parts.
    ///
    /// @param bytes taken over
    public SealedData(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The bytes themselves, not a copy; they must not be changed.
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SealedData that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "SealedData[" + bytes.length + " bytes]";
    }
}
