package cardsecure.sap;

import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Needs;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.server.TestServer;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The ABAP that is shipped as a sample, run by an ABAP runtime for Node: its calls go through the small client
/// of these tests. That shows what the ABAP does with results and exceptions, not what an SAP system sends.
@Timeout(300)
class AbapSampleTest {
    private static final Path SOURCES = Path.of("src", "test", "abap");
    private static final Path PLACE = Path.of("target", "abap");
    private static final Path SAMPLE =
            Path.of(System.getProperty("repository.root", ".."), "docs", "samples", "abap", "zcl_cardsecure.clas.abap");
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int WIDTH = 512;

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void theClassTellsTokensFromErrorsAndExceptions() throws Exception {
        install();
        try (TestServer server = TestServer.on(temporary.resolve("data"), Kind.RFC);
                RfcClient client = RfcClient.abap(server.port())) {
            Process node = new ProcessBuilder("node", "run.js")
                    .directory(PLACE.toFile())
                    .redirectError(temporary.resolve("errors").toFile())
                    .start();
            try (BufferedWriter in = node.outputWriter(StandardCharsets.UTF_8);
                    BufferedReader out = node.inputReader(StandardCharsets.UTF_8)) {
                Abap abap = new Abap(client, in, out);
                JsonNode token = abap.act("CE", VISA);
                assertThat(token.get("success").asString()).isEqualTo("X");
                assertThat(token.get("data").asString()).matches("944[0-9]{9}1111");
                assertThat(token.get("code").asString()).isEqualTo("0000");
                assertThat(abap.act("CV", token.get("data").asString())
                                .get("data")
                                .asString())
                        .isEqualTo("Token Found");
                JsonNode refused = abap.act("CE", "frisbee");
                assertThat(refused.get("success").asString()).isEmpty();
                assertThat(refused.get("data").asString()).isEmpty();
                assertThat(refused.get("code").asString()).isEqualTo("0008");
                assertThat(refused.get("message").asString()).isEqualTo("Data not decimal digits");
                assertThat(abap.act("ZZ", "1").get("code").asString()).isEqualTo("INVALID_ACTION");
                assertThat(abap.act("CE", "1".repeat(513)).get("code").asString())
                        .isEqualTo("INVALID_DATA");
                server.setSite("dev", Map.of("open", ""));
                assertThat(abap.act("CE", VISA).get("code").asString()).isEqualTo("NOT_AUTHORIZED");
                server.setSite("dev", Map.of("rate", "1/m:1"));
                abap.act("HI", "12345678");
                assertThat(abap.act("HI", "12345678").get("code").asString()).isEqualTo("SERVICE_UNAVAILABLE");
            } finally {
                node.destroyForcibly();
            }
        }
    }

    /// The running class.
    private record Abap(RfcClient client, BufferedWriter in, BufferedReader out) {
        /// What the class makes of an action; what it calls meanwhile is called.
        JsonNode act(String action, String data) throws IOException {
            tell(JSON.createObjectNode().put("action", action).put("data", data));
            while (true) {
                JsonNode said = JSON.readTree(String.valueOf(out.readLine()));
                if (said.has("result")) {
                    return said.get("result");
                }
                tell(answer(said));
            }
        }

        private ObjectNode answer(JsonNode call) throws IOException {
            Map<String, byte[]> inputs = new LinkedHashMap<>();
            inputs.put("I_ACTION", client.chars(text(call, "I_ACTION"), 2));
            inputs.put("I_DATA", client.chars(text(call, "I_DATA"), WIDTH));
            List<String> outputs =
                    call.get("outputs").valueStream().map(JsonNode::asString).toList();
            RfcClient.Result result = client.call(call.get("call").asString(), inputs, outputs);
            ObjectNode answer = JSON.createObjectNode();
            result.exception().ifPresent(name -> answer.put("exception", name));
            ObjectNode values = answer.putObject("outputs");
            outputs.forEach(name -> values.put(name, client.chars(result, name)));
            return answer;
        }

        private static String text(JsonNode call, String name) {
            return call.get("inputs").get(name).asString().stripTrailing();
        }

        private void tell(ObjectNode message) throws IOException {
            in.write(message + "\n");
            in.flush();
        }
    }

    /// Once for all runs, until somebody cleans.
    private void install() throws Exception {
        Needs.require(isOnPath("node"), "node is missing: install nodejs");
        Needs.require(isOnPath("npm"), "npm is missing: install npm");
        Files.createDirectories(PLACE.resolve("src"));
        for (String file : List.of("package.json", "abap_transpile.json", "run.js")) {
            Files.copy(SOURCES.resolve(file), PLACE.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.copy(
                SAMPLE, PLACE.resolve("src").resolve("zcl_cardsecure.clas.abap"), StandardCopyOption.REPLACE_EXISTING);
        if (!Files.exists(PLACE.resolve("node_modules/@abaplint/runtime/package.json"))) {
            int exit = run(
                    "npm", "install", "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund");
            Needs.require(exit == 0, "npm cannot install the ABAP runtime: a registry is out of reach");
        }
        assertThat(run("node", "node_modules/@abaplint/transpiler-cli/abap_transpile", "abap_transpile.json"))
                .isZero();
    }

    private int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(PLACE.toFile())
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("output").toFile())
                .start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError(command[0] + " took over 120 s");
        }
        return process.exitValue();
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(String.valueOf(System.getenv("PATH")).split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
