package cardsecure.protocol;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Seeded;
import cardsecure.TestCards;
import cardsecure.error.ErrorCode;
import cardsecure.token.Token;
import cardsecure.vault.Action;
import cardsecure.vault.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/// The bytes are those of the vendor's guide and of three clients that take them apart.
class ReplyEncoderTest {
    private static final Reply TOKENIZED = new Reply.Tokenized(Action.CE, new Token("9441149619831111"));
    private static final Reply REFUSED = new Reply.Refused(ErrorCode.DECRYPTION_FAILURE, "0123456789");
    private static final String HOSTILE =
            "a\"b\\c</script>&d=e%f +\u2028\u2029\u00e9\u5317" + Character.toString(0x1F600);

    @Test
    void withoutATypeTheReplyIsAForm() {
        assertThat(encoded(TOKENIZED, ReplyFormat.FORM)).isEqualTo("action=CE&data=9441149619831111");
        assertThat(encoded(REFUSED, ReplyFormat.FORM)).isEqualTo("action=ER&data=0024%3A%3ADecryption+failure");
        assertThat(encoded(told("Token Not Found"), ReplyFormat.FORM)).isEqualTo("action=CV&data=Token+Not+Found");
        assertThat(encoded(new Reply.Refused(ErrorCode.LUHN_FAILED, ""), ReplyFormat.FORM))
                .isEqualTo("action=ER&data=0054%3A%3ACard+number+check+%28Luhn+formula%29+failed");
    }

    @Test
    void jsonIsACallOfProcessToken() {
        Reply tokenized = new Reply.Tokenized(Action.CE, new Token("9124334659621234"));
        Reply refused = new Reply.Refused(ErrorCode.NOT_DECIMAL_DIGITS, "0123456789");

        assertThat(encoded(tokenized, ReplyFormat.JSONP))
                .isEqualTo("processToken( { \"action\" : \"CE\", \"data\" : \"9124334659621234\" } )");
        assertThat(encoded(refused, ReplyFormat.JSONP))
                .isEqualTo("processToken( { \"action\" : \"ER\", \"data\" : \"0008::Data not decimal digits\" } )");
    }

    @Test
    void xmlIsOneLine() {
        assertThat(encoded(TOKENIZED, ReplyFormat.XML))
                .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?><cardsecure><action>CE</action>"
                        + "<data>9441149619831111</data></cardsecure>");
        assertThat(encoded(REFUSED, ReplyFormat.XML))
                .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?><cardsecure><action>ER</action>"
                        + "<data>0024::Decryption failure</data></cardsecure>");
    }

    @Test
    void revealedDataGoOutUnderTheirAction() {
        Reply revealed = new Reply.Revealed(Action.CD, secret(TestCards.BANK_ACCOUNT));

        assertThat(encoded(revealed, ReplyFormat.FORM)).isEqualTo("action=CD&data=123456789%2F1234123412341234");
        assertThat(encoded(revealed, ReplyFormat.JSONP))
                .isEqualTo("processToken( { \"action\" : \"CD\", \"data\" : \"123456789/1234123412341234\" } )");
    }

    @Test
    void aCiphertextIsTheSameInEveryForm() {
        Reply encrypted = new Reply.Encrypted(Action.EC, "E01", "E01-_aZ09");

        assertThat(encoded(encrypted, ReplyFormat.FORM)).isEqualTo("action=EC&data=E01-_aZ09");
        assertThat(encoded(encrypted, ReplyFormat.JSONP))
                .isEqualTo("processToken( { \"action\" : \"EC\", \"data\" : \"E01-_aZ09\" } )");
        assertThat(encoded(encrypted, ReplyFormat.XML))
                .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?><cardsecure><action>EC</action>"
                        + "<data>E01-_aZ09</data></cardsecure>");
        assertThat(encoded(new Reply.Decrypted(Action.DE, "E01", secret(TestCards.VISA)), ReplyFormat.FORM))
                .isEqualTo("action=DE&data=" + TestCards.VISA);
    }

    @Test
    void aReplyWithoutCredentialsIsAnEmptyError() {
        assertThat(encoded(new Reply.CredentialsNeeded("0123456789"), ReplyFormat.FORM))
                .isEqualTo("action=ER&data=");
    }

    @Test
    void theClientThatCutsOffFifteenCharactersFindsTheToken() {
        assertThat(encoded(TOKENIZED, ReplyFormat.FORM).substring(15)).isEqualTo("9441149619831111");
    }

    @Test
    void theClientThatCutsOutTheObjectFindsJson() {
        String reply = encoded(told(HOSTILE), ReplyFormat.JSONP);

        assertThat(dataOfJson(reply.substring(14, reply.length() - 2))).isEqualTo(HOSTILE);
    }

    @Test
    void theClientThatLooksForTheLastParenthesisFindsJson() {
        String reply = encoded(told("a)b" + HOSTILE + ")"), ReplyFormat.JSONP);

        assertThat(reply).startsWith("processToken(");
        assertThat(dataOfJson(reply.substring(13, reply.lastIndexOf(')')).strip()))
                .isEqualTo("a)b" + HOSTILE + ")");
    }

    @Test
    void theClientThatEvaluatesTheReplyFindsOneExpression() {
        String reply = encoded(told(HOSTILE + "\n\r\t\0\u001f"), ReplyFormat.JSONP);

        assertThat(reply).doesNotContainPattern("[\\x00-\\x1f\u2028\u2029]").doesNotContain(";");
        assertThat(reply).contains("\\u2028\\u2029", "\\u000a\\u000d\\u0009\\u0000\\u001f", "a\\\"b\\\\c");
    }

    @Test
    void everyTextComesBackFromEveryForm() {
        Seeded.forAll(300, random -> {
            String text = printable(random);
            String form = encoded(told(text), ReplyFormat.FORM);
            assertThat(form).matches("action=CV&data=[0-9A-Za-z.*_+%-]*");
            assertThat(URLDecoder.decode(form.substring(15), StandardCharsets.UTF_8))
                    .isEqualTo(text);
            String json = encoded(told(text), ReplyFormat.JSONP);
            assertThat(dataOfJson(json.substring(14, json.length() - 2))).isEqualTo(text);
            assertThat(dataOfXml(encoded(told(text), ReplyFormat.XML))).isEqualTo(text);
        });
    }

    private static String printable(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(40);
        while (text.length() < length) {
            int c = random.nextBoolean() ? ' ' + random.nextInt(95) : random.nextInt(0x11000);
            boolean kept = c >= ' ' && !(c >= 0x7F && c < 0xA0) && !(c >= 0xD800 && c < 0xE000) && c < 0xFFFE;
            text.appendCodePoint(kept ? c : 'x');
        }
        return text.toString();
    }

    /// RFC 8259 by hand, for an object of the two members that every reply has.
    private static String dataOfJson(String object) {
        String start = "{ \"action\" : \"CV\", \"data\" : \"";
        assertThat(object).startsWith(start).endsWith("\" }");
        String escaped = object.substring(start.length(), object.length() - 3);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            assertThat(c).isNotEqualTo('"').isGreaterThanOrEqualTo(' ');
            if (c != '\\') {
                text.append(c);
            } else if (escaped.charAt(i + 1) == 'u') {
                text.append((char) Integer.parseInt(escaped.substring(i + 2, i + 6), 16));
                i += 5;
            } else {
                i++;
                assertThat(escaped.charAt(i)).isIn('"', '\\');
                text.append(escaped.charAt(i));
            }
        }
        return text.toString();
    }

    private static String dataOfXml(String xml) throws ParserConfigurationException, IOException, SAXException {
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
        return document.getElementsByTagName("data").item(0).getTextContent();
    }

    private static Reply told(String text) {
        return new Reply.Told(Action.CV, text);
    }

    private static String encoded(Reply reply, ReplyFormat format) {
        return new String(ReplyEncoder.encode(reply, format), StandardCharsets.UTF_8);
    }
}
