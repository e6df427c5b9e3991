package cardsecure.rfc;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The fields of a message, each of which names its predecessor:
///
/// ```
/// [ D9C6C3F0F0F0F0F0F0F0F0F0 ]              "RFC000000000" in EBCDIC, before a logon
/// tag | length | value                       the first: 0101, 0502 or 0500
/// tag before | tag | length | value          each other one; a length of FFFF means that four bytes with it follow
/// tag before | FFFF | 0000 | FFFF            the end
/// [ length of all before, 4 | packet size, 4 ]   of SDKs; 16 bytes of whatever else at most
/// ```
///
/// All numbers are big-endian, tags and lengths have two bytes. A chain that breaks anywhere is refused as a
/// whole, which finds every loss of a byte. Immutable but for [#destroy].
public final class FieldChain {
    /// So many fields are read, no more.
    public static final int FIELDS_MAX = 1024;

    private static final byte[] LOGON_MARK = HexFormat.of().parseHex("d9c6c3f0f0f0f0f0f0f0f0f0");
    private static final int EXTENDED = 0xffff;
    /// SDKs put 8 bytes behind the end, which mean nothing here; whoever puts others there loses nothing by it.
    private static final int TRAILER_MAX = 16;

    /// A field.
    record Field(int tag, SecretBytes value) {}

    private final List<Field> fields;

    private FieldChain(List<Field> fields) {
        this.fields = List.copyOf(fields);
    }

    /// The chain in a message.
    ///
    /// @param from where it begins
    /// @throws Refusal `0039` if it breaks; the reason has the place and the tags
    public static FieldChain decode(byte[] message, int from) {
        Reader reader = new Reader(message, from);
        try {
            return new FieldChain(reader.read());
        } catch (Refusal e) {
            reader.fields().forEach(field -> field.value().destroy());
            throw e;
        }
    }

    List<Field> fields() {
        return fields;
    }

    /// Overwrites all values.
    public void destroy() {
        fields.forEach(field -> field.value().destroy());
    }

    /// A tag as documents write it.
    static String shown(int tag) {
        return HexFormat.of().toHexDigits((short) tag);
    }

    /// Reads one chain.
    static final class Reader {
        private final ByteBuffer in;
        private final List<Field> fields = new ArrayList<>();

        Reader(byte[] message, int from) {
            this.in = ByteBuffer.wrap(message);
            in.position(Math.min(from, message.length));
        }

        /// What was read, up to where it broke.
        List<Field> fields() {
            return fields;
        }

        List<Field> read() {
            skipLogonMark();
            int tag = number();
            if (tag != Tag.CONTEXT && tag != Tag.CALL && tag != Tag.RESPONSE) {
                throw broken("no chain begins so");
            }
            while (tag != Tag.END) {
                if (fields.size() == FIELDS_MAX) {
                    throw broken("there are over " + FIELDS_MAX + " fields");
                }
                fields.add(new Field(tag, value(tag)));
                if (number() != tag) {
                    // What comes there instead may be two bytes of a value.
                    throw broken("after " + shown(tag) + " comes another tag");
                }
                tag = number();
            }
            if (number() != 0 || number() != Tag.END) {
                throw broken("the end is no end");
            }
            if (in.remaining() > TRAILER_MAX) {
                throw broken(in.remaining() + " bytes come after the end");
            }
            return fields;
        }

        private void skipLogonMark() {
            if (in.remaining() >= LOGON_MARK.length
                    && in.slice(in.position(), LOGON_MARK.length).equals(ByteBuffer.wrap(LOGON_MARK))) {
                in.position(in.position() + LOGON_MARK.length);
            }
        }

        private int number() {
            if (in.remaining() < Short.BYTES) {
                throw broken("it ends early");
            }
            return in.getShort() & 0xffff;
        }

        private SecretBytes value(int tag) {
            long length = number();
            if (length == EXTENDED) {
                if (in.remaining() < Integer.BYTES) {
                    throw broken("it ends early");
                }
                length = Integer.toUnsignedLong(in.getInt());
            }
            if (length > in.remaining()) {
                throw broken(shown(tag) + " has more bytes than there are");
            }
            SecretBytes value = SecretBytes.copyOf(in.array(), in.position(), (int) length);
            in.position(in.position() + (int) length);
            return value;
        }

        private Refusal broken(String reason) {
            return new Refusal(
                    ErrorCode.WRONG_MESSAGE_LENGTH,
                    "the chain of fields breaks at byte " + in.position() + ", after " + fields.size() + " fields: "
                            + reason);
        }
    }
}
