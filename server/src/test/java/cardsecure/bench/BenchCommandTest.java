package cardsecure.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchCommandTest {
    private record Run(int exitCode, String out, String err) {}

    private static Run run(String url, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "--url",
                url,
                "--connections",
                "4",
                "--seconds",
                "0.1",
                "--warmup",
                "0",
                "--rounds",
                "2",
                "--pool",
                "20"));
        arguments.addAll(Arrays.asList(options));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = new CommandLine(new BenchCommand())
                .setOverwrittenOptionsAllowed(true)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
        return new Run(exitCode, out.toString(), err.toString());
    }

    @Test
    void measuresEachActionAloneAgainstTheEcho() throws IOException {
        try (Responder server = new Responder()) {
            Run run = run(server.url());

            assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
            assertThat(run.out().lines().skip(1).map(line -> line.substring(0, line.indexOf(" "))))
                    .containsExactly("action", "new", "repeat", "cv", "ct", "hi");
            assertThat(run.out().lines().skip(2))
                    .allMatch(line ->
                            line.matches("\\w+ +[1-9][0-9,]* +[1-9][0-9,]*( +[0-9,]+\\.[0-9]{2}){4} +0 +\\d+\\.\\d\\d"
                                    + " \\(\\S+-\\S+\\)"));
            assertThat(run.out()).containsPattern("hi .* 1\\.00 \\(1\\.00-1\\.00\\)");
            assertThat(server.asked("CV")).isPositive();
            assertThat(server.asked("CT")).isPositive();
        }
    }

    @Test
    void measuresAMixAtOnceByWeight() throws IOException {
        try (Responder server = new Responder()) {
            Run run = run(server.url(), "--mix", "new=1,hi=9", "--seconds", "0.5");

            assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
            assertThat(run.out().lines().skip(2).map(line -> line.substring(0, line.indexOf(" "))))
                    .containsExactly("new", "hi", "all");
            assertThat(server.asked("HI")).isGreaterThan(2 * server.asked("CE"));
        }
    }

    @Test
    void fillsWithCardsThatAreAllDifferent() throws IOException {
        try (Responder server = new Responder()) {
            Run run = run(server.url(), "--cards", "1234", "--seconds", "0");

            assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
            assertThat(run.out()).containsPattern("fill +1,234 ");
            assertThat(server.cards()).isEqualTo(1234);
            assertThat(server.asked("HI")).isZero();
        }
    }

    @Test
    void repeatsItsCardsForTheSameSeed() throws IOException {
        try (Responder server = new Responder()) {
            run(server.url(), "--cards", "100", "--seconds", "0", "--seed", "999999950");
            run(server.url(), "--cards", "100", "--seconds", "0", "--seed", "999999950");

            assertThat(server.cards()).isEqualTo(100);
            assertThat(server.asked("CE")).isEqualTo(200);
        }
    }

    @Test
    void sendsFormsAndTheHostThatItIsTold() throws IOException {
        try (Responder server = new Responder()) {
            Run run = run(server.url(), "--post", "--host", "fts.example.com");

            assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
            assertThat(server.methods()).containsExactly("POST");
            assertThat(server.hosts()).containsExactly("fts.example.com");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200 OK, action=ER&data=0046%3A%3AToken+database+problem, 0046::Token database problem",
        "200 OK, action=CE&data=1234, another reply than the request must get",
        "503 Service Unavailable, busy, HTTP 503",
        "401 Unauthorized, who are you?, HTTP 401",
    })
    void countsErrorsByCode(String status, String body, String shown) throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (Responder server = new Responder((action, _) ->
                action.equals("CE") && asked.incrementAndGet() <= 3 ? Responder.http(status, body) : "")) {
            Run run = run(server.url(), "--mix", "new");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).containsPattern("new +3  " + shown);
            assertThat(run.out()).containsPattern("new .* 3 +\\d\\.\\d\\d ");
        }
    }

    @Test
    void countsErrorsOfTheWarmUpToo() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (Responder server = new Responder(
                (_, _) -> asked.incrementAndGet() == 1 ? Responder.ok("action=ER&data=0043%3A%3AServer+failed") : "")) {
            Run run = run(server.url(), "--mix", "hi=1", "--warmup", "0.1");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).containsPattern("hi +1  0043::Server failed");
        }
    }

    @Test
    void saysHowTheSiteLetsItIn() throws IOException {
        try (Responder server =
                new Responder((action, _) -> action.equals("CV") ? Responder.http("401 Unauthorized", "") : "")) {
            Run run = run(server.url(), "--mix", "cv");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains("./cardsecure site set NAME open=tokenize,verify,bin");
        }
    }

    @Test
    void givesUpWithoutAPoolOfTokens() throws IOException {
        try (Responder server = new Responder((action, _) ->
                action.equals("CE") ? Responder.ok("action=ER&data=0055%3A%3AMissing+or+unknown+site+name") : "")) {
            Run run = run(server.url());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).containsPattern("pool +20  0055::Missing or unknown site name");
            assertThat(run.err()).contains("only 0 of 20 cards got a token");
            assertThat(server.asked("HI")).isZero();
        }
    }

    @Test
    void goesOnAfterTheServerHungUp() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (Responder server = new Responder((_, _) -> asked.incrementAndGet() % 10 == 0 ? "hang up" : "")) {
            Run run = run(server.url(), "--cards", "100", "--seconds", "0");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).containsPattern("fill +10  no reply: ");
            assertThat(server.cards()).isEqualTo(90);
        }
    }

    @Test
    void takesANewConnectionWhereTheServerClosesTheOld() throws IOException {
        String reply = Responder.ok("action=HI&data=CardSecure+Server+OK").replace("Date: now", "Connection: close");
        try (Responder server = new Responder((_, _) -> reply)) {
            Run run = run(server.url(), "--mix", "hi=1");

            assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
            assertThat(server.connections()).isGreaterThanOrEqualTo(server.asked("HI"));
        }
    }

    @Test
    void countsRepliesThatNeverEnd() throws IOException {
        String half = Responder.ok("action=HI&data=CardSecure+Server+OK").replace("OK", "");
        try (Responder server = new Responder((_, _) -> half)) {
            Run run = run(server.url(), "--mix", "hi=1", "--timeout", "0.05");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).containsPattern("hi +[1-9]\\d*  no reply: none within 0.05 s");
        }
    }

    @Test
    void saysThatNothingAnswers() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Run run = run("http://127.0.0.1:" + port);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("Connection refused").contains("./cardsecure serve --dev");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--mix=old | no action old; there are new, repeat, cv, ct, hi",
                "--mix=new=1,hi | give each action a weight, or none",
                "--mix=new=0 | a weight is a number from 1 to 1000, not 0",
                "--url=https://127.0.0.1 | http://HOST:PORT",
                "--connections=0 | at least one connection a thread",
                "--rounds=0 | --rounds: at least 1",
                "--seconds=-1 | from 0 to 1000000 seconds",
                "--cards=1000000000 | --cards: from 0 to 999999999",
            })
    void refusesOptionsThatCannotBe(String option, String message) {
        Run run = run("http://127.0.0.1:1", option);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }

    @Test
    void explainsItself() {
        Run run = run("http://127.0.0.1:1", "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("--connections", "default: 64", "--mix", "Examples:", "site set NAME open=");
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
    }
}
