package cardsecure.sap;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.io.CharArrayReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The characters of an XML document. The JDK's parser could find them itself, but of bytes that are no text it
/// tells the standard error stream, past the log, as often as anybody sends some. Overwritten when closed.
final class XmlCharacters implements AutoCloseable {
    private static final int DECLARATION_MAX = 200;
    private static final Pattern DECLARED = Pattern.compile(
            "(?:\u00ef\u00bb\u00bf)?<\\?xml\\s[^>]*?\\bencoding\\s*=\\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,39})[\"']");
    /// Those of which the JDK's decoders are simple; SOAP's clients send the first.
    private static final Pattern KNOWN =
            Pattern.compile("UTF-8|UTF-16(BE|LE)?|US-ASCII|ISO-8859-[0-9]+|windows-125[0-9]");

    private static final char MARK = '\ufeff';

    private final CharBuffer characters;

    private XmlCharacters(CharBuffer characters) {
        this.characters = characters;
    }

    /// The characters of a document's bytes.
    ///
    /// @param charset what its header says that they are; otherwise they say it themselves (XML 1.0, appendix F)
    /// @throws Refusal `0038` if they are none, or in a charset that is not known
    static XmlCharacters of(byte[] body, Optional<String> charset) {
        CharsetDecoder decoder = charset.or(() -> declared(body))
                .map(XmlCharacters::known)
                .orElseGet(() -> shown(body))
                .newDecoder();
        CharBuffer characters = CharBuffer.allocate((int) Math.ceil(body.length * (double) decoder.maxCharsPerByte()));
        XmlCharacters text = new XmlCharacters(characters);
        try {
            ByteBuffer bytes = ByteBuffer.wrap(body);
            var decoded = decoder.decode(bytes, characters, true);
            var flushed = decoded.isUnderflow() ? decoder.flush(characters) : decoded;
            if (!flushed.isUnderflow()) {
                flushed.throwException();
            }
        } catch (CharacterCodingException _) {
            text.close();
            throw noText();
        }
        characters.flip();
        return text;
    }

    private static Refusal noText() {
        return new Refusal(ErrorCode.ILLEGAL_CHARACTERS, SoapCall.NO_CALL + SoapCall.NOT_WELL_FORMED);
    }

    private static Charset known(String name) {
        try {
            Charset charset = Charset.forName(name);
            if (KNOWN.matcher(charset.name()).matches()) {
                return charset;
            }
        } catch (IllegalArgumentException _) {
            // Nobody knows it.
        }
        throw noText();
    }

    /// What a declaration in single bytes says.
    private static Optional<String> declared(byte[] body) {
        String start = new String(body, 0, Math.min(body.length, DECLARATION_MAX), StandardCharsets.ISO_8859_1);
        Matcher declared = DECLARED.matcher(start);
        return declared.lookingAt() ? Optional.of(declared.group(1)) : Optional.empty();
    }

    /// By the mark at the begin, or by how an angle bracket is written there.
    private static Charset shown(byte[] body) {
        int first = body.length > 0 ? body[0] & 0xff : -1;
        int second = body.length > 1 ? body[1] & 0xff : -1;
        if ((first == 0xfe && second == 0xff) || (first == 0 && second == '<')) {
            return StandardCharsets.UTF_16BE;
        }
        boolean littleEndian = (first == 0xff && second == 0xfe) || (first == '<' && second == 0);
        return littleEndian ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
    }

    /// Reads them, without the mark that may be at the begin.
    Reader reader() {
        int from = characters.hasRemaining() && characters.get(0) == MARK ? 1 : 0;
        return new CharArrayReader(characters.array(), from, characters.limit() - from);
    }

    @Override
    public void close() {
        Arrays.fill(characters.array(), '\0');
    }
}
