package cardsecure.socket;

import static cardsecure.TestCards.VISA;
import static cardsecure.socket.SocketClient.bare;
import static cardsecure.socket.SocketClient.framed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.TestCards;
import cardsecure.audit.AuditEvent;
import cardsecure.config.Listen;
import cardsecure.config.ListenException;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenerConfig.WhenFull;
import cardsecure.site.AddressRange;
import cardsecure.site.SiteSetting;
import cardsecure.socket.SocketClient.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The legacy API over real sockets, with what clients see of it.
@Timeout(60)
class SocketFrontTest {
    private static final String OK = "CardSecure Server OK";
    private static final String LOST = "FF0037ER01;;;;   0039::Wrong message length";

    private SocketFixture fixture;
    private SocketFront front;
    private SocketClient client;

    @BeforeEach
    void start() throws Exception {
        fixture = new SocketFixture();
        front = fixture.start();
        client = client(front);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        fixture.close();
    }

    private static SocketClient client(SocketFront front) throws IOException {
        return SocketClient.to(front.address().port());
    }

    @Test
    void answersAreRightToTheByte() throws Exception {
        client.send("FF0019HI01;;;;   12345678");
        assertThat(client.take(37)).isEqualTo("FF0031HI01;;;;   CardSecure Server OK");
        client.send("0017HIabcdk0112345678");
        assertThat(client.take(33)).isEqualTo("0029HIabcdk01CardSecure Server OK");
        client.send("FF0027CV01;;;;   9441149619831111");
        assertThat(client.take(32)).isEqualTo("FF0026CV01;;;;   Token Not Found");
        client.send("FF0027CT01;;;;   9441149619831111");
        assertThat(client.take(37)).isEqualTo("FF0031ER01;;;;   0049::Data not found");
    }

    @Test
    void bothDialectsAreSpokenOnOneConnection() throws Exception {
        client.send(framed("HI", "12345678") + "\r\n" + bare("HI", "abcd", "12345678") + "\n" + framed("HI", "1"));
        assertThat(client.read()).isEqualTo(new Answer("HI", "1234", "   ", OK));
        assertThat(client.take(33)).isEqualTo("0029HIabcd   CardSecure Server OK");
        assertThat(client.read()).isEqualTo(new Answer("ER", "1234", "   ", "0021::Data too short"));
    }

    @Test
    void anErrorLeavesTheConnectionOpenAndItsIdStandsInTheLog() throws Exception {
        assertThat(client.call("CE", "frisbee")).isEqualTo("0008::Data not decimal digits");
        client.send(framed("02", "HI", "abcd", "12345678"));
        assertThat(client.read()).isEqualTo(new Answer("ER", "abcd", "   ", "0003::Wrong version number"));
        client.send("FF0012PE01abcd   \u00ff");
        assertThat(client.read()).isEqualTo(new Answer("ER", "abcd", "   ", "0038::Illegal characters"));
        assertThat(client.call("HI", "12345678")).isEqualTo(OK);
        assertThat(fixture.audit())
                .extracting(event -> event instanceof AuditEvent.Refused refused
                        ? refused.code() + " " + refused.site() + " " + refused.address()
                        : "-")
                .containsExactly("0008 dev 127.0.0.1", "0003 dev 127.0.0.1", "0038 dev 127.0.0.1");
    }

    @Test
    void whatCannotBeReadIsAnsweredAndEndsTheConnection() throws Exception {
        for (String bad : List.of("GET / HTTP/1.1\r\n\r\n", "FF00x1HI", "FF0010HI01;;;;  ", "\u0016\u0003\u0001")) {
            try (SocketClient other = client(front)) {
                other.send(framed("HI", "12345678") + bad + framed("HI", "12345678"));
                assertThat(other.read().data()).isEqualTo(OK);
                other.endSending();
                assertThat(other.readToEnd()).as(bad).isEqualTo(LOST);
            }
        }
        try (SocketClient other = client(front)) {
            other.send("0008HI;;;;  ");
            other.endSending();
            assertThat(other.readToEnd()).isEqualTo("0035ER;;;;   0039::Wrong message length");
        }
    }

    @Test
    void everySplitOfAFrameIsTheSameFrame() throws Exception {
        for (String frame : List.of(framed("PE", "M\u00fcller & S\u00f6hne"), bare("PE", "abcd", "M\u00fcller"))) {
            client.send(frame);
            String whole = client.take(frame.startsWith("F") ? 25 : 21);
            for (int split = 1; split < frame.length(); split++) {
                client.send(frame.substring(0, split));
                client.send(frame.substring(split));
                assertThat(client.take(whole.length())).isEqualTo(whole);
            }
        }
    }

    @Test
    void requestsThatAreSentAheadAreAnsweredInOrder() throws Exception {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            String card = TestCards.CARDS.get(i % TestCards.CARDS.size());
            requests.append(framed("01", "CE", String.format("%04d", i), card));
        }
        Thread sender = Thread.startVirtualThread(() -> {
            try {
                client.send(requests.toString());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Set<String> tokens = new HashSet<>();
        for (int i = 0; i < 2000; i++) {
            String card = TestCards.CARDS.get(i % TestCards.CARDS.size());
            Answer answer = client.read();
            assertThat(answer.trace()).isEqualTo(String.format("%04d", i));
            assertThat(answer.data())
                    .startsWith("9" + card.substring(0, 2))
                    .endsWith(card.substring(card.length() - 4));
            tokens.add(answer.data());
        }
        sender.join();
        assertThat(tokens).hasSameSizeAs(TestCards.CARDS);
    }

    @Test
    void aClientThatSendsAndThenSendsNoMoreGetsItsAnswers() throws Exception {
        client.send(framed("HI", "12345678") + framed("HI", "12345678"));
        client.endSending();
        String answer = "FF0031HI011234   CardSecure Server OK";
        assertThat(client.readToEnd()).isEqualTo(answer + answer);
    }

    @Test
    void aFrameThatWasCutOffIsRefused() throws Exception {
        String frame = framed("HI", "12345678");
        for (int length = 0; length < frame.length(); length++) {
            try (SocketClient other = client(front)) {
                other.send(frame.substring(0, length));
                other.endSending();
                assertThat(other.readToEnd()).isEqualTo(length == 0 ? "" : LOST);
            }
        }
    }

    @Test
    void uniqueTokensAreAskedForAfterTheData() throws Exception {
        String usual = client.call("CE", VISA);
        assertThat(client.call("CE", VISA)).isEqualTo(usual);
        assertThat(client.call("CE", VISA + "&unique=true"))
                .matches("944[0-9]{9}1111")
                .isNotEqualTo(usual);
        String person = client.call("PE", "Smith & Sons&unique=true");
        assertThat(client.call("PD", person)).isEqualTo("Smith & Sons&unique=true");
    }

    @Test
    void theListenerNamesTheSite() throws Exception {
        fixture.addSite("shop", Map.of(SiteSetting.DOMAINS, "C"));
        String own = client.call("CE", VISA);
        try (SocketClient shop = client(fixture.start(SocketFixture.config(
                        Kind.SOCKET, 10, WhenFull.WAIT, Optional.of("shop"), List.of(), List.of())));
                SocketClient nobody = client(fixture.start(SocketFixture.config(
                        Kind.SOCKET, 10, WhenFull.WAIT, Optional.of("nobody"), List.of(), List.of())))) {
            assertThat(shop.call("CE", VISA)).matches("944[0-9]{9}1111").isNotEqualTo(own);
            assertThat(shop.call("CV", own)).isEqualTo("0047::Unauthorized host");
            assertThat(nobody.call("CE", VISA)).isEqualTo("0055::Missing or unknown site name");
        }
    }

    @Test
    void aPeerThatTheListenerDoesNotAllowIsToldSoAndSentAway() throws Exception {
        SocketFront guarded = fixture.start(SocketFixture.config(
                Kind.SOCKET,
                1,
                WhenFull.WAIT,
                Optional.empty(),
                List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("::1")),
                List.of()));
        for (String request :
                List.of(framed("HI", "12345678"), framed("HI", "12345678").repeat(3), "FFx")) {
            // There is one place, and neither of them holds it.
            try (SocketClient silent = client(guarded);
                    SocketClient stranger = client(guarded)) {
                stranger.send(request);
                assertThat(stranger.read().data()).isEqualTo("0047::Unauthorized host");
                stranger.endSending();
                assertThat(stranger.readToEnd()).isEmpty();
                silent.endSending();
                assertThat(silent.readToEnd()).isEmpty();
            }
        }
        Waiting.until(() -> guarded.counts().turnedAway() == 6);
        assertThat(fixture.audit())
                .hasSize(6)
                .allSatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                AuditEvent.Refused.class,
                                refused -> assertThat(refused.code()).isEqualTo("0047")));
    }

    @Test
    void manyWhoSendOneNewCardAtOnceGetOneToken() throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        Set<String> tokens = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 90; i++) {
                answers.add(threads.submit(() -> {
                    try (SocketClient own = client(front)) {
                        start.await();
                        return own.call("CE", VISA);
                    }
                }));
            }
            start.countDown();
            for (Future<String> answer : answers) {
                tokens.add(answer.get());
            }
        }
        assertThat(tokens).singleElement().asString().matches("944[0-9]{9}1111");
    }

    @Test
    void aPortThatIsTakenIsSaid() {
        Listen.At taken = front.address();
        assertThatThrownBy(() -> fixture.start(
                        SocketFixture.config(Kind.SOCKET, 10, WhenFull.WAIT).withAddress(taken)))
                .isInstanceOf(ListenException.class)
                .hasMessage("cannot listen for socket at " + taken);
    }

    @Test
    void aFrontThatStopsFinishesWhatItWorksOnAndTakesNoMore() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        fixture.onEvent(_ -> {
            working.countDown();
            await(goOn);
        });
        try (SocketClient busy = client(front)) {
            // Its refusal is being recorded, so this one is worked on; the one after it has come whole.
            busy.send(framed("CE", "frisbee") + framed("HI", "12345678") + "FF00");
            working.await();
            Thread stopping = Thread.startVirtualThread(front::close);
            // An idle connection is closed at once.
            assertThat(client.readToEnd()).isEmpty();
            assertThat(stopping.isAlive()).isTrue();
            goOn.countDown();
            assertThat(busy.read().data()).isEqualTo("0008::Data not decimal digits");
            assertThat(busy.read().data()).isEqualTo(OK);
            assertThat(busy.readToEnd()).isEmpty();
            stopping.join();
        }
        assertThatThrownBy(() -> client(front)).isInstanceOf(IOException.class);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
