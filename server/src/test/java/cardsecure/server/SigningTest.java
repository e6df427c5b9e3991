package cardsecure.server;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Needs;
import cardsecure.TestCards;
import cardsecure.admin.AdminClient;
import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.secret.SecretBytes;
import cardsecure.socket.SocketClient;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Signed requests to whole servers, signed by the samples of `docs/signing.md` and by `cardsecure sign`.
@Timeout(120)
class SigningTest {
    private static final String UNSIGNED = "0057::Request signature invalid";
    private static final String SEEN = "0060::Request signature failure";
    private static final Path SAMPLES = Path.of("../docs/samples/signing");

    @TempDir
    Path temporary;

    private Path newKey(String site) throws Exception {
        AdminReply.Answer answer =
                new AdminClient(temporary.resolve("data")).call(new AdminRequest.SigningNewKey(site, false), _ -> {});
        if (!(answer instanceof AdminReply.NewKey(SecretBytes key, List<String> _))) {
            throw new AssertionError("no key: " + answer);
        }
        return Files.writeString(temporary.resolve("key"), HexFormat.of().formatHex(key.reveal()) + "\n");
    }

    private void turnOn(String site) throws Exception {
        AdminRequest request = new AdminRequest.SiteSet(site, Map.of("signing", "on"));
        assertThat(new AdminClient(temporary.resolve("data")).call(request, _ -> {}))
                .isInstanceOf(AdminReply.Done.class);
    }

    /// What `cardsecure sign` prints.
    private static String sign(Path key, String... options) {
        StringWriter out = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of("sign", "--key-file", key.toString()));
        arguments.addAll(List.of(options));
        int code = Main.commandLine().setOut(new PrintWriter(out)).execute(arguments.toArray(String[]::new));
        assertThat(code).isZero();
        return out.toString().strip();
    }

    private String runProgram(Path input, String output, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(ServerProcess.program());
        command.addAll(List.of(arguments));
        Path errors = temporary.resolve("errors");
        Process process = new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectOutput(Path.of(output).toFile())
                .redirectError(errors.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + " " + Files.readString(errors);
    }

    @Test
    void aKeyThatCouldNotBeWrittenIsSaidToBeLost() throws Exception {
        Needs.require(Files.exists(Path.of("/dev/full")), "there is no /dev/full here");
        Path nothing = Path.of("/dev/null");
        Path data = temporary.resolve("data");
        try (TestServer _ = TestServer.on(data)) {
            String[] newKey = {"site", "signing", "new-key", "dev", "--data=" + data};
            assertThat(runProgram(nothing, "/dev/full", newKey))
                    .startsWith("1 ")
                    .contains("the key could not be written, and nobody has it", "hint: make another");
            String[] another = {"site", "signing", "new-key", "dev", "--keep-old", "--data=" + data};
            assertThat(runProgram(nothing, "/dev/full", another))
                    .startsWith("1 ")
                    .contains("signing drop-new dev`");
        }
        Path key = Files.writeString(temporary.resolve("key"), "0123456789abcdef".repeat(4) + "\n");
        assertThat(runProgram(nothing, "/dev/full", "sign", "--key-file=" + key, "--action=HI", "--data=12345678"))
                .startsWith("1 ")
                .contains("the output could not be written");
    }

    /// As `cardsecure sign --data - < card | curl --data @- URL` does it.
    @Test
    void whatComesFromStandardInputIsPrintedAsAFormAndInNoUrl() throws Exception {
        Path data = temporary.resolve("data");
        Path form = temporary.resolve("form");
        Path card = Files.writeString(temporary.resolve("card"), TestCards.VISA + "\n");
        try (TestServer server = TestServer.on(data)) {
            Path key = newKey("dev");
            turnOn("dev");
            String[] sign = {"sign", "--key-file=" + key, "--action=CE", "--data=-"};
            assertThat(runProgram(card, form.toString(), sign)).startsWith("0 ");
            String body = Files.readString(form).strip();
            assertThat(body)
                    .startsWith("action=CE&data=" + TestCards.VISA + "&ref=")
                    .doesNotContain("http");
            try (Client client = server.client()) {
                assertThat(client.post("", "application/x-www-form-urlencoded", body)
                                .data())
                        .startsWith("944");
            }

            String[] asUrl = {"sign", "--key-file=" + key, "--action=CE", "--data=-", "--url=https://shop.example.com"};
            assertThat(runProgram(card, form.toString(), asUrl)).startsWith("0 ");
            assertThat(Files.readString(form)).startsWith("https://shop.example.com/cardsecure/cs?action=CE&data=");
        }
    }

    private static String query(String url) {
        return URI.create(url).getRawQuery();
    }

    @ParameterizedTest
    @CsvSource({
        "bash, sign.sh, bash openssl curl",
        "python3, sign.py, python3",
        "node, sign.mjs, nodejs",
        "php, sign.php, php-cli",
        "java, Sign.java, a JDK"
    })
    void everySampleSignsAsTheServerChecks(String program, String sample, String packages) throws Exception {
        String path = program.equals("java")
                ? Path.of(System.getProperty("java.home"), "bin", "java").toString()
                : program;
        Needs.require(
                program.equals("java") || isOnPath(program),
                "the sample " + sample + " of docs/signing.md needs " + program + ": apt-get install " + packages);
        Path key = Files.writeString(temporary.resolve("key"), "0123456789abcdef".repeat(4) + "\n");
        String time = "2014-01-01T 00:00:01Z";
        for (String value : List.of("4444333322221111", "a&b=c+d *-._~%2B", "José \u20ac \ud83d\ude00")) {
            assertThat(run(path, sample, key, "PE", value, "r" + value, time))
                    .isEqualTo(sign(
                            key,
                            "--action=PE",
                            "--data=" + value,
                            "--ref=r" + value,
                            "--time=" + time,
                            "--url=http://127.0.0.1:6080"));
        }
        try (TestServer server = TestServer.on(temporary.resolve("data"))) {
            key = newKey("dev");
            turnOn("dev");
            String signed = query(run(path, sample, key, "CE", TestCards.VISA));
            try (Client client = server.client()) {
                assertThat(client.get(signed).data()).startsWith("944");
                assertThat(client.get(signed).data()).isEqualTo(SEEN);
            }
        }
    }

    private String run(String program, String sample, Path key, String... arguments)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(program, SAMPLES.resolve(sample).toString(), key.toString()));
        command.addAll(List.of(arguments));
        Path output = temporary.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String printed = Files.readString(output, StandardCharsets.UTF_8).strip();
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(String.valueOf(System.getenv("PATH")).split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    @Test
    void aRequestDoesNotComeAgainAfterAKill() throws Exception {
        Path data = temporary.resolve("data");
        String card;
        String echo;
        String token;
        try (ServerProcess server = ServerProcess.start(data);
                Client client = server.client()) {
            Path key = newKey("dev");
            turnOn("dev");
            card = query(sign(key, "--action=CE", "--data=" + TestCards.VISA));
            echo = query(sign(key, "--action=HI", "--data=12345678"));
            assertThat(client.call("HI", "12345678")).isEqualTo(UNSIGNED);
            token = client.get(card).data();
            assertThat(client.get(echo).data()).isEqualTo("CardSecure Server OK");
            server.kill9();
        }
        try (ServerProcess server = ServerProcess.start(data);
                Client client = server.client()) {
            assertThat(client.get(card).data()).isEqualTo(SEEN);
            assertThat(client.get(echo).data()).isEqualTo(SEEN);
            String again = sign(temporary.resolve("key"), "--action=CE", "--data=" + TestCards.VISA);
            assertThat(client.get(query(again)).data()).isEqualTo(token);
            server.terminate();
        }
    }

    @Test
    void aFrameEndsWithItsSignature() throws Exception {
        try (TestServer server = TestServer.on(temporary.resolve("data"), Kind.SOCKET);
                SocketClient client = SocketClient.to(server.port())) {
            Path key = newKey("dev");
            turnOn("dev");
            for (String data : List.of("12345678", "1234&678")) {
                String frame = SocketClient.framed("HI", raw(sign(key, "--action=HI", "--data=" + data)));
                assertThat(ask(client, frame)).isEqualTo("CardSecure Server OK");
                assertThat(ask(client, frame)).isEqualTo(SEEN);
            }
            assertThat(ask(client, SocketClient.framed("HI", "12345678"))).isEqualTo(UNSIGNED);
            assertThat(ask(client, SocketClient.framed("CE", TestCards.VISA + "&unique=true")))
                    .isEqualTo(UNSIGNED);
        }
    }

    private static String ask(SocketClient client, String frame) throws IOException {
        client.send(frame);
        return client.read().data();
    }

    /// A signed URL's data and what follows, as they stand in a frame.
    private static String raw(String url) {
        String query = query(url);
        String raw = URLDecoder.decode(query, StandardCharsets.UTF_8);
        return raw.substring(raw.indexOf("&data=") + "&data=".length());
    }
}
