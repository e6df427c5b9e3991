package cardsecure.swipe;

import cardsecure.card.TrackData;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A card that is to be swiped: its tracks as they are encrypted, and what is sent beside. Tests change single
/// parts.
///
/// @param track1 with its LRC character; empty, if it is not read
/// @param track2 the same
/// @param mask1 track 1 with digits hidden by stars, as long as the track
/// @param mask2 the same
/// @param hash1 of the track with its LRC character; empty, if none is sent
/// @param hash2 the same
record ClearCard(
        SecretBytes track1,
        SecretBytes track2,
        SecretBytes mask1,
        SecretBytes mask2,
        SecretBytes hash1,
        SecretBytes hash2) {

    private static final String DISCRETIONARY_1 = "10000000";
    private static final String DISCRETIONARY_2 = "1000000";
    private static final SecretBytes NONE = SecretBytes.owning(new byte[0]);
    private static final int SHOWN = 4;
    private static final int SHA1 = 20;
    private static final int SHA256 = 32;

    /// The tracks of a plan's card. Those that no stripe had lack what nobody keys in.
    static ClearCard of(SwipePlan plan) {
        boolean keyed = plan.format() == SwipeFormat.IDTECH_MANUAL_ENHANCED;
        boolean fromTrack2 = switch (plan.format()) {
            case IDTECH_MANUAL,
                    IDTECH_MANUAL_ENHANCED,
                    IDTECH_EMV,
                    IDTECH_EMV_MARKED,
                    IDTECH_EMV_DOUBLED,
                    MAGTEK_EMV,
                    GENERIC_TAGS -> true;
            case IDTECH_KEYBOARD,
                    IDTECH_BINARY,
                    IDTECH_ORIGINAL,
                    MAGTEK_KEYBOARD,
                    MAGTEK_HID,
                    GENERIC_TLV,
                    KSN_AND_HEX,
                    RUA -> false;
        };
        byte[] pan = plan.pan().normalised().reveal();
        String yymm = plan.expiry().yymm();
        boolean one = !keyed && plan.tracks().contains(TrackData.Kind.ONE);
        boolean two = fromTrack2 || plan.tracks().contains(TrackData.Kind.TWO);
        String after1 = "^" + plan.name() + "^" + yymm + plan.serviceCode() + DISCRETIONARY_1 + "?";
        String after2 = "=" + yymm + (keyed ? "" : plan.serviceCode() + DISCRETIONARY_2) + "?";
        return of(plan.hashes(), one ? withLrc("%B", pan, after1) : NONE, two ? withLrc(";", pan, after2) : NONE);
    }

    /// A card of tracks with their LRC characters; masks and hashes are theirs.
    static ClearCard of(SwipePlan.Hashes hashes, SecretBytes track1, SecretBytes track2) {
        return new ClearCard(
                track1,
                track2,
                masked(track1, 2, '^'),
                masked(track2, 1, '='),
                hash(hashes, track1),
                hash(hashes, track2));
    }

    private static SecretBytes withLrc(String before, byte[] pan, String after) {
        byte[] track = Tlv.joined(
                before.getBytes(StandardCharsets.US_ASCII),
                pan,
                after.getBytes(StandardCharsets.US_ASCII),
                new byte[1]);
        int last = track.length - 1;
        // Refuses a name that no track can have.
        TrackData.parse(SecretBytes.copyOf(track, 0, last)).destroy();
        track[last] = TrackOpening.lrcOf(track, 0, last);
        return SecretBytes.owning(track);
    }

    private static SecretBytes masked(SecretBytes track, int panAt, char separator) {
        byte[] mask = track.reveal().clone();
        int panEnd = panAt;
        while (panEnd < mask.length && mask[panEnd] != separator) {
            panEnd++;
        }
        int nameEnd = panEnd + 1;
        while (separator == '^' && nameEnd < mask.length && mask[nameEnd] != separator) {
            nameEnd++;
        }
        for (int i = panAt == 2 ? 1 : 0; i < mask.length; i++) {
            boolean formatCode = panAt == 2 && i == 1;
            boolean hiddenPan = i >= panAt + SHOWN && i < panEnd - SHOWN;
            boolean after = i > (separator == '^' ? nameEnd : panEnd) && i != mask.length - 2;
            if (formatCode || hiddenPan || after) {
                mask[i] = '*';
            }
        }
        return SecretBytes.owning(mask);
    }

    private static SecretBytes hash(SwipePlan.Hashes hashes, SecretBytes track) {
        if (track.length() == 0) {
            return NONE;
        }
        return switch (hashes) {
            case NONE -> NONE;
            case ZERO -> SecretBytes.owning(new byte[SHA1]);
            case SHA1 -> SecretBytes.owning(HashChecks.of(SHA1, track));
            case SHA256 -> SecretBytes.owning(HashChecks.of(SHA256, track));
        };
    }

    /// A track up to its end sentinel.
    static SecretBytes withoutLrc(SecretBytes track) {
        return SecretBytes.copyOf(track.reveal(), 0, Math.max(0, track.length() - 1));
    }

    /// A track's mask as MagTek has it: zeros for stars, and no LRC character.
    static SecretBytes zeroMask(SecretBytes mask) {
        byte[] zeros = withoutLrc(mask).reveal().clone();
        for (int i = 0; i < zeros.length; i++) {
            zeros[i] = zeros[i] == '*' ? (byte) '0' : zeros[i];
        }
        if (zeros.length > 1 && zeros[0] == '%') {
            zeros[1] = 'B';
        }
        return SecretBytes.owning(zeros);
    }

    /// A text of digits, with `=` in it or not, as digits of four bits: hidden ones `C`, the separator `D`, and
    /// `F` to fill up the last byte.
    static SecretBytes nibbles(byte[] text) {
        byte[] packed = new byte[(text.length + 1) / 2];
        Arrays.fill(packed, (byte) 0);
        for (int i = 0; i < 2 * packed.length; i++) {
            int nibble = i == text.length ? 0xF : nibble(text[i]);
            packed[i / 2] |= (byte) (i % 2 == 0 ? nibble << 4 : nibble);
        }
        return SecretBytes.owning(packed);
    }

    private static int nibble(byte character) {
        return switch (character) {
            case '=' -> 0xD;
            case '*' -> 0xC;
            default -> character - '0';
        };
    }

    /// What stands between the sentinels of track 2, or of its mask.
    static byte[] inside(SecretBytes track2) {
        return Arrays.copyOfRange(track2.reveal(), 1, track2.length() - 2);
    }
}
