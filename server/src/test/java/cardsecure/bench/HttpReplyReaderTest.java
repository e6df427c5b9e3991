package cardsecure.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpReplyReaderTest {
    private static final String BODY = "action=ER&data=0007%3A%3AInvalid+action";
    private static final String WHOLE = "HTTP/1.1 200 OK\r\nDate: today\r\nConnection: keep-alive\r\ncOnTent-length:  "
            + BODY.length() + "\r\nContent-Type: text/plain\r\n\r\n" + BODY;

    private final HttpReplyReader reader = new HttpReplyReader();

    private boolean put(String part) throws IOException {
        reader.buffer().put(part.getBytes(StandardCharsets.ISO_8859_1));
        return reader.complete();
    }

    private String body() {
        return new String(
                reader.bytes(), reader.bodyStart(), reader.bodyEnd() - reader.bodyStart(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void readsAReplyThatIsSplitAtAnyTwoBytes() throws IOException {
        for (int first = 0; first <= WHOLE.length(); first++) {
            for (int second = first; second <= WHOLE.length(); second++) {
                reader.clear();
                assertThat(put(WHOLE.substring(0, first))).isEqualTo(first == WHOLE.length());
                assertThat(put(WHOLE.substring(first, second))).isEqualTo(second == WHOLE.length());
                assertThat(put(WHOLE.substring(second))).isTrue();
                assertThat(reader.refusal()).isEmpty();
                assertThat(body()).isEqualTo(BODY);
                assertThat(reader.closing()).isFalse();
            }
        }
    }

    @Test
    void readsAReplyByteByByte() throws IOException {
        for (int i = 0; i < WHOLE.length() - 1; i++) {
            assertThat(put(WHOLE.substring(i, i + 1))).isFalse();
        }
        assertThat(put(WHOLE.substring(WHOLE.length() - 1))).isTrue();
        assertThat(body()).isEqualTo(BODY);
    }

    @Test
    void seesThatTheServerCloses() throws IOException {
        assertThat(put("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: Close\r\n\r\n"))
                .isTrue();
        assertThat(reader.refusal()).contains("HTTP 503");
        assertThat(reader.closing()).isTrue();
        assertThat(body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab",
                "HTTP/1.1 \r\nContent-Length: 1\r\n\r\n",
                "SSH-2.0-dropbear\r\n\r\n",
                "\r\n\r\n",
            })
    void refusesWhatItCannotRead(String reply) {
        assertThatThrownBy(() -> put(reply)).isInstanceOf(IOException.class);
    }

    @Test
    void refusesAHeadWithoutEnd() {
        assertThatThrownBy(() -> put("HTTP/1.1 200 OK\r\nX: ".concat("x".repeat(ReplyReader.SIZE_MAX - 20))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than");
    }
}
