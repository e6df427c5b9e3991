package cardsecure.crypto;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyId;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/// A card number that a caller keeps itself, encrypted: 67 characters, all of them safe in URLs, however long
/// the number is.
///
/// Layout: the key ID (3), then Base64 of the URL alphabet (RFC 4648, section 5) of
/// `1 | nonce (12) | ciphertext (19) | tag (16)`. These 48 bytes fill their 64 characters, so there is one way to
/// write them and never any padding.
public final class CallerCiphertext {
    /// Characters.
    public static final int LENGTH = 67;

    /// Card numbers are filled up to the longest there is, so that a ciphertext does not show their length.
    static final int PLAINTEXT_LENGTH = 19;

    /// Where nonce, ciphertext and tag are in the bytes.
    static final int SEALED_AT = 1;

    private static final byte LAYOUT = 1;
    private static final int BYTES = SEALED_AT + AesGcm.OVERHEAD + PLAINTEXT_LENGTH;

    private final KeyId keyId;
    private final byte[] bytes;

    private CallerCiphertext(KeyId keyId, byte[] bytes) {
        this.keyId = keyId;
        this.bytes = bytes;
    }

    /// One that is yet to be filled in, from [#SEALED_AT] on.
    static CallerCiphertext under(KeyId keyId) {
        byte[] bytes = new byte[BYTES];
        bytes[0] = LAYOUT;
        return new CallerCiphertext(keyId, bytes);
    }

    /// Reads what a caller sends back.
    ///
    /// @throws Refusal for the first broken rule, in this order: `0020` longer than any, or no longer than a key
    ///         ID, `0012` no key ID in front, `0019` no Base64 of that alphabet, `0016` another layout, `0020`
    ///         another length
    public static CallerCiphertext parse(SecretBytes text) {
        if (text.length() <= KeyId.LENGTH || text.length() > LENGTH) {
            throw wrongLength(text);
        }
        KeyId keyId = keyIdOf(text.reveal());
        byte[] bytes = decoded(text.reveal());
        if (bytes.length == 0 || bytes[0] != LAYOUT) {
            throw new Refusal(ErrorCode.UNKNOWN_ALGORITHM, "the ciphertext has a layout that there is not");
        }
        if (bytes.length != BYTES) {
            throw wrongLength(text);
        }
        return new CallerCiphertext(keyId, bytes);
    }

    private static Refusal wrongLength(SecretBytes text) {
        return new Refusal(
                ErrorCode.CRYPTO_DATA_WRONG_LENGTH,
                "a ciphertext has " + LENGTH + " characters, not " + text.length() + " bytes");
    }

    private static KeyId keyIdOf(byte[] text) {
        try {
            return KeyId.at(text, 0);
        } catch (IllegalArgumentException _) {
            throw new Refusal(ErrorCode.KEY_ID_NOT_FOUND, "the ciphertext does not begin with a key ID");
        }
    }

    /// The decoder's own message has a character of the text in it, so it goes no further.
    private static byte[] decoded(byte[] text) {
        try {
            return Base64.getUrlDecoder().decode(Arrays.copyOfRange(text, KeyId.LENGTH, text.length));
        } catch (IllegalArgumentException _) {
            throw new Refusal(ErrorCode.BASE64_DECODE_FAILURE, "the ciphertext is no Base64 of the URL alphabet");
        }
    }

    /// The key that it says it is encrypted under.
    public KeyId keyId() {
        return keyId;
    }

    /// The bytes themselves, not a copy.
    byte[] bytes() {
        return bytes;
    }

    /// As callers get it.
    public String text() {
        byte[] encoded = Base64.getUrlEncoder().withoutPadding().encode(bytes);
        return keyId.text() + new String(encoded, StandardCharsets.US_ASCII);
    }
}
