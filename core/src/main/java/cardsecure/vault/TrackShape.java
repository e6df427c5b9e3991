package cardsecure.vault;

import cardsecure.secret.SecretBytes;

/// Whether data look like a magnetic stripe's track in clear (ISO/IEC 7813): `%…^…^…?` or `;digits=digits…?`. No
/// encrypted data are such, whatever their action; what a caller sends as personal data (`PE`) is his to choose.
final class TrackShape {
    private static final int PAN_MIN = 12;

    private TrackShape() {}

    static boolean matches(SecretBytes data) {
        byte[] bytes = data.reveal();
        int start = 0;
        int end = bytes.length;
        while (start < end && isBlank(bytes[start])) {
            start++;
        }
        while (end > start && isBlank(bytes[end - 1])) {
            end--;
        }
        if (end - start < 2) {
            return false;
        }
        return switch (bytes[start]) {
            case '%' -> count(bytes, start, end, '^') >= 2 && digits(bytes, start + 1, end) >= PAN_MIN;
            case ';' -> count(bytes, start, end, '=') >= 1 && digits(bytes, start + 1, end) >= PAN_MIN;
            default -> false;
        };
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private static int count(byte[] bytes, int start, int end, char wanted) {
        int count = 0;
        for (int i = start; i < end; i++) {
            count += bytes[i] == wanted ? 1 : 0;
        }
        return count;
    }

    /// Digits in a row, after the format code's letter if there is one.
    private static int digits(byte[] bytes, int start, int end) {
        int at = start < end && Character.isLetter(bytes[start]) ? start + 1 : start;
        int count = 0;
        while (at + count < end && bytes[at + count] >= '0' && bytes[at + count] <= '9') {
            count++;
        }
        return count;
    }
}
