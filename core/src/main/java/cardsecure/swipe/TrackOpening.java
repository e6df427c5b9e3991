package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.card.TrackData;
import cardsecure.secret.SecretBytes;
import cardsecure.swipe.EncryptedSwipe.TrackBlock;
import cardsecure.swipe.EncryptedSwipe.TrackPart;
import java.time.YearMonth;
import java.util.Optional;
import java.util.OptionalInt;

/// Checks tracks after their decryption: padding, sentinels, LRC character, hash, fields, mask. A random block
/// passes for a track with a likelihood below 1E-15: each of at least 12 digits takes a byte (4E-17), and so do
/// sentinels and separators.
final class TrackOpening {
    /// Whether tracks have their LRC character.
    enum Lrc {
        PRESENT,
        ABSENT,
        /// Found out by what follows.
        PERHAPS
    }

    /// Compares a hash with the clear text that it should be of.
    @FunctionalInterface
    interface HashCheck {
        /// Makes sure that it is.
        ///
        /// @throws Unreadable if it is of something else
        void require(SecretBytes hash, SecretBytes clear);
    }

    private final Lrc lrc;
    private final boolean zeroMasks;
    private final HashCheck hashes;
    private final YearMonth now;

    TrackOpening(Lrc lrc, boolean zeroMasks, HashCheck hashes, YearMonth now) {
        this.lrc = lrc;
        this.zeroMasks = zeroMasks;
        this.hashes = hashes;
        this.now = now;
    }

    /// Adds the cards of a block's parts to `found`.
    ///
    /// @param clear the block decrypted
    void open(TrackBlock block, SecretBytes clear, Parts found) {
        int at = 0;
        for (TrackPart part : block.parts()) {
            int length = part.length().orElseGet(() -> toSentinel(clear));
            require(at + length <= clear.length(), SwipeStep.PADDING, "the tracks are longer than their ciphertext");
            SecretBytes track = SecretBytes.copyOf(clear.reveal(), at, length);
            at += length;
            found.add(open(part, track));
        }
        Unreadable.requireZeros(clear, at);
    }

    /// The length up to the last character that is no padding; without a sentinel there, no length.
    private static int toSentinel(SecretBytes clear) {
        byte[] bytes = clear.reveal();
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    /// @param track is destroyed
    private Card open(TrackPart part, SecretBytes track) {
        try {
            SecretBytes text = text(part.number(), track);
            try {
                TrackData data = Unreadable.at(SwipeStep.TRACK, () -> TrackData.parse(text));
                part.hash().ifPresent(hash -> hashes.require(hash, track));
                Card card = Card.of(data, now);
                part.mask()
                        .ifPresent(mask ->
                                PanMask.ofTrack(mask, part.number(), zeroMasks).requireAgrees(card.pan()));
                return card;
            } catch (Unreadable e) {
                text.destroy();
                throw e;
            }
        } finally {
            track.destroy();
        }
    }

    /// The text of the track of a number, 1 or 2, without its LRC character, which is checked.
    private SecretBytes text(int number, SecretBytes track) {
        byte[] bytes = track.reveal();
        int last = bytes.length - 1;
        boolean withLrc = lrc == Lrc.PRESENT || (lrc == Lrc.PERHAPS && last > 0 && bytes[last - 1] == '?');
        int end = withLrc ? last : bytes.length;
        char start = number == 1 ? '%' : ';';
        require(
                end > 1 && bytes[0] == start && bytes[end - 1] == '?',
                SwipeStep.SENTINEL,
                "a track is not between its sentinels");
        if (withLrc) {
            require(bytes[end] == lrcOf(bytes, 0, end), SwipeStep.TRACK_LRC, "the track's LRC character is wrong");
        }
        return SecretBytes.copyOf(bytes, 0, end);
    }

    /// Adds to `found` the cards of tracks that follow one another, each perhaps with its LRC character, before
    /// padding.
    void openAll(SecretBytes clear, Parts found) {
        byte[] bytes = clear.reveal();
        int at = 0;
        while (at < bytes.length && bytes[at] != 0) {
            int end = at;
            while (end < bytes.length && bytes[end] != '?' && bytes[end] != 0) {
                end++;
            }
            int number = bytes[at] == '%' ? 1 : 2;
            int next = Math.min(bytes.length, end + 1);
            next += hasLrc(bytes, next) ? 1 : 0;
            require(found.count() < 2, SwipeStep.TRACK, "there are more than two tracks");
            SecretBytes track = SecretBytes.copyOf(bytes, at, next - at);
            found.add(open(new TrackPart(number, OptionalInt.empty(), Optional.empty(), Optional.empty()), track));
            at = next;
        }
        require(found.count() > 0, SwipeStep.SENTINEL, "there is no track");
        Unreadable.requireZeros(clear, at);
    }

    /// Whether an LRC character stands at `at`, after a track. A semicolon may be one, and may begin the next
    /// track: then a digit follows.
    private static boolean hasLrc(byte[] bytes, int at) {
        if (at >= bytes.length || bytes[at] == 0) {
            return false;
        }
        boolean digitFollows = at + 1 < bytes.length && bytes[at + 1] >= '0' && bytes[at + 1] <= '9';
        return bytes[at] != ';' || !digitFollows;
    }

    /// The LRC character of the track in `bytes` from one place to another, sentinels included: the
    /// exclusive-or of the characters' bits, six in track 1, four in track 2 (ISO/IEC 7811-2).
    static byte lrcOf(byte[] bytes, int from, int to) {
        int base = bytes[from] == '%' ? ' ' : '0';
        int mask = bytes[from] == '%' ? 0x3F : 0x0F;
        int lrc = 0;
        for (int i = from; i < to; i++) {
            lrc ^= bytes[i] - base & mask;
        }
        return (byte) (lrc + base);
    }
}
