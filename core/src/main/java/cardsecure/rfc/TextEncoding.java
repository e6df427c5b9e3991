package cardsecure.rfc;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// How a caller writes characters. Nothing says so in advance, but a function's name is ASCII, so its bytes
/// tell; the answer is written in the same way.
public enum TextEncoding {
    /// UTF-16, little-endian, without a mark: Unicode systems.
    UTF16_LE(StandardCharsets.UTF_16LE, 2),
    /// UTF-16, big-endian, without a mark: Unicode systems on other machines.
    UTF16_BE(StandardCharsets.UTF_16BE, 2),
    /// ISO 8859-1: systems that are not Unicode, and SDKs while they log on.
    SINGLE_BYTE(StandardCharsets.ISO_8859_1, 1);

    private static final byte BLANK = ' ';
    private static final int LAST_ASCII = 0x7e;

    private final Charset charset;
    private final int width;

    TextEncoding(Charset charset, int width) {
        this.charset = charset;
        this.width = width;
    }

    /// The encoding of a text that is ASCII.
    ///
    /// @return none if it is no such text in any encoding, or empty
    static Optional<TextEncoding> of(byte[] text) {
        for (TextEncoding each : values()) {
            if (text.length > 0 && each.isAscii(text)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    private boolean isAscii(byte[] text) {
        if (text.length % width != 0) {
            return false;
        }
        for (int i = 0; i < text.length; i += width) {
            int unit = unit(text, i);
            if (unit < BLANK || unit > LAST_ASCII) {
                return false;
            }
        }
        return true;
    }

    private int unit(byte[] text, int at) {
        return switch (this) {
            case SINGLE_BYTE -> text[at] & 0xff;
            case UTF16_LE -> (text[at] & 0xff) | ((text[at + 1] & 0xff) << Byte.SIZE);
            case UTF16_BE -> ((text[at] & 0xff) << Byte.SIZE) | (text[at + 1] & 0xff);
        };
    }

    /// The order of the bytes of the caller's numbers. Of a system that is not Unicode nobody can tell; most of
    /// them run on little-endian machines.
    ByteOrder numbers() {
        return switch (this) {
            case UTF16_LE, SINGLE_BYTE -> ByteOrder.LITTLE_ENDIAN;
            case UTF16_BE -> ByteOrder.BIG_ENDIAN;
        };
    }

    /// Bytes of a text of so many characters.
    int length(int characters) {
        return width * characters;
    }

    /// A text that is no secret.
    byte[] encode(String text) {
        return text.getBytes(charset);
    }

    /// A text that is no secret.
    String text(byte[] bytes) {
        return new String(bytes, charset);
    }

    /// A text that is no secret, filled up with blanks, or cut off.
    ///
    /// @param characters UTF-16 units
    byte[] padded(String text, int characters) {
        String shown = text.length() > characters ? text.substring(0, characters) : text;
        return encode(shown + " ".repeat(characters - shown.length()));
    }

    /// A value of the type CHAR, without the blanks at its end.
    ///
    /// @param characters how many its parameter has
    /// @return UTF-8
    /// @throws Refusal `0039` for more bytes than that, `0038` for bytes that are no text
    public SecretBytes decodeChars(SecretBytes value, int characters) {
        if (value.length() > length(characters)) {
            throw new Refusal(
                    ErrorCode.WRONG_MESSAGE_LENGTH,
                    "a value of " + value.length() + " bytes for a CHAR of " + characters + " characters");
        }
        return decodeChars(value);
    }

    SecretBytes decodeChars(SecretBytes value) {
        byte[] bytes = value.reveal();
        int end = bytes.length;
        while (end >= width && end % width == 0 && unit(bytes, end - width) == BLANK) {
            end -= width;
        }
        try {
            return recode(ByteBuffer.wrap(bytes, 0, end), charset, StandardCharsets.UTF_8);
        } catch (CharacterCodingException _) {
            throw noText(charset);
        }
    }

    private static Refusal noText(Charset charset) {
        return new Refusal(ErrorCode.ILLEGAL_CHARACTERS, "a value is no text in " + charset);
    }

    /// Whether a CHAR of so many characters can hold a text.
    ///
    /// @param utf8 well-formed
    public boolean holds(SecretBytes utf8, int characters) {
        Optional<SecretBytes> held = encodeChars(utf8, characters);
        held.ifPresent(SecretBytes::destroy);
        return held.isPresent();
    }

    /// A value of the type CHAR, filled up with blanks.
    ///
    /// @param utf8 well-formed
    /// @param characters how many it has: UTF-16 units, or bytes where characters are such
    /// @return none if it has more, or some that the encoding has not
    public Optional<SecretBytes> encodeChars(SecretBytes utf8, int characters) {
        try {
            SecretBytes text = recode(ByteBuffer.wrap(utf8.reveal()), StandardCharsets.UTF_8, charset);
            byte[] bytes = text.reveal();
            if (bytes.length > length(characters)) {
                text.destroy();
                return Optional.empty();
            }
            byte[] blanks = padded("", characters);
            System.arraycopy(bytes, 0, blanks, 0, bytes.length);
            text.destroy();
            return Optional.of(SecretBytes.owning(blanks));
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    private static SecretBytes recode(ByteBuffer text, Charset from, Charset to) throws CharacterCodingException {
        CharsetDecoder decoder = from.newDecoder();
        CharsetEncoder encoder = to.newEncoder();
        // No encoding here has more characters than bytes.
        CharBuffer characters = CharBuffer.allocate(text.remaining());
        ByteBuffer encoded = ByteBuffer.allocate((int) (text.remaining() * encoder.maxBytesPerChar()));
        try {
            require(decoder.decode(text, characters, true));
            require(decoder.flush(characters));
            require(encoder.encode(characters.flip(), encoded, true));
            require(encoder.flush(encoded));
            return SecretBytes.copyOf(encoded.array(), 0, encoded.position());
        } finally {
            Arrays.fill(characters.array(), '\0');
            Arrays.fill(encoded.array(), (byte) 0);
        }
    }

    private static void require(CoderResult result) throws CharacterCodingException {
        if (!result.isUnderflow()) {
            result.throwException();
        }
    }

    /// A value of the type STRING: UTF-8 and a NUL, whatever the rest is written in.
    ///
    /// @return without the NUL
    /// @throws Refusal `0038` for bytes that are no UTF-8
    public static SecretBytes decodeString(SecretBytes value) {
        byte[] bytes = value.reveal();
        boolean ended = bytes.length > 0 && bytes[bytes.length - 1] == 0;
        ByteBuffer text = ByteBuffer.wrap(bytes, 0, ended ? bytes.length - 1 : bytes.length);
        try {
            return recode(text, StandardCharsets.UTF_8, StandardCharsets.UTF_8);
        } catch (CharacterCodingException _) {
            throw noText(StandardCharsets.UTF_8);
        }
    }

    /// A value of the type STRING.
    public static SecretBytes encodeString(SecretBytes utf8) {
        return SecretBytes.owning(Arrays.copyOf(utf8.reveal(), utf8.length() + 1));
    }
}
