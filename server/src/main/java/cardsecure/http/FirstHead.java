package cardsecure.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Passes on what a client sends. If the first request is one of HTTP/1.0, which the web server does not speak, its
/// head becomes that of a request of HTTP/1.1 that asks to close the connection; all answers have a length, so the
/// client can read them. It is the only one of its connection.
final class FirstHead implements Supplier<byte @Nullable []> {
    private static final String OLD = " HTTP/1.0\r\n";
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final Pattern EXPECT = Pattern.compile("(?dim)^expect:[^\r\n]*\r\n");

    private final Supplier<byte @Nullable []> source;
    private final int lengthMax;
    private final InetAddress own;
    private boolean past;

    /// @param source of bytes, or null at the end
    /// @param lengthMax of a head; nothing longer is gathered
    /// @param own address, for requests that do not say whom they are sent to
    FirstHead(Supplier<byte @Nullable []> source, int lengthMax, InetAddress own) {
        this.source = source;
        this.lengthMax = lengthMax;
        this.own = own;
    }

    @Override
    public byte @Nullable [] get() {
        byte[] next = source.get();
        if (past || next == null) {
            return next;
        }
        past = true;
        return translated(next);
    }

    private byte[] translated(byte[] start) {
        byte[] gathered = start;
        while (mayBeOld(gathered) && !text(gathered).contains(END_OF_HEAD) && gathered.length < lengthMax) {
            byte[] more = source.get();
            if (more == null) {
                return gathered;
            }
            gathered = concat(gathered, more);
        }
        return mayBeOld(gathered) ? withNewHead(gathered) : gathered;
    }

    /// Whether the first line is one of HTTP/1.0, or not there yet.
    private static boolean mayBeOld(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        int start = Math.max(0, end + 1 - OLD.length());
        return end == bytes.length
                || new String(bytes, start, end + 1 - start, StandardCharsets.ISO_8859_1).equals(OLD);
    }

    /// `Expect` is left out: the answer 100 to it is none of HTTP/1.0 (RFC 9110, section 10.1.1). What has no end, or
    /// chunks, which HTTP/1.0 does not have, stays as it is and is refused by the web server.
    private byte[] withNewHead(byte[] bytes) {
        String text = text(bytes);
        int end = text.indexOf(END_OF_HEAD);
        int line = text.indexOf(OLD);
        if (end < 0 || line < 0 || line > end) {
            return bytes;
        }
        String headers = text.substring(line + OLD.length(), end + 2);
        String known = "\r\n" + headers.toLowerCase(Locale.ROOT);
        if (known.contains("\r\ntransfer-encoding:")) {
            return bytes;
        }
        String host = known.contains("\r\nhost:") ? "" : "Host: " + shown(own) + "\r\n";
        String kept = EXPECT.matcher(headers).replaceAll("");
        String head = text.substring(0, line) + " HTTP/1.1\r\nConnection: close\r\n" + host + kept;
        return concat(head.getBytes(StandardCharsets.ISO_8859_1), Arrays.copyOfRange(bytes, end + 2, bytes.length));
    }

    private static String shown(InetAddress address) {
        String text = address.getHostAddress().replaceFirst("%.*", "");
        return address instanceof Inet6Address ? "[" + text + "]" : text;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
