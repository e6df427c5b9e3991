package cardsecure.user;

import cardsecure.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// What a password must be to be set; one that a caller sends need only be the right one.
public final class NewPassword {
    private static final int CHARACTERS_MIN = 12;
    private static final int BYTES_MAX = 1024;

    private NewPassword() {}

    /// Checks a password.
    ///
    /// @throws IllegalArgumentException for one that should not be set, with what it should be
    public static void require(SecretBytes password) {
        int characters = characters(password);
        if (characters < CHARACTERS_MIN || password.length() > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a password has at least " + CHARACTERS_MIN + " characters, and at most " + BYTES_MAX + " bytes");
        }
        // A caller's browser or library would not send them back as they are.
        for (byte each : password.reveal()) {
            if ((each >= 0 && each < ' ') || each == 0x7f) {
                throw new IllegalArgumentException("a password has no line ends and no other control characters");
            }
        }
    }

    private static int characters(SecretBytes password) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(password.reveal()))
                    .length();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a password is UTF-8", e);
        }
    }
}
