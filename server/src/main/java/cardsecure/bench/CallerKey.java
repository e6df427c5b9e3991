package cardsecure.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Cipher;

/// A site's public RSA key, with which the bench encrypts as a legacy client does: PKCS #1 v1.5.
record CallerKey(PublicKey key) {
    /// The key of a PEM file.
    ///
    /// @throws IllegalArgumentException if it has none
    static CallerKey of(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.US_ASCII).replaceAll("-----[A-Z ]+-----|\\s", "");
            X509EncodedKeySpec encoded =
                    new X509EncodedKeySpec(Base64.getDecoder().decode(text));
            return new CallerKey(KeyFactory.getInstance("RSA").generatePublic(encoded));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--rsa-key: " + file + " is no public key; `cardsecure site rsa-key export SITE` prints it", e);
        }
    }

    /// A text's ciphertext in Base64 that needs no escapes.
    String encrypt(String text) {
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.ENCRYPT_MODE, key);
            byte[] ciphertext = cipher.doFinal(text.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(ciphertext);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA is not to be had", e);
        }
    }
}
