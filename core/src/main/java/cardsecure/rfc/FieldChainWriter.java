package cardsecure.rfc;

import cardsecure.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Writes a chain of fields. For one chain, and one thread.
final class FieldChainWriter {
    private static final int EXTENDED = 0xffff;
    private static final int END_LENGTH = 4 * Short.BYTES;

    private record Field(int tag, SecretBytes value) {
        int length() {
            return 2 * Short.BYTES + (value.length() >= EXTENDED ? Integer.BYTES : 0) + value.length();
        }

        void putInto(ByteBuffer out) {
            out.putShort((short) tag);
            if (value.length() >= EXTENDED) {
                out.putShort((short) EXTENDED).putInt(value.length());
            } else {
                out.putShort((short) value.length());
            }
            out.put(value.reveal());
        }
    }

    private final List<Field> fields = new ArrayList<>();

    /// A chain that begins with an empty field.
    FieldChainWriter(int tag) {
        add(tag);
    }

    /// A chain that begins with a value in hexadecimal.
    FieldChainWriter(int tag, String hex) {
        addHex(tag, hex);
    }

    FieldChainWriter add(int tag) {
        return add(tag, new byte[0]);
    }

    FieldChainWriter addHex(int tag, String hex) {
        return add(tag, HexFormat.of().parseHex(hex));
    }

    /// Takes the array over: it is overwritten at the end.
    FieldChainWriter add(int tag, byte[] value) {
        return add(tag, SecretBytes.owning(value));
    }

    /// Takes the value over: it is overwritten at the end.
    FieldChainWriter add(int tag, SecretBytes value) {
        fields.add(new Field(tag, value));
        return this;
    }

    /// The chain's bytes. What it was made of is overwritten.
    byte[] end() {
        int length = fields.stream().mapToInt(Field::length).sum() + Short.BYTES * (fields.size() - 1) + END_LENGTH;
        ByteBuffer out = ByteBuffer.allocate(length);
        int before = -1;
        for (Field field : fields) {
            if (before >= 0) {
                out.putShort((short) before);
            }
            field.putInto(out);
            field.value().destroy();
            before = field.tag();
        }
        out.putShort((short) before)
                .putShort((short) Tag.END)
                .putShort((short) 0)
                .putShort((short) Tag.END);
        return out.array();
    }
}
