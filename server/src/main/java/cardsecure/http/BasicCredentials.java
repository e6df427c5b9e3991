package cardsecure.http;

import cardsecure.secret.SecretBytes;
import cardsecure.vault.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/// Reads the header `Authorization` of HTTP Basic (RFC 7617).
final class BasicCredentials {
    private static final String SCHEME = "Basic ";

    private BasicCredentials() {}

    /// What the header shows. What is malformed is a name and a password that nobody has, and so wrong, not absent;
    /// what is of another scheme is none.
    static Credentials of(String header) {
        String text = header.strip();
        if (text.equalsIgnoreCase(SCHEME.strip())) {
            return nobody();
        }
        if (!text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return new Credentials.None();
        }
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(text.substring(SCHEME.length()).strip());
        } catch (IllegalArgumentException _) {
            return nobody();
        }
        try {
            int colon = 0;
            while (colon < decoded.length && decoded[colon] != ':') {
                colon++;
            }
            if (colon == decoded.length) {
                return nobody();
            }
            String user = new String(decoded, 0, colon, StandardCharsets.UTF_8);
            return new Credentials.Basic(user, SecretBytes.copyOf(decoded, colon + 1, decoded.length - colon - 1));
        } finally {
            Arrays.fill(decoded, (byte) 0);
        }
    }

    private static Credentials nobody() {
        return new Credentials.Basic("", SecretBytes.copyOf(new byte[0]));
    }
}
