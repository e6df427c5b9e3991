package cardsecure.store;

import cardsecure.site.SiteId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/// What is remembered of a request that may come once only. Two marks of one site are the same if time and digest
/// are.
public final class ReplayMark {
    /// Bytes of a digest.
    public static final int DIGEST_LENGTH = 16;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final SiteId site;
    private final long second;
    private final byte[] digest;

    /// Takes its parts.
    ///
    /// @param time when the request was made, as it says itself; full seconds count, from 1970 on
    /// @param digest of what makes the request the one that it is, taken over
    /// @throws IllegalArgumentException for another length, or a time before 1970
    public ReplayMark(SiteId site, Instant time, byte[] digest) {
        if (digest.length != DIGEST_LENGTH || time.getEpochSecond() < 0) {
            throw new IllegalArgumentException("a mark has " + DIGEST_LENGTH + " bytes, and a time from 1970 on");
        }
        this.site = site;
        this.second = time.getEpochSecond();
        this.digest = digest;
    }

    /// Whose request it was.
    public SiteId site() {
        return site;
    }

    /// When the request was made, in seconds since 1970.
    public long second() {
        return second;
    }

    /// The bytes themselves, not a copy; they must not be changed.
    public byte[] digest() {
        return digest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReplayMark that
                && second == that.second
                && site.equals(that.site)
                && Arrays.equals(digest, that.digest);
    }

    /// A digest's bits are as good as any.
    @Override
    public int hashCode() {
        return (int) INT.get(digest, 0);
    }

    /// The first bytes, enough to tell two apart in a log.
    @Override
    public String toString() {
        return "ReplayMark[" + site.number() + ", " + second + ", "
                + HexFormat.of().formatHex(digest, 0, 4) + "…]";
    }
}
