package cardsecure.server;

import static cardsecure.TestCards.BANK_ACCOUNT;
import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Needs;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// JSEncrypt, which the legacy clients' pages encrypt with, under Node: what it makes of the key that `KG` gives
/// becomes a token.
class JsEncryptTest {
    private static final Path SOURCES = Path.of("src", "test", "jsencrypt");
    private static final Path PLACE = Path.of("target", "jsencrypt");
    private static final long SECONDS_MAX = 300;

    @TempDir
    Path temporary;

    @Test
    void whatItEncryptsBecomesAToken() throws Exception {
        install();
        try (TestServer server = TestServer.on(temporary.resolve("data"));
                Client client = server.client()) {
            for (String padding : List.of("pkcs1", "oaep")) {
                server.addRsaKey("dev", padding.equals("oaep") ? "oaep-sha256" : padding);
                String key = client.call("KG", "");
                String card = client.call("CE", VISA);
                // Many, so that there are some with blanks for plus, and with zeros in front.
                List<String> texts = Stream.concat(
                                IntStream.range(0, 40).mapToObj(_ -> VISA), Stream.of(BANK_ACCOUNT, "Zoë Müller"))
                        .toList();
                List<String> encrypted = encrypt(padding, key, texts);
                for (String data : encrypted.subList(0, 40)) {
                    assertThat(client.call("CR", data)).isEqualTo(card);
                    assertThat(client.get("action=CR&data=" + data).data()).isEqualTo(card);
                }
                assertThat(client.call("CR", encrypted.get(40))).isEqualTo(client.call("CE", BANK_ACCOUNT));
                assertThat(client.call("PR", encrypted.get(41))).isEqualTo(client.call("PE", "Zoë Müller"));
                assertThat(client.call("AR", encrypted.getFirst())).isEqualTo(client.call("AE", VISA));
                assertThat(client.call("SR", encrypted.getFirst())).isEqualTo("0024::Decryption failure");
            }
        }
    }

    private List<String> encrypt(String padding, String key, List<String> texts) throws Exception {
        List<String> command = new ArrayList<>(List.of("node", "encrypt.js", padding, key));
        command.addAll(texts);
        assertThat(run(PLACE, command)).isZero();
        return Files.readAllLines(output(), StandardCharsets.US_ASCII);
    }

    /// Once for all runs, until somebody cleans.
    private void install() throws Exception {
        Needs.require(isOnPath("node"), "node is missing: install nodejs");
        Needs.require(isOnPath("npm"), "npm is missing: install npm");
        Files.createDirectories(PLACE);
        for (String file : List.of("package.json", "encrypt.js")) {
            Files.copy(SOURCES.resolve(file), PLACE.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(PLACE.resolve("node_modules/jsencrypt/package.json"))) {
            int exit = run(
                    PLACE,
                    List.of(
                            "npm",
                            "install",
                            "--no-save",
                            "--no-package-lock",
                            "--ignore-scripts",
                            "--no-audit",
                            "--no-fund"));
            Needs.require(exit == 0, "npm cannot install jsencrypt: a registry is out of reach");
        }
    }

    private int run(Path directory, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(output().toFile())
                .redirectError(temporary.resolve("errors").toFile())
                .start();
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError(command.getFirst() + " took over " + SECONDS_MAX + " s");
        }
        return process.exitValue();
    }

    private Path output() {
        return temporary.resolve("output");
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(String.valueOf(System.getenv("PATH")).split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
