package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import java.util.Optional;

/// The frame of ID TECH's readers (80000502-001, "Encrypted Data Output"): `STX | length (2, little endian) |
/// card data | LRC | sum | ETX`. Length, LRC (exclusive-or) and sum go over the characters where a keyboard
/// typed them, and over the bytes otherwise.
final class IdTechFrame {
    private static final int HEAD = 3;
    private static final int TAIL = 3;
    private static final byte STX = 2;
    private static final byte ETX = 3;

    private IdTechFrame() {}

    static Optional<EncryptedSwipe> read(byte[] bytes) {
        if (bytes.length < HEAD + TAIL) {
            return Optional.empty();
        }
        if (bytes[0] == STX && bytes[bytes.length - 1] == ETX) {
            return Optional.of(read(bytes, false));
        }
        boolean typed = bytes.length >= 2 * (HEAD + TAIL)
                && startsWith(bytes, 0, "02")
                && startsWith(bytes, bytes.length - 2, "03");
        return typed ? Optional.of(read(bytes, true)) : Optional.empty();
    }

    private static boolean startsWith(byte[] bytes, int at, String digits) {
        return bytes[at] == digits.charAt(0) && bytes[at + 1] == digits.charAt(1);
    }

    private static EncryptedSwipe read(byte[] bytes, boolean keyboard) {
        int width = keyboard ? 2 : 1;
        int from = HEAD * width;
        int end = bytes.length - TAIL * width;
        Fields head = new Fields(bytes, width, from, keyboard);
        int length = head.number() | head.number() << Byte.SIZE;
        require(length == end - from, SwipeStep.LENGTH, "the frame is not as long as it says");
        int lrc = 0;
        int sum = 0;
        for (int i = from; i < end; i++) {
            lrc ^= bytes[i] & 0xFF;
            sum += bytes[i] & 0xFF;
        }
        Fields tail = new Fields(bytes, end, bytes.length, keyboard);
        require(tail.number() == lrc, SwipeStep.LRC, "the frame's LRC is wrong");
        require(tail.number() == (sum & 0xFF), SwipeStep.CHECKSUM, "the frame's sum is wrong");
        return IdTechCardData.read(new Fields(bytes, from, end, keyboard), keyboard);
    }
}
