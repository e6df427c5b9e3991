package cardsecure.swipe;

import cardsecure.secret.SecretBytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Writes ID TECH's frames, in the form that a keyboard types or in bytes: the way back of [Fields] and
/// [IdTechFrame].
final class FrameWriter {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final boolean keyboard;

    FrameWriter(boolean keyboard) {
        this.keyboard = keyboard;
    }

    FrameWriter number(int value) {
        return bytes(new byte[] {(byte) value});
    }

    FrameWriter bytes(SecretBytes bytes) {
        return bytes(bytes.reveal());
    }

    FrameWriter bytes(byte[] bytes) {
        data.writeBytes(keyboard ? hex(bytes) : bytes);
        return this;
    }

    FrameWriter text(SecretBytes text) {
        data.writeBytes(text.reveal());
        return this;
    }

    private static byte[] hex(byte[] bytes) {
        return HEX.formatHex(bytes).getBytes(StandardCharsets.US_ASCII);
    }

    /// The frame around what was written.
    SecretBytes frame() {
        byte[] content = data.toByteArray();
        int lrc = 0;
        int sum = 0;
        for (byte each : content) {
            lrc ^= each;
            sum += each;
        }
        byte[] head = {2, (byte) content.length, (byte) (content.length >> Byte.SIZE)};
        byte[] tail = {(byte) lrc, (byte) sum, 3};
        return SecretBytes.owning(Tlv.joined(keyboard ? hex(head) : head, content, keyboard ? hex(tail) : tail));
    }
}
