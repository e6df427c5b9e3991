package cardsecure.wallet;

import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// Bytes as callers and wallets write them, and names for the log.
final class Texts {
    /// Bytes of a SHA-256.
    static final int HASH_LENGTH = 32;

    private static final int SHOWN_BYTES = 4;
    private static final int SERIAL_SHOWN = 40;

    private Texts() {}

    /// Base64 of the standard or of the URL alphabet (RFC 4648, 4 and 5), its padding optional. A blank stands
    /// for `+`, which is what a form makes of one that a client forgot to encode.
    ///
    /// @param what the field, for the log
    static SecretBytes base64(SecretBytes text, String what) {
        byte[] standard = text.reveal().clone();
        for (int i = 0; i < standard.length; i++) {
            standard[i] = switch (standard[i]) {
                case '-', ' ' -> '+';
                case '_' -> '/';
                default -> standard[i];
            };
        }
        try {
            return SecretBytes.owning(Base64.getDecoder().decode(standard));
        } catch (IllegalArgumentException _) {
            throw WalletStep.BASE64.refusal(what + " is not Base64");
        } finally {
            Arrays.fill(standard, (byte) 0);
        }
    }

    static SecretBytes base64(String text, String what) {
        return base64(utf8(text), what);
    }

    /// 32 bytes: hex, or else Base64.
    static SecretBytes hash(String text, String what) {
        if (text.length() == 2 * HASH_LENGTH) {
            try {
                return SecretBytes.owning(HexFormat.of().parseHex(text));
            } catch (IllegalArgumentException _) {
                // Then it may be Base64.
            }
        }
        SecretBytes decoded = base64(text, what);
        if (decoded.length() != HASH_LENGTH) {
            throw WalletStep.BASE64.refusal(what + " is neither hex nor Base64 of " + HASH_LENGTH + " bytes");
        }
        return decoded;
    }

    static SecretBytes utf8(String text) {
        return SecretBytes.owning(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(SecretBytes utf8) {
        return new String(utf8.reveal(), StandardCharsets.UTF_8);
    }

    static String encoded(SecretBytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.reveal());
    }

    static String hex(SecretBytes bytes) {
        return HexFormat.of().formatHex(bytes.reveal());
    }

    static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// The first bytes of a hash, enough to tell two keys apart.
    static String shortened(byte[] hash) {
        return HexFormat.of().formatHex(hash, 0, SHOWN_BYTES) + "…";
    }

    /// A certificate for the log: its serial number, and the start of its SHA-256. Names in it are its sender's
    /// text.
    static String nameOf(X509Certificate certificate) {
        String serial = certificate.getSerialNumber().toString(16);
        try {
            return "certificate " + serial.substring(0, Math.min(serial.length(), SERIAL_SHOWN)) + " (SHA-256 "
                    + shortened(sha256(certificate.getEncoded())) + ")";
        } catch (GeneralSecurityException _) {
            return "certificate " + serial.substring(0, Math.min(serial.length(), SERIAL_SHOWN));
        }
    }
}
