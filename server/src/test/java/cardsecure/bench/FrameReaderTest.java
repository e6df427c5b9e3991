package cardsecure.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
    private static final String BODY = "ER01load   0007::Invalid action";
    private static final String WHOLE = "FF0031" + BODY;

    private final FrameReader reader = new FrameReader();

    private boolean put(String part) throws IOException {
        reader.buffer().put(part.getBytes(StandardCharsets.ISO_8859_1));
        return reader.complete();
    }

    @Test
    void readsAReplyThatIsSplitAtAnyTwoBytes() throws IOException {
        for (int first = 0; first <= WHOLE.length(); first++) {
            for (int second = first; second <= WHOLE.length(); second++) {
                reader.clear();
                assertThat(put(WHOLE.substring(0, first))).isEqualTo(first == WHOLE.length());
                assertThat(put(WHOLE.substring(first, second))).isEqualTo(second == WHOLE.length());
                assertThat(put(WHOLE.substring(second))).isTrue();
                String body = new String(reader.bytes(), StandardCharsets.ISO_8859_1)
                        .substring(reader.bodyStart(), reader.bodyEnd());
                assertThat(body).isEqualTo(BODY);
                assertThat(reader.refusal()).isEmpty();
                assertThat(reader.closing()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0031ER", "FF00 1ER", "FF9999ER", "FF0001ER", "HTTP/1.1 400 Bad Request"})
    void refusesWhatItCannotRead(String reply) {
        assertThatThrownBy(() -> put(reply)).isInstanceOf(IOException.class);
    }
}
