package cardsecure.swipe;

import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/// How a client encodes a swipe before it does so for a URL.
public enum SwipeEncoding {
    /// Not at all.
    RAW,
    /// As upper-case hexadecimal digits.
    HEX,
    /// Base64 (RFC 4648, 4).
    BASE64,
    /// Base64 with the URL's alphabet and without padding (RFC 4648, 5).
    BASE64URL;

    /// A swipe, encoded.
    public SecretBytes encode(SecretBytes swipe) {
        return switch (this) {
            case RAW -> SecretBytes.copyOf(swipe.reveal());
            case HEX ->
                SecretBytes.owning(
                        HexFormat.of().withUpperCase().formatHex(swipe.reveal()).getBytes(StandardCharsets.US_ASCII));
            case BASE64 -> SecretBytes.owning(Base64.getEncoder().encode(swipe.reveal()));
            case BASE64URL ->
                SecretBytes.owning(Base64.getUrlEncoder().withoutPadding().encode(swipe.reveal()));
        };
    }
}
