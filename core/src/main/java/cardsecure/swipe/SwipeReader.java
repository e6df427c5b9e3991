package cardsecure.swipe;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Reads what card readers send, and finds out by itself whose format it is and how it was encoded: as it is,
/// as hexadecimal digits, in Base64 of either alphabet, or by a client that forgot to encode it for a URL. A
/// key is not needed. Without state, safe for threads.
public final class SwipeReader {
    /// The most bytes of a request's data that are looked at.
    public static final int LENGTH_MAX = 16 * 1024;

    private final List<FormatReader> formats;

    /// @param settings what the data do not say
    public SwipeReader(SwipeSettings settings) {
        this.formats = List.of(
                IdTechFrame::read,
                new MagTekKeyboard(settings.magTekSeparator()),
                KsnAndTrack::read,
                MagTekEmv::read,
                IdTechEmv::read,
                new GenericTlv(settings),
                MagTekReport::read,
                SwipeReader::rejectForeign);
    }

    /// Takes the data of a request apart.
    ///
    /// @param data as the request has them, URL encoding undone or not
    /// @throws Refusal `0078` if they are no swipe that can be decrypted here: unknown, damaged, not encrypted,
    ///         or encrypted so that only the maker can undo it; `0072` for a damaged tag of chip data; `0073`
    ///         for chip data without a card. The reason says which check failed
    public EncryptedSwipe read(SecretBytes data) {
        if (data.length() > LENGTH_MAX) {
            throw new Unreadable(SwipeStep.LENGTH, "a swipe has up to " + LENGTH_MAX + " bytes, not " + data.length())
                    .refusal();
        }
        Readings readings = Readings.of(data);
        try {
            return read(readings);
        } catch (Unreadable e) {
            throw e.refusal();
        } finally {
            readings.destroy();
        }
    }

    /// The first reading in which everything holds; otherwise what is wrong with the one that came furthest.
    private EncryptedSwipe read(Readings readings) {
        Unreadable furthest = new Unreadable(SwipeStep.FORMAT, "no format that is known");
        for (SecretBytes reading : readings.all()) {
            for (FormatReader format : formats) {
                try {
                    Optional<EncryptedSwipe> swipe = format.read(reading.reveal());
                    if (swipe.isPresent()) {
                        return swipe.get();
                    }
                } catch (Unreadable e) {
                    if (e.isLast()) {
                        throw e;
                    }
                    furthest = e.step().compareTo(furthest.step()) > 0 ? e : furthest;
                }
            }
        }
        boolean clear = furthest.step() == SwipeStep.FORMAT
                && readings.all().stream().anyMatch(reading -> ClearTracks.areIn(reading.reveal()));
        throw clear ? new Unreadable(SwipeStep.UNENCRYPTED, "a track or a card number in clear") : furthest;
    }

    /// Messages of Ingenico's terminals (RBA): what they encrypt with, On-Guard or Voltage, is not public.
    private static Optional<EncryptedSwipe> rejectForeign(byte[] bytes) {
        for (String start : List.of("23.", "33.", "87.")) {
            byte[] prefix = start.getBytes(StandardCharsets.US_ASCII);
            if (bytes.length > prefix.length && Arrays.equals(bytes, 0, 3, prefix, 0, 3)) {
                throw new Unreadable(SwipeStep.UNSUPPORTED, "an RBA message: On-Guard and Voltage are not public");
            }
        }
        return Optional.empty();
    }
}
