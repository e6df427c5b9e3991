package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.secret.SecretBytes;
import java.util.Arrays;

/// Takes the fields of a frame one after another. In the form that a keyboard types, a byte is two hexadecimal
/// digits and a character of a masked track is itself; in the binary form either is a byte.
final class Fields {
    private final byte[] frame;
    private final int end;
    private final boolean keyboard;
    private int at;

    /// @param from where the fields begin
    /// @param end where they end
    Fields(byte[] frame, int from, int end, boolean keyboard) {
        this.frame = frame;
        this.at = from;
        this.end = end;
        this.keyboard = keyboard;
    }

    /// A byte, 0 to 255.
    int number() {
        return Byte.toUnsignedInt(bytes(1).reveal()[0]);
    }

    /// Binary data of `length` bytes.
    SecretBytes bytes(int length) {
        if (!keyboard) {
            return text(length);
        }
        SecretBytes digits = text(2 * length);
        byte[] bytes = length == 0
                ? new byte[0]
                : Readings.fromHex(digits.reveal())
                        .orElseThrow(() -> new Unreadable(SwipeStep.STRUCTURE, "a field is not hexadecimal"));
        digits.destroy();
        return SecretBytes.owning(bytes);
    }

    /// Text of `length` characters.
    SecretBytes text(int length) {
        require(length <= end - at, SwipeStep.STRUCTURE, "a field goes beyond the end");
        SecretBytes text = SecretBytes.owning(Arrays.copyOfRange(frame, at, at + length));
        at += length;
        return text;
    }

    /// Whether all were taken.
    boolean isEmpty() {
        return at == end;
    }

    void requireEmpty() {
        require(isEmpty(), SwipeStep.STRUCTURE, "something follows the last field");
    }
}
