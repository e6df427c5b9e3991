package cardsecure.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What people are shown of a KEK's id, in logs, errors and `status`. Ids of most KEKs are shown as they are.
/// That of a passphrase's holds a check of the KEK, by which passphrases could be tried, so it stays in the
/// keystore; what is shown instead is made of salt and costs alone.
public final class KekName {
    /// What the id of a passphrase's KEK begins with; its check follows the last hyphen.
    public static final String PASSPHRASE_PREFIX = "argon2id-";

    private static final int SHOWN_BYTES = 8;
    private static final int LENGTH_MAX = 64;

    private KekName() {}

    /// What to show of an id, also of one that nobody has proved: printable, and not long.
    public static String of(String kekId) {
        if (kekId.startsWith(PASSPHRASE_PREFIX)) {
            String open = kekId.substring(0, kekId.lastIndexOf('-') + 1);
            return PASSPHRASE_PREFIX + HexFormat.of().formatHex(digest(open), 0, SHOWN_BYTES);
        }
        String safe = kekId.replaceAll("[^0-9A-Za-z:._-]", "?");
        return safe.length() <= LENGTH_MAX ? safe : safe.substring(0, LENGTH_MAX) + "...";
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is in every JDK", e);
        }
    }
}
