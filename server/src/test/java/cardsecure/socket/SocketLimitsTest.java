package cardsecure.socket;

import static cardsecure.TestCards.VISA;
import static cardsecure.socket.SocketClient.bare;
import static cardsecure.socket.SocketClient.framed;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenerConfig.WhenFull;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/// Clients that come in numbers, send nonsense, are slow or go away. After each the server still serves others, and no
/// fault of its own stands in the log.
@Timeout(60)
class SocketLimitsTest {
    private static final String OK = "CardSecure Server OK";
    private static final String ECHO = framed("HI", "12345678");
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration LONG = SocketFixture.LONG;
    private static final Duration LOOK = Duration.ofMillis(5);

    private ListAppender<ILoggingEvent> log;
    private SocketFixture fixture;
    private SocketFront front;

    @BeforeEach
    void start() throws Exception {
        log = new ListAppender<>();
        log.start();
        root().addAppender(log);
        fixture = new SocketFixture();
        front = fixture.start();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @AfterEach
    void servesOthersAndHasNoFaults() throws Exception {
        try (SocketClient other = client()) {
            assertThat(other.call("HI", "12345678")).isEqualTo(OK);
        } finally {
            fixture.close();
            root().detachAppender(log);
        }
        assertThat(log.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
    }

    private SocketClient client() throws IOException {
        return SocketClient.to(front.address().port());
    }

    /// A listener with the given times for silence, for a frame, and for taking an answer.
    private void startImpatient(Duration idle, Duration frame, Duration reply) {
        SocketTimes times = new SocketTimes(idle, frame, LONG, reply, SHORT, LOOK);
        front = fixture.start(SocketFixture.config(Kind.SOCKET, 10, WhenFull.WAIT), times, Optional.empty());
    }

    @Test
    void aConnectionOverTheLimitWaitsForAPlace() throws Exception {
        front = fixture.start(SocketFixture.config(Kind.SOCKET, 2, WhenFull.WAIT));
        try (SocketClient first = client();
                SocketClient second = client();
                SocketClient third = client();
                SocketClient fourth = client()) {
            assertThat(first.call("HI", "12345678")).isEqualTo(OK);
            assertThat(second.call("HI", "12345678")).isEqualTo(OK);
            third.send(ECHO);
            fourth.send(ECHO);
            Waiting.until(() -> front.counts().waited() == 1);
            first.endSending();
            assertThat(third.read().data()).isEqualTo(OK);
            second.endSending();
            assertThat(fourth.read().data()).isEqualTo(OK);
            // Whether the fourth had to wait as well depends on when the second was seen to end.
            assertThat(front.counts()).isIn(new SocketCounts(4, 1, 0, 0, 0), new SocketCounts(4, 2, 0, 0, 0));
        }
    }

    @Test
    void aConnectionOverTheLimitIsRefusedWhereThatIsSet() throws Exception {
        front = fixture.start(SocketFixture.config(Kind.SOCKET, 1, WhenFull.REFUSE));
        try (SocketClient first = client()) {
            assertThat(first.call("HI", "12345678")).isEqualTo(OK);
            try (SocketClient second = client()) {
                assertThat(second.readToEnd()).isEmpty();
            }
            assertThat(front.counts()).isEqualTo(new SocketCounts(1, 0, 1, 0, 0));
            assertThat(first.call("HI", "12345678")).isEqualTo(OK);
        }
        Waiting.until(() -> !front.places().isFull());
    }

    @Test
    void aSilentConnectionEnds() throws Exception {
        startImpatient(SHORT, LONG, LONG);
        try (SocketClient silent = client()) {
            assertThat(silent.readToEnd()).isEmpty();
        }
        try (SocketClient silentLater = client()) {
            assertThat(silentLater.call("HI", "12345678")).isEqualTo(OK);
            assertThat(silentLater.readToEnd()).isEmpty();
        }
        Waiting.until(() -> front.counts().cutOff() == 2);
    }

    @Test
    void lineEndsDoNotKeepAConnection() throws Exception {
        startImpatient(SHORT, LONG, LONG);
        try (SocketClient idle = client()) {
            sendUntilCut(idle, "\r\n");
        }
        Waiting.until(() -> front.counts().cutOff() == 1);
    }

    @Test
    void whoDoesNotFinishAFrameIsCutOffAndKeepsNobodyWaiting() throws Exception {
        startImpatient(LONG, SHORT, LONG);
        for (int length = 1; length < ECHO.length(); length += 4) {
            try (SocketClient slow = client()) {
                slow.send(ECHO + ECHO.substring(0, length));
                assertThat(slow.read().data()).isEqualTo(OK);
                try (SocketClient other = client()) {
                    assertThat(other.call("HI", "12345678")).isEqualTo(OK);
                }
                assertThat(slow.readToEnd()).isEmpty();
            }
        }
    }

    @Test
    void bytesThatDribbleInDoNotKeepAConnection() throws Exception {
        startImpatient(LONG, SHORT, LONG);
        try (SocketClient slow = client()) {
            slow.send("FF9999PE01;;;;   ");
            // A frame is not read faster for being sent byte by byte, and is not whole in time.
            for (int sent = 0; front.counts().cutOff() == 0; sent++) {
                if (sent < 9_000) {
                    sendUnlessCut(slow, "x");
                }
            }
        }
        Waiting.until(() -> front.counts().cutOff() == 1);
    }

    @Test
    void whoStopsReadingIsCutOff() throws Exception {
        startImpatient(LONG, LONG, SHORT);
        try (SocketClient deaf = client()) {
            sendUntilCut(deaf, ECHO.repeat(500));
        }
        Waiting.until(() -> front.counts().cutOff() == 1);
    }

    /// Reads nothing, and sends until the connection ends.
    private static void sendUntilCut(SocketClient client, String bytes) {
        boolean open = true;
        while (open) {
            open = sendUnlessCut(client, bytes);
        }
    }

    private static boolean sendUnlessCut(SocketClient client, String bytes) {
        try {
            client.send(bytes);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void tenMegabytesOfNoiseAreAnsweredOnce() throws Exception {
        byte[] noise = new byte[10 << 20];
        new Random(1).nextBytes(noise);
        for (String start : List.of("", "FF", "FF00", "0", ECHO, "\r\n")) {
            try (SocketClient noisy = client()) {
                noisy.send(start + "\u0000" + new String(noise, StandardCharsets.ISO_8859_1));
                noisy.endSending();
                assertThat(noisy.readToEnd())
                        .as(start)
                        .endsWith("0039::Wrong message length")
                        .hasSizeLessThan(100);
            }
        }
    }

    @Test
    void aFrameWithAnyByteChangedIsAnsweredOrRefused() throws Exception {
        Random random = new Random(1);
        for (String frame : List.of(framed("CE", VISA), bare("CE", "abcd", VISA))) {
            for (int i = 0; i < frame.length(); i++) {
                for (char changed : new char[] {'\u0000', '\u00ff', '9', '\n', (char) random.nextInt(256)}) {
                    try (SocketClient client = client()) {
                        client.send(frame.substring(0, i) + changed + frame.substring(i + 1));
                        client.endSending();
                        assertThat(client.readToEnd())
                                .as("byte " + i + " is " + (int) changed)
                                .matches("(?s)(FF)?[0-9]{4}(CE|ER).*");
                    }
                }
            }
        }
    }

    @Test
    void whoGoesAwayAtAnyByteIsNobodysFault() throws Exception {
        String frames = ECHO + framed("CE", VISA);
        for (int length = 0; length <= frames.length(); length++) {
            try (SocketClient client = client()) {
                client.send(frames.substring(0, length));
            }
        }
        assertThat(front.counts().cutOff()).isZero();
    }

    @Test
    void aLengthThatLiesIsTakenAtItsWord() throws Exception {
        try (SocketClient client = client()) {
            // One too few: the last byte begins the next frame. One too many: it lacks a byte.
            client.send("FF0018HI01;;;;   12345678");
            assertThat(client.read().data()).isEqualTo("0021::Data too short");
            client.send("FF0020HI01;;;;   12345678");
            client.endSending();
            assertThat(client.readToEnd()).endsWith("0039::Wrong message length");
        } catch (SocketTimeoutException e) {
            throw new AssertionError("not answered", e);
        }
    }
}
