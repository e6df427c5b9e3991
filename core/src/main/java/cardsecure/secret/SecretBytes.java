package cardsecure.secret;

import java.security.MessageDigest;
import java.util.Arrays;

/// Bytes that must not be seen: a key, a card number, a body that holds one. Immutable until [#destroy], and safe to
/// print: it says its length and nothing else.
///
/// [#reveal] is the only way out, so a search for it finds each place where secrets leave their type.
public final class SecretBytes {
    private final byte[] bytes;

    private SecretBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /// A secret with a copy of `bytes`.
    public static SecretBytes copyOf(byte[] bytes) {
        return new SecretBytes(bytes.clone());
    }

    /// A secret with a copy of `length` bytes of `bytes` from `offset`.
    public static SecretBytes copyOf(byte[] bytes, int offset, int length) {
        return new SecretBytes(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    /// A secret that takes `bytes` over; the caller must not touch the array again.
    public static SecretBytes owning(byte[] bytes) {
        return new SecretBytes(bytes);
    }

    /// The number of bytes.
    public int length() {
        return bytes.length;
    }

    /// The bytes themselves, not a copy: the reader must neither change nor keep them.
    public byte[] reveal() {
        return bytes;
    }

    /// Overwrites the bytes. Best effort: the collector may have moved the array before.
    public void destroy() {
        Arrays.fill(bytes, (byte) 0);
    }

    /// Whether both hold the same bytes, in a time that depends on the lengths only.
    @Override
    public boolean equals(Object other) {
        return other instanceof SecretBytes that && MessageDigest.isEqual(bytes, that.bytes);
    }

    /// The length, so that a secret in a hashed collection gives nothing away.
    @Override
    public int hashCode() {
        return bytes.length;
    }

    @Override
    public String toString() {
        return "SecretBytes[" + bytes.length + " bytes]";
    }
}
