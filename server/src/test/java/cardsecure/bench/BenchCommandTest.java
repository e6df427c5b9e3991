package cardsecure.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchCommandTest {
    private record Run(int exitCode, String out, String err) {}

    private static Run run(String url, String... options) {
        return runAgainst(List.of("--url", url), options);
    }

    private static Run runAgainst(List<String> targets, String... options) {
        List<String> arguments = new ArrayList<>(targets);
        arguments.addAll(
                List.of("--connections", "4", "--seconds", "0.2", "--warmup", "0", "--rounds", "2", "--pool", "20"));
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
    void encryptsForTheSitesKeyAndWantsOneForThat(@TempDir Path directory) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        byte[] key = generator.generateKeyPair().getPublic().getEncoded();
        Path pem = Files.writeString(
                directory.resolve("key.pem"),
                "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                        + "\n-----END PUBLIC KEY-----\n");
        try (Responder server = new Responder()) {
            Run run = run(server.url(), "--mix", "cr=1", "--rsa-key", pem.toString());
            assertThat(run.out() + run.err()).contains("cr ");
            assertThat(server.asked("CR")).isPositive();

            assertThat(run(server.url(), "--mix", "cr").err()).contains("--rsa-key: cr needs the site's public key");
            Path empty = Files.writeString(directory.resolve("empty"), "");
            assertThat(run(server.url(), "--mix", "cr", "--rsa-key", empty.toString())
                            .err())
                    .contains("is no public key");
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

    @Test
    void drivesTheSocketAndComparesItWithHttp() throws IOException {
        try (Responder http = new Responder();
                Responder socket = Responder.framed()) {
            Run run = runAgainst(List.of("--url", http.url(), "--socket", socket.address()));

            assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
            assertThat(run.out().lines().skip(2).map(line -> line.replaceFirst("^(\\S+ \\S+) .*", "$1")))
                    .startsWith("http new", "http repeat", "http cv", "http ct", "http hi", "socket new");
            assertThat(run.out())
                    .containsPattern("(?m)^socket new +\\d+\\.\\d\\d \\(\\S+-\\S+\\) of http new$")
                    .containsPattern("socket hi .* 1\\.00 \\(1\\.00-1\\.00\\)")
                    .doesNotContain("of socket");
            assertThat(List.of("CE", "CV", "CT", "HI"))
                    .allSatisfy(action -> assertThat(socket.asked(action)).isPositive());
        }
    }

    @Test
    void comparesMixesToo() throws IOException {
        try (Responder one = new Responder();
                Responder other = new Responder()) {
            Run run = runAgainst(List.of("--url", one.url(), "--url", other.url()), "--mix", "new=1,hi=1");

            assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
            assertThat(run.out()).containsPattern("(?m)^http-2 all +\\d+\\.\\d\\d \\(\\S+-\\S+\\) of http all$");
        }
    }

    @Test
    void countsTheErrorsOfASocketByCode() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (Responder server = Responder.framed((_, _) -> switch (asked.incrementAndGet()) {
            case 1 -> Responder.framed("ER01load   0043::Server failed");
            case 2 -> Responder.framed("HI01els;   CardSecure Server OK");
            case 3 -> "hang up";
            case 4 -> "HTTP/1.1 400 Bad Request\r\n\r\n";
            case 5 -> Responder.framed("ER01load   0047::Unauthorized host");
            default -> "";
        })) {
            Run run = runAgainst(List.of("--socket", server.address()), "--mix", "hi");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out())
                    .containsPattern("hi +1  0043::Server failed")
                    .containsPattern("hi +1  another reply than the request must get")
                    .containsPattern("hi +1  no reply: the server closed the connection")
                    .containsPattern("hi +1  no reply: (no frame|a frame without a length)")
                    .containsPattern("hi +1  0047::Unauthorized host")
                    .contains("site set NAME open=");
        }
    }

    @Test
    void speaksTlsToWhomItTrusts(@TempDir Path directory) throws Exception {
        TlsFiles files = TlsFiles.in(directory);
        try (Responder https = Responder.https(files.server());
                Responder socket = Responder.framed(files.server())) {
            List<String> targets = List.of("--url", https.url(), "--socket-tls", socket.address());
            Run trusting = runAgainst(targets, "--ca", files.ca().toString());
            Run insecure = runAgainst(List.of("--socket", socket.address()), "--tls", "--insecure", "--mix", "hi=1");
            Run wary = runAgainst(targets);

            assertThat(trusting.exitCode()).as(trusting.out() + trusting.err()).isZero();
            assertThat(trusting.out()).containsPattern("socket-tls new +\\S+ \\(\\S+\\) of https new");
            assertThat(insecure.exitCode()).as(insecure.out() + insecure.err()).isZero();
            assertThat(wary.exitCode()).isEqualTo(1);
            assertThat(wary.err()).contains("bench: https://127.0.0.1:", "unable to find valid certification path");
        }
    }

    @Test
    void refusesAServerThatTheCertificateIsNotFor(@TempDir Path directory) throws Exception {
        TlsFiles files = TlsFiles.in(directory);
        try (Responder server = Responder.framed(files.server())) {
            String elsewhere = server.address().replace("127.0.0.1", "localhost");
            Run run = runAgainst(
                    List.of("--socket-tls", elsewhere), "--ca", files.ca().toString());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("No name matching localhost found");
        }
    }

    @Test
    void refusesAFileWithoutCertificates(@TempDir Path directory) throws IOException {
        Path empty = Files.createFile(directory.resolve("ca.pem"));
        Run run = runAgainst(List.of("--tls"), "--ca", empty.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("ca.pem is no file of certificates: no certificate in it");
    }

    @Test
    void measuresOnceMoreBesideIdleConnections() throws IOException {
        try (Responder server = Responder.framed()) {
            Run run = runAgainst(List.of("--socket", server.address()), "--mix", "hi", "--idle", "250");

            assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
            assertThat(server.connections()).isEqualTo(254);
            assertThat(run.out())
                    .containsPattern("(?m)^idle +500 ")
                    .containsPattern("(?m)^hi \\+idle +\\d+\\.\\d\\d \\(\\S+-\\S+\\) of hi$");
        }
    }

    @Test
    void countsIdleConnectionsThatTheServerGaveUp() throws IOException {
        AtomicInteger greeted = new AtomicInteger();
        try (Responder server = Responder.framed(
                (action, _) -> action.equals("HI") && greeted.incrementAndGet() == 300 ? "hang up" : "")) {
            Run run = runAgainst(List.of("--socket", server.address()), "--mix", "new=1", "--idle", "200");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).containsPattern("idle +1  no reply: the server closed the connection");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--mix=old | no action old; there are new, repeat, cv, ct, cr, swipe, hi",
                "--mix=new=1,hi | give each action a weight, or none",
                "--mix=new=0 | a weight is a number from 1 to 1000, not 0",
                "--url=ftp://127.0.0.1 | http://HOST:PORT",
                "--socket=127.0.0.1 | --socket: an address is HOST:PORT, not 127.0.0.1",
                "--socket-tls=127.0.0.1:1/2 | --socket-tls: an address is HOST:PORT, not 127.0.0.1:1/2",
                "--idle=-1 | --idle: at least 0",
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
