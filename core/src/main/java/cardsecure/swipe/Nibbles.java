package cardsecure.swipe;

/// Bytes as digits of four bits (BCD), as chips keep numbers. Does not copy.
record Nibbles(@SuppressWarnings("ArrayRecordComponent") byte[] bytes) {
    int length() {
        return 2 * bytes.length;
    }

    /// The digit at a place, 0 to 15.
    int at(int place) {
        int both = Byte.toUnsignedInt(bytes[place / 2]);
        return place % 2 == 0 ? both >> 4 : both & 0xF;
    }

    /// The first place from `from` on where no decimal digit stands.
    int digitsFrom(int from) {
        int end = from;
        while (end < length() && at(end) < 10) {
            end++;
        }
        return end;
    }

    /// Whether decimal digits, ASCII, stand somewhere among these.
    boolean have(byte[] digits) {
        for (int from = 0; from + digits.length <= length(); from++) {
            int same = 0;
            while (same < digits.length && '0' + at(from + same) == digits[same]) {
                same++;
            }
            if (same == digits.length) {
                return true;
            }
        }
        return false;
    }

    /// The decimal digits from one place to another as ASCII; others come out as other characters.
    byte[] text(int from, int to) {
        byte[] text = new byte[to - from];
        for (int i = from; i < to; i++) {
            text[i - from] = (byte) ('0' + at(i));
        }
        return text;
    }
}
