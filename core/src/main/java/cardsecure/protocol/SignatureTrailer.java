package cardsecure.protocol;

import cardsecure.vault.Parameters;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The end of a signed frame's data: `&ref=…&time=yyyy-MM-ddT HH:mm:ssZ&sig=` and 64 hexadecimal digits, raw.
/// The reference begins after the last `&ref=` before the time, so that data may hold what they like.
///
/// @param start where it begins, in bytes
record SignatureTrailer(int start, String ref, String time, String sig) {
    private static final String REF = "&ref=";

    /// From the time on: all ASCII.
    private static final Pattern END =
            Pattern.compile("&time=([0-9]{4}-[0-9]{2}-[0-9]{2}T ?[0-9]{2}:[0-9]{2}:[0-9]{2}Z)&sig=([0-9A-Fa-f]{64})");

    private static final int END_LENGTH_MAX = "&time=2014-01-01T 00:00:01Z&sig=".length() + 64;
    private static final int END_LENGTH_MIN = END_LENGTH_MAX - 1;

    /// The trailer of data that end in one.
    static Optional<SignatureTrailer> of(byte[] data) {
        for (int length = END_LENGTH_MAX; length >= END_LENGTH_MIN; length--) {
            int endAt = data.length - length;
            if (endAt > 0) {
                // A char a byte, so that places in the text are places in the data.
                Matcher end = END.matcher(new String(data, endAt, length, StandardCharsets.ISO_8859_1));
                if (end.matches()) {
                    return before(data, endAt, end.group(1), end.group(2));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<SignatureTrailer> before(byte[] data, int endAt, String time, String sig) {
        int start = startOfRef(data, endAt);
        if (start < 0) {
            return Optional.empty();
        }
        int from = start + REF.length();
        String ref = new String(data, from, endAt - from, StandardCharsets.UTF_8);
        return Optional.of(new SignatureTrailer(start, ref, time, sig));
    }

    private static int startOfRef(byte[] data, int end) {
        for (int at = end - REF.length(); at >= 0; at--) {
            if (isRefAt(data, at)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isRefAt(byte[] data, int at) {
        for (int i = 0; i < REF.length(); i++) {
            if (data[at + i] != REF.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    Parameters addTo(Parameters parameters) {
        return parameters.withSignature(ref, time, sig);
    }
}
