package cardsecure.rsa;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.util.Base64;

/// Ciphertexts as callers write them: Base64 of the standard or of the URL alphabet (RFC 4648, 4 and 5), its padding
/// optional. A blank stands for `+`, which is what a form makes of one that a client forgot to encode.
public final class Ciphertext {
    private Ciphertext() {}

    /// The bytes of a text.
    ///
    /// @throws Refusal `0019` if it is not Base64
    public static SecretBytes decode(SecretBytes text) {
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
            throw new Refusal(ErrorCode.BASE64_DECODE_FAILURE, "the data are not Base64");
        }
    }
}
