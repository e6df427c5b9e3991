package cardsecure.protocol;

import cardsecure.vault.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Replies to bytes, exactly as the legacy clients take them apart: no line end, no mark, no blank more or less.
public final class ReplyEncoder {
    /// The action of an error.
    public static final String ERROR = "ER";

    private ReplyEncoder() {}

    /// The body of a reply, UTF-8.
    public static byte[] encode(Reply reply, ReplyFormat format) {
        String action = action(reply);
        String data = data(reply);
        String body = switch (format) {
            case FORM -> "action=" + action + "&data=" + URLEncoder.encode(data, StandardCharsets.UTF_8);
            case JSONP ->
                "processToken( { \"action\" : \"" + action + "\", \"data\" : \"" + jsonEscape(data) + "\" } )";
            case XML ->
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><cardsecure><action>" + action + "</action><data>"
                        + xmlEscape(data) + "</data></cardsecure>";
        };
        return body.getBytes(StandardCharsets.UTF_8);
    }

    /// The reply's action code: the request's own, or `ER`.
    public static String action(Reply reply) {
        return switch (reply) {
            case Reply.Tokenized tokenized -> tokenized.action().name();
            case Reply.Told told -> told.action().name();
            case Reply.Revealed revealed -> revealed.action().name();
            case Reply.Encrypted encrypted -> encrypted.action().name();
            case Reply.Decrypted decrypted -> decrypted.action().name();
            case Reply.Refused _, Reply.CredentialsNeeded _, Reply.TooManyRequests _, Reply.Overloaded _ -> ERROR;
        };
    }

    private static String data(Reply reply) {
        return switch (reply) {
            case Reply.Tokenized tokenized -> tokenized.token().text();
            case Reply.Told told -> told.text();
            case Reply.Revealed revealed -> new String(revealed.data().reveal(), StandardCharsets.UTF_8);
            case Reply.Encrypted encrypted -> encrypted.ciphertext();
            case Reply.Decrypted decrypted -> new String(decrypted.data().reveal(), StandardCharsets.UTF_8);
            case Reply.Refused refused -> refused.code().wire();
            case Reply.CredentialsNeeded _, Reply.TooManyRequests _, Reply.Overloaded _ -> "";
        };
    }

    /// RFC 8259, section 7; and U+2028, U+2029, because clients `eval` the reply and older engines end a line there.
    private static String jsonEscape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c < ' ' || c == '\u2028' || c == '\u2029') {
                escaped.append(String.format("\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /// XML 1.0, section 2.4.
    private static String xmlEscape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
