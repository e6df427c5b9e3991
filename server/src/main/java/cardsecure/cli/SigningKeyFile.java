package cardsecure.cli;

import cardsecure.secret.SecretBytes;
import cardsecure.signing.RequestSigner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/// A file with a site's signing key, as `site signing new-key` printed it.
public final class SigningKeyFile {
    private static final int HEX_LENGTH = 2 * RequestSigner.KEY_LENGTH;

    private SigningKeyFile() {}

    /// The key of a file.
    ///
    /// @throws IOException if it cannot be read, or holds something else
    public static SecretBytes read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(HEX_LENGTH + 3);
        }
        try {
            String text = new String(bytes, StandardCharsets.US_ASCII).strip();
            if (text.length() != HEX_LENGTH) {
                throw new IOException(file + " is no key: a key has " + HEX_LENGTH + " hexadecimal digits");
            }
            return SecretBytes.owning(HexFormat.of().parseHex(text));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is no key: it holds other characters than hexadecimal digits", e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
