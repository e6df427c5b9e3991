package cardsecure.protocol;

/// The two ways in which the vendor's guide describes a frame: its sample, and its table. A frame says by its first
/// byte which it is, and is answered in kind.
public enum FrameDialect {
    /// `FF`, length, function, version, trace, key ID, data.
    FRAMED("FF", 2 + 2 + 4 + 3),
    /// Length, function, trace, key ID, data.
    BARE("", 2 + 4 + 3);

    private static final int LENGTH_DIGITS = 4;

    private final String mark;
    private final int headerLength;

    FrameDialect(String mark, int headerLength) {
        this.mark = mark;
        this.headerLength = headerLength;
    }

    /// What stands before the length.
    String mark() {
        return mark;
    }

    /// Bytes up to the end of the length.
    int prefixLength() {
        return mark.length() + LENGTH_DIGITS;
    }

    /// Bytes that the length counts beside the data.
    int headerLength() {
        return headerLength;
    }

    /// A bare frame begins with a digit; whatever else begins otherwise should have been a framed one.
    static FrameDialect of(byte first) {
        return isDigit(first) ? BARE : FRAMED;
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
