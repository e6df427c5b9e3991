package cardsecure.card;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.util.Optional;

/// Track 1 or 2 of a magnetic stripe in clear (ISO/IEC 7813): sensitive authentication data, which PCI DSS lets
/// nobody keep after the authorization. Prints which track it is, and its length.
///
/// - track 1: `%B`, PAN, `^`, name, `^`, `YYMM`, service code, what the issuer likes, `?`; up to 79 characters
/// - track 2: `;`, PAN, `=`, `YYMM`, the same, `?`; up to 40 digits and `=`
public final class TrackData {
    /// Which track.
    public enum Kind {
        /// The track with the name.
        ONE,
        /// The track of digits.
        TWO
    }

    private static final int ONE_MAX = 79;
    private static final int TWO_MAX = 40;
    private static final int PAN_MIN = 12;
    private static final int PAN_MAX = 19;
    private static final int EXPIRY_LENGTH = 4;

    private final Kind kind;
    private final SecretBytes text;
    private final int panAt;
    private final int panEnd;
    private final int expiryAt;

    private TrackData(Kind kind, SecretBytes text, int panAt, int panEnd, int expiryAt) {
        this.kind = kind;
        this.text = text;
        this.panAt = panAt;
        this.panEnd = panEnd;
        this.expiryAt = expiryAt;
    }

    /// Reads a track from its start sentinel to its end sentinel, without the LRC character. What the PAN and
    /// the expiry are worth, [#pan] and [#expiry] say.
    ///
    /// @throws Refusal `0078` for what has not the shape of a bank card's track
    public static TrackData parse(SecretBytes text) {
        byte[] track = text.reveal();
        if (track.length < 2 || track[track.length - 1] != '?') {
            throw refused("a track ends with its sentinel");
        }
        return switch (track[0]) {
            case '%' -> one(text, track);
            case ';' -> two(text, track);
            default -> throw refused("a track begins with the sentinel of track 1 or 2");
        };
    }

    private static TrackData one(SecretBytes text, byte[] track) {
        if (track.length > ONE_MAX || track[1] != 'B') {
            throw refused("track 1 of a bank card has the format code B and up to " + ONE_MAX + " characters");
        }
        for (int i = 1; i < track.length - 1; i++) {
            if (track[i] < ' ' || track[i] > '_' || track[i] == '%' || track[i] == '?') {
                throw refused("track 1 has a character that none of its 64 is");
            }
        }
        int panEnd = panEnd(track, 2, '^');
        int nameEnd = panEnd + 1;
        while (nameEnd < track.length && track[nameEnd] != '^') {
            nameEnd++;
        }
        return checked(new TrackData(Kind.ONE, text, 2, panEnd, nameEnd + 1));
    }

    private static TrackData two(SecretBytes text, byte[] track) {
        if (track.length > TWO_MAX) {
            throw refused("track 2 has up to " + TWO_MAX + " characters");
        }
        for (int i = 1; i < track.length - 1; i++) {
            if (!isDigit(track[i]) && track[i] != '=') {
                throw refused("track 2 has a character that is neither a digit nor a separator");
            }
        }
        int panEnd = panEnd(track, 1, '=');
        return checked(new TrackData(Kind.TWO, text, 1, panEnd, panEnd + 1));
    }

    private static int panEnd(byte[] track, int panAt, char separator) {
        int end = panAt;
        while (isDigit(track[end])) {
            end++;
        }
        if (end - panAt < PAN_MIN || end - panAt > PAN_MAX || track[end] != separator) {
            throw refused("a track has 12 to 19 digits of PAN before its separator");
        }
        return end;
    }

    private static TrackData checked(TrackData track) {
        if (track.expiryAt + EXPIRY_LENGTH >= track.text.length()) {
            throw refused("a track ends before its expiry");
        }
        return track;
    }

    private static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }

    private static Refusal refused(String reason) {
        return new Refusal(ErrorCode.INVALID_SWIPE_DATA, reason);
    }

    /// Which track it is.
    public Kind kind() {
        return kind;
    }

    /// The track from sentinel to sentinel, ASCII.
    public SecretBytes text() {
        return text;
    }

    /// The card number on it.
    ///
    /// @throws Refusal as [Pan#parse]
    public Pan pan() {
        SecretBytes digits = SecretBytes.copyOf(text.reveal(), panAt, panEnd - panAt);
        try {
            return Pan.parse(digits);
        } catch (Refusal refusal) {
            digits.destroy();
            throw refusal;
        }
    }

    /// The expiry on it; nothing, if there is none or it is no month.
    public Optional<Expiry> expiry() {
        return Expiry.ofYymm(text.reveal(), expiryAt);
    }

    /// Overwrites the track.
    public void destroy() {
        text.destroy();
    }

    /// Whether both are the same track of the same card.
    @Override
    public boolean equals(Object other) {
        return other instanceof TrackData that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "TrackData[" + kind + ", " + text.length() + " characters]";
    }
}
