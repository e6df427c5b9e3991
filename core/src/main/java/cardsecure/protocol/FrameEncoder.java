package cardsecure.protocol;

import cardsecure.error.ErrorCode;
import cardsecure.vault.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Replies to frames of the raw socket, in the dialect of their requests.
public final class FrameEncoder {
    private static final String VERSION = "01";

    private FrameEncoder() {}

    /// A reply's frame; none if a frame cannot hold so much.
    ///
    /// @param header the request's
    public static Optional<byte[]> encode(FrameHeader header, Reply reply) {
        FrameDialect dialect = header.dialect();
        byte[] data = data(reply);
        int length = dialect.headerLength() + data.length;
        if (length > FrameDecoder.LENGTH_MAX) {
            return Optional.empty();
        }
        byte[] frame = new byte[dialect.prefixLength() + length];
        int at = put(frame, 0, dialect.mark());
        for (int power = 1000; power > 0; power /= 10) {
            frame[at] = (byte) ('0' + length / power % 10);
            at++;
        }
        at = put(frame, at, ReplyEncoder.action(reply));
        at = switch (dialect) {
            case FRAMED -> put(frame, at, VERSION);
            case BARE -> at;
        };
        at = put(frame, at, header.trace());
        at = put(frame, at, keyId(header, reply));
        System.arraycopy(data, 0, frame, at, data.length);
        return Optional.of(frame);
    }

    /// The key that was used, where one was; else the request's own three bytes.
    private static String keyId(FrameHeader header, Reply reply) {
        return switch (reply) {
            case Reply.Encrypted encrypted -> encrypted.keyId();
            case Reply.Decrypted decrypted -> decrypted.keyId();
            case Reply.Tokenized _,
                    Reply.Told _,
                    Reply.Revealed _,
                    Reply.Refused _,
                    Reply.CredentialsNeeded _,
                    Reply.TooManyRequests _,
                    Reply.Overloaded _ -> header.keyId();
        };
    }

    private static byte[] data(Reply reply) {
        return switch (reply) {
            case Reply.Tokenized tokenized -> utf8(tokenized.token().text());
            case Reply.Told told -> utf8(told.text());
            case Reply.Revealed revealed -> revealed.data().reveal();
            case Reply.Encrypted encrypted -> utf8(encrypted.ciphertext());
            case Reply.Decrypted decrypted -> decrypted.data().reveal();
            case Reply.Refused refused -> utf8(refused.code().wire());
            // A socket has no way to ask for credentials: who has none to show is an unauthorized host.
            case Reply.CredentialsNeeded _ -> utf8(ErrorCode.UNAUTHORIZED_HOST.wire());
            case Reply.TooManyRequests _, Reply.Overloaded _ -> utf8(ErrorCode.SERVER_FAILED.wire());
        };
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Puts a text, each char a byte.
    private static int put(byte[] frame, int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            frame[at + i] = (byte) text.charAt(i);
        }
        return at + text.length();
    }
}
