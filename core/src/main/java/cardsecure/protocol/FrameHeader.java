package cardsecure.protocol;

/// What a reply takes over from its request; of the key ID only where no key was used.
///
/// @param trace four bytes of the caller's, each a char; never printed
/// @param keyId three bytes, each a char
public record FrameHeader(FrameDialect dialect, String trace, String keyId) {
    static final int TRACE_LENGTH = 4;
    static final int KEY_ID_LENGTH = 3;

    /// Checks the lengths.
    public FrameHeader {
        if (trace.length() != TRACE_LENGTH || keyId.length() != KEY_ID_LENGTH) {
            throw new IllegalArgumentException("a trace has four bytes, a key ID three");
        }
    }

    /// Of a frame whose header could not be read: the guide's defaults.
    public static FrameHeader usual(FrameDialect dialect) {
        return new FrameHeader(dialect, ";;;;", "   ");
    }

    /// The trace is a caller's text.
    @Override
    public String toString() {
        return "FrameHeader[" + dialect + "]";
    }
}
