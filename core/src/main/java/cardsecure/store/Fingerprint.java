package cardsecure.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/// A keyed hash of a site's datum, by which the store finds the token that the datum already has.
/// Layout: `version of the fingerprint key (1) | HMAC-SHA-256 (32)`.
public final class Fingerprint {
    /// Bytes.
    public static final int LENGTH = 33;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;

    /// Takes its parts.
    ///
    /// @param bytes version and HMAC, taken over
    /// @throws IllegalArgumentException for another length
    public Fingerprint(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a fingerprint has " + LENGTH + " bytes");
        }
        this.bytes = bytes;
    }

    /// The version of the key that made it.
    public int version() {
        return bytes[0];
    }

    /// The bytes themselves, not a copy; they must not be changed.
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Fingerprint that && Arrays.equals(bytes, that.bytes);
    }

    /// Four bytes of the HMAC, whose bits are as good as any.
    @Override
    public int hashCode() {
        return (int) INT.get(bytes, 1);
    }

    /// The first bytes, enough to tell two apart in a log.
    @Override
    public String toString() {
        return "Fingerprint[" + HexFormat.of().formatHex(bytes, 0, 5) + "…]";
    }
}
