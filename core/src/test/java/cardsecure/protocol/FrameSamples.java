package cardsecure.protocol;

import cardsecure.TestCards;
import cardsecure.vault.Call;
import cardsecure.vault.Parameters;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Frames for tests, and how a connection is read in portions.
final class FrameSamples {
    private FrameSamples() {}

    /// A framed request; the length is right whatever the data.
    static byte[] framed(String function, String data) {
        return framed("01", function, "abcd", "   ", data);
    }

    static byte[] framed(String version, String function, String trace, String keyId, String data) {
        byte[] tail = utf8(function + version + trace + keyId + data);
        return joined(utf8("FF" + String.format("%04d", tail.length)), tail);
    }

    /// A bare request.
    static byte[] bare(String function, String trace, String keyId, String data) {
        byte[] tail = utf8(function + trace + keyId + data);
        return joined(utf8(String.format("%04d", tail.length)), tail);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] joined(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    /// What a decoder makes of bytes that come in portions of at most `portion`, up to the connection's end or to what
    /// is unreadable.
    static List<String> decoded(int lengthMax, byte[] bytes, int portion) {
        FrameDecoder decoder = new FrameDecoder(lengthMax);
        List<String> found = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            ByteBuffer space = decoder.space();
            int length = Math.min(Math.min(space.remaining(), portion), bytes.length - at);
            space.put(bytes, at, length);
            at += length;
            FrameDecoder.Decoded next = decoder.next();
            while (!(next instanceof FrameDecoder.Incomplete)) {
                found.add(shown(next));
                if (next instanceof FrameDecoder.Unreadable) {
                    return found;
                }
                next = decoder.next();
            }
        }
        if (decoder.end() instanceof FrameDecoder.Unreadable cutOff) {
            found.add(shown(cutOff));
        }
        return found;
    }

    /// All of it as text, so that two can be compared and read.
    static String shown(FrameDecoder.Decoded decoded) {
        return switch (decoded) {
            case FrameDecoder.Incomplete _ -> "incomplete";
            case FrameDecoder.Frame(FrameHeader header, Call call) -> shown(header) + shown(call);
            case FrameDecoder.Unreadable(FrameHeader header, Call call) -> "unreadable " + shown(header) + shown(call);
        };
    }

    private static String shown(FrameHeader header) {
        return header.dialect() + " [" + header.trace() + "] [" + header.keyId() + "] ";
    }

    private static String shown(Parameters signed) {
        return " ref [" + signed.ref().orElse("-") + "] time [" + signed.time().orElse("-") + "] sig ["
                + signed.sig().orElse("-") + "]";
    }

    private static String shown(Call call) {
        return switch (call) {
            case Call.Decoded decoded ->
                decoded.action().orElse("-") + " "
                        + decoded.data().map(TestCards::text).orElse("-")
                        + (decoded.parameters().unique() ? " unique" : "")
                        + decoded.parameters().keyId().map(" key "::concat).orElse("");
            case Call.Signable(Call.Decoded plain, Call.Decoded signed) ->
                shown(plain) + " | " + shown(signed) + shown(signed.parameters());
            case Call.Malformed malformed ->
                malformed.code().digits() + malformed.action().map(" "::concat).orElse("");
        };
    }
}
