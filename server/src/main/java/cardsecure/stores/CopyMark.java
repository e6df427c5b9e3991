package cardsecure.stores;

import cardsecure.card.Domain;
import cardsecure.site.SiteId;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenStore;
import cardsecure.token.Token;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;

/// What stands in a store as long as a vault is being copied into it: that it is no vault yet, and how far the
/// copy came. It is the first thing that is written there and the last that goes. Nothing in it is secret.
///
/// Layout: `version (1) | source | SHA-256 of the source's keystore (32) | begun (8) | rows copied (8) | their
/// checksum (32) | whether there is a place (1): site (4), domain (1), token`; texts with a length of 2 before
/// them.
///
/// @param source where the vault is copied from, for people
/// @param keystore the hash of the source's keystore in hexadecimal digits, by which the vault is known again
/// @param begun when the copy was begun
/// @param rows how many were copied for certain
/// @param sum the checksum of those
/// @param after where the last of those stands, in the source's order; none at the beginning
public record CopyMark(
        String source, String keystore, Instant begun, long rows, BigInteger sum, Optional<TokenPlace> after) {
    /// The name of the setting.
    public static final String SETTING = "copy-in-progress";

    private static final int VERSION = 1;
    private static final int HASH_LENGTH = 32;

    static CopyMark begin(String source, SealedData keystore, Instant now) {
        return new CopyMark(source, hash(keystore), now, 0, BigInteger.ZERO, Optional.empty());
    }

    private static String hash(SealedData keystore) {
        return HexFormat.of().formatHex(Tally.sha256().digest(keystore.bytes()));
    }

    boolean isOf(SealedData sourceKeystore) {
        return keystore.equals(hash(sourceKeystore));
    }

    CopyMark advanced(Tally copied, TokenPlace last) {
        return new CopyMark(source, keystore, begun, copied.count(), copied.sum(), Optional.of(last));
    }

    /// Sees that a store is not a copy that was never finished: whoever took it for a vault would lose what is
    /// not there yet.
    ///
    /// @param where the store, for people
    /// @throws StoreException if it is one
    public static void requireNone(TokenStore store, String where) throws StoreException {
        requireNone(store.setting(SETTING), where);
    }

    /// The same, with the setting at hand.
    ///
    /// @param kept what stands in the store under [#SETTING]
    /// @throws StoreException if the store is an unfinished copy
    public static void requireNone(Optional<SealedData> kept, String where) throws StoreException {
        if (kept.isPresent()) {
            throw new StoreException(decode(kept.get()).unfinished(where));
        }
    }

    /// That it is not finished, and what to do, for people.
    String unfinished(String where) {
        return "the store " + where + " is an unfinished copy of " + source + ", begun "
                + begun.truncatedTo(ChronoUnit.SECONDS) + ": finish it with `cardsecure store copy`, or use the source";
    }

    SealedData encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeUTF(source);
            out.write(HexFormat.of().parseHex(keystore));
            out.writeLong(begun.toEpochMilli());
            out.writeLong(rows);
            out.write(Tally.bytes(sum));
            out.writeBoolean(after.isPresent());
            if (after.isPresent()) {
                out.writeInt(after.get().site().number());
                out.writeByte(after.get().domain().letter());
                out.writeUTF(after.get().token().text());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SealedData(bytes.toByteArray());
    }

    static CopyMark decode(SealedData kept) throws StoreException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(kept.bytes()))) {
            if (in.readByte() != VERSION) {
                throw new IOException("of another version");
            }
            String source = in.readUTF();
            String keystore = HexFormat.of().formatHex(in.readNBytes(HASH_LENGTH));
            Instant begun = Instant.ofEpochMilli(in.readLong());
            long rows = in.readLong();
            BigInteger sum = new BigInteger(1, in.readNBytes(Tally.SUM_LENGTH));
            Optional<TokenPlace> after = in.readBoolean() ? Optional.of(readPlace(in)) : Optional.empty();
            return new CopyMark(source, keystore, begun, rows, sum, after);
        } catch (IOException | IllegalArgumentException e) {
            throw new StoreException("the store is an unfinished copy, and what it says of that is damaged", e);
        }
    }

    private static TokenPlace readPlace(DataInputStream in) throws IOException {
        SiteId site = new SiteId(in.readInt());
        Domain domain = Domain.of((char) in.readUnsignedByte()).orElseThrow(() -> new IOException("no domain"));
        return new TokenPlace(site, domain, new Token(in.readUTF()));
    }
}
