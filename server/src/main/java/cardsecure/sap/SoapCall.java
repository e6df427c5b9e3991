package cardsecure.sap;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.rfc.FunctionInterface.Parameter;
import cardsecure.rfc.TextEncoding;
import cardsecure.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// A function call in a SOAP 1.1 envelope, as SAP's own SOAP interface takes it. Parameters go by their local
/// names, in any order, with a namespace or without.
///
/// @param function the function module's name, not known to be one
/// @param values UTF-8, by the parameters' names
/// @param understood whether no header has to be understood: none is
public record SoapCall(String function, Map<String, SecretBytes> values, boolean understood)
        implements FunctionDispatcher.Inputs {
    static final String NO_CALL = "the body is no SOAP envelope with a call: ";
    static final String NOT_WELL_FORMED = "it is not well-formed";
    private static final String ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/";
    private static final String NEXT = "http://schemas.xmlsoap.org/soap/actor/next";
    private static final int NAME_MAX = 30;
    private static final int PARAMETERS_MAX = 64;
    private static final int DEPTH_MAX = 16;
    private static final int BLANK = ' ';

    /// Keeps a copy.
    public SoapCall {
        values = Map.copyOf(values);
    }

    /// The call of a request's body.
    ///
    /// @param charset what the header says that the body is written in (RFC 7303); otherwise XML itself says it
    /// @throws Refusal `0038` for a body that is no such envelope, or has a document type: nothing is fetched,
    ///     and no entity is expanded
    public static SoapCall decode(byte[] body, Optional<String> charset) {
        try (XmlCharacters characters = XmlCharacters.of(body, charset)) {
            XMLStreamReader xml = byParser(() -> factory().createXMLStreamReader(characters.reader()));
            try {
                return new Reading(xml).call();
            } finally {
                xml.close();
            }
        } catch (XMLStreamException _) {
            // The parser's own message would quote the body.
            throw malformed(NOT_WELL_FORMED);
        }
    }

    /// What the parser does.
    @FunctionalInterface
    private interface Parsing<T> {
        T get() throws XMLStreamException;
    }

    /// For some of what can be wrong the JDK's parser lacks the message, and fails by another exception then.
    private static <T> T byParser(Parsing<T> parsing) throws XMLStreamException {
        try {
            return parsing.get();
        } catch (RuntimeException _) {
            throw malformed(NOT_WELL_FORMED);
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setXMLResolver((_, _, _, _) -> {
            throw new XMLStreamException("nothing is fetched");
        });
        return factory;
    }

    private static Refusal malformed(String reason) {
        return new Refusal(ErrorCode.ILLEGAL_CHARACTERS, NO_CALL + reason);
    }

    /// The value of a parameter, of a CHAR without the blanks at its end.
    ///
    /// @throws Refusal `0039` for one that is longer than its parameter
    @Override
    public Optional<SecretBytes> value(Parameter parameter) {
        return Optional.ofNullable(values.get(parameter.name()))
                .map(value ->
                        parameter.width().map(width -> chars(value, width)).orElse(value));
    }

    /// XML is text, so there are no other bytes.
    @Override
    public Optional<SecretBytes> bytes(Parameter parameter) {
        return value(parameter);
    }

    @Override
    public boolean takes(Parameter result) {
        return true;
    }

    private static SecretBytes chars(SecretBytes value, int width) {
        int end = value.length();
        while (end > 0 && value.reveal()[end - 1] == BLANK) {
            end--;
        }
        SecretBytes text = SecretBytes.copyOf(value.reveal(), 0, end);
        if (!TextEncoding.UTF16_LE.holds(text, width)) {
            throw new Refusal(ErrorCode.WRONG_MESSAGE_LENGTH, "a value is longer than a CHAR of " + width);
        }
        return text;
    }

    /// Overwrites all values.
    public void destroy() {
        values.values().forEach(SecretBytes::destroy);
    }

    /// Says how many, not what.
    @Override
    public String toString() {
        return "SoapCall[" + values.size() + " values]";
    }

    /// One envelope.
    private static final class Reading {
        private final XMLStreamReader xml;
        private final Map<String, SecretBytes> values = new HashMap<>();
        private boolean understood = true;

        Reading(XMLStreamReader xml) {
            this.xml = xml;
        }

        SoapCall call() throws XMLStreamException {
            requireElement(nextTag(), "Envelope");
            int event = nextTag();
            if (event == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("Header")) {
                skip();
                event = nextTag();
            }
            requireElement(event, "Body");
            if (nextTag() != XMLStreamConstants.START_ELEMENT) {
                throw malformed("nothing is called");
            }
            if (!SoapReplies.FUNCTIONS.equals(xml.getNamespaceURI())) {
                throw malformed("what is called has another namespace");
            }
            String function = name();
            while (nextTag() == XMLStreamConstants.START_ELEMENT) {
                takeParameter();
            }
            // The ends of body and envelope, and of the document.
            for (int i = 0; i < 2; i++) {
                if (nextTag() != XMLStreamConstants.END_ELEMENT) {
                    throw malformed("there is more than a call");
                }
            }
            while (xml.hasNext()) {
                int _ = next();
            }
            return new SoapCall(function, values, understood);
        }

        private void requireElement(int event, String name) {
            boolean is = event == XMLStreamConstants.START_ELEMENT
                    && xml.getLocalName().equals(name)
                    && ENVELOPE.equals(xml.getNamespaceURI());
            if (!is) {
                throw malformed("it has no " + name);
            }
        }

        /// The next start or end of an element; between them there is nothing but blanks.
        private int nextTag() throws XMLStreamException {
            while (xml.hasNext()) {
                int event = next();
                if (event == XMLStreamConstants.START_ELEMENT || event == XMLStreamConstants.END_ELEMENT) {
                    return event;
                }
                if (event == XMLStreamConstants.CHARACTERS && !xml.isWhiteSpace()) {
                    throw malformed("it has text where elements belong");
                }
            }
            throw malformed("it ends early");
        }

        private int next() throws XMLStreamException {
            int event = byParser(xml::next);
            if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
                throw malformed("it has a document type or an entity");
            }
            return event;
        }

        private void skip() throws XMLStreamException {
            int depth = 1;
            while (depth > 0) {
                int event = next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    understood = understood && !(depth == 1 && mustBeUnderstood());
                    depth++;
                } else if (event == XMLStreamConstants.END_ELEMENT) {
                    depth--;
                }
                if (depth > DEPTH_MAX) {
                    throw malformed("its header is too deep");
                }
            }
        }

        /// Of what is meant for another node on the way nothing has to be understood (SOAP 1.1, 4.2).
        private boolean mustBeUnderstood() {
            Optional<String> actor = Optional.ofNullable(xml.getAttributeValue(ENVELOPE, "actor"));
            return "1".equals(xml.getAttributeValue(ENVELOPE, "mustUnderstand"))
                    && actor.filter(uri -> !uri.isEmpty() && !uri.equals(NEXT)).isEmpty();
        }

        private String name() {
            String name = SoapReplies.abapName(xml.getLocalName());
            if (name.length() > NAME_MAX) {
                throw malformed("a name is too long");
            }
            return name;
        }

        private void takeParameter() throws XMLStreamException {
            String name = name();
            if (values.size() == PARAMETERS_MAX || values.putIfAbsent(name, text()) != null) {
                throw malformed("there are too many parameters, or one comes twice");
            }
        }

        /// An element's text up to its end, without ever being a String.
        private SecretBytes text() throws XMLStreamException {
            CharBuffer text = CharBuffer.allocate(64);
            while (true) {
                int event = next();
                switch (event) {
                    case XMLStreamConstants.END_ELEMENT -> {
                        return utf8(text.flip());
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                        text = with(text, xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
                    case XMLStreamConstants.COMMENT, XMLStreamConstants.PROCESSING_INSTRUCTION -> {
                        // Says nothing.
                    }
                    default -> throw malformed("a parameter is no text");
                }
            }
        }

        private static CharBuffer with(CharBuffer text, char[] more, int from, int length) {
            CharBuffer target = text;
            if (target.remaining() < length) {
                target = CharBuffer.allocate(Math.max(2 * text.capacity(), text.position() + length));
                target.put(text.flip());
                Arrays.fill(text.array(), '\0');
            }
            return target.put(more, from, length);
        }

        private static SecretBytes utf8(CharBuffer text) {
            ByteBuffer bytes = ByteBuffer.allocate(3 * text.remaining());
            try {
                var encoder = StandardCharsets.UTF_8.newEncoder();
                var result = encoder.encode(text, bytes, true);
                if (!result.isUnderflow()) {
                    result.throwException();
                }
                return SecretBytes.copyOf(bytes.array(), 0, bytes.position());
            } catch (CharacterCodingException _) {
                throw malformed("a value is no text");
            } finally {
                Arrays.fill(text.array(), '\0');
                Arrays.fill(bytes.array(), (byte) 0);
            }
        }
    }
}
