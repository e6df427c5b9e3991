package cardsecure.sap;

import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Needs;
import cardsecure.config.LimitsConfig;
import cardsecure.config.Listen;
import cardsecure.config.ListenerConfig;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.RfcConfig;
import cardsecure.server.TestServer;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
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
    private static final Path PAGE = Path.of(System.getProperty("repository.root", ".."), "docs", "sap.md");
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int WIDTH = 512;
    private static final Pattern MESSAGE = Pattern.compile("(\\w+) += \\d+ MESSAGE (\\w+)");

    @TempDir
    private Path temporary = Path.of("");

    /// What the page shows is what the class makes of it.
    @Test
    void theClassTellsTokensFromErrorsAndExceptions() throws Exception {
        install();
        try (TestServer server = TestServer.on(temporary.resolve("data"), Kind.RFC);
                TestServer other = TestServer.on(temporary.resolve("other"), listener(), withoutFunctions());
                RfcClient client = RfcClient.abap(server.port());
                RfcClient old = RfcClient.abap(server.port()).in(StandardCharsets.ISO_8859_1);
                RfcClient elsewhere = RfcClient.abap(other.port());
                RfcClient lost = RfcClient.abap(server.port());
                RfcClient fast = RfcClient.abap(server.port()).serializingFast()) {
            // No frame, so the server ends the connection.
            lost.send(new byte[17]);
            server.setSite("dev", Map.of("open", "tokenize,verify,decrypt"));
            Process node = new ProcessBuilder("node", "run.js")
                    .directory(PLACE.toFile())
                    .redirectError(temporary.resolve("errors").toFile())
                    .start();
            try (BufferedWriter in = node.outputWriter(StandardCharsets.UTF_8);
                    BufferedReader out = node.inputReader(StandardCharsets.UTF_8)) {
                Abap abap = new Abap(in, out, new ArrayList<>());
                String token = abap.act(client, "CE", VISA, "");
                abap.act(client, "CE", VISA, "unique=true");
                abap.act(client, "CV", token, "");
                abap.act(client, "CE", "frisbee", "");
                abap.act(client, "ZZ", "1", "");
                abap.act(client, "CDX", token, "");
                abap.act(client, "CE", "1".repeat(513), "");
                String foreign = abap.act(client, "PE", "\u0141ukasz", "");
                abap.act(old, "PD", foreign, "");
                abap.act(elsewhere, "CE", VISA, "");
                abap.act(lost, "CE", VISA, "");
                abap.act(fast, "CE", VISA, "");
                server.setSite("dev", Map.of("open", ""));
                abap.act(client, "CE", VISA, "");
                server.setSite("dev", Map.of("rate", "1/m:1"));
                abap.act(client, "HI", "12345678", "");
                abap.act(client, "HI", "12345678", "");
                assertThat(abap.shown()).containsExactlyElementsOf(documented());
            } finally {
                node.destroyForcibly();
            }
        }
    }

    private static ListenerConfig listener() {
        return ListenerConfig.plain(Kind.RFC, new Listen.At(Listen.LOOPBACK, 0), LimitsConfig.defaults());
    }

    private static RfcConfig withoutFunctions() {
        RfcConfig usual = RfcConfig.defaults();
        return new RfcConfig(usual.programId(), usual.frameMax(), false, List.of());
    }

    /// The lines of the page's block.
    private static List<String> documented() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.equals("```abap-run"))
                .skip(1)
                .takeWhile(line -> !line.equals("```"))
                .toList();
    }

    /// The running class.
    ///
    /// @param shown what it made of each action, as the page has it
    private record Abap(BufferedWriter in, BufferedReader out, List<String> shown) {
        /// Has the class act; what it calls meanwhile is called over the client.
        ///
        /// @return the data
        String act(RfcClient client, String action, String data, String params) throws IOException {
            tell(JSON.createObjectNode().put("action", action).put("data", data).put("params", params));
            while (true) {
                JsonNode said = JSON.readTree(String.valueOf(out.readLine()));
                if (said.has("result")) {
                    JsonNode result = said.get("result");
                    show(action, data, params, result);
                    return result.get("data").asString();
                }
                tell(answer(client, said));
            }
        }

        private void show(String action, String data, String params, JsonNode result) {
            String given = data.length() > WIDTH ? data.length() + " digits" : hidden(data);
            shown.add(String.format(
                            "%-4s%-17s%-12s| %-2s%-22s%-22s%s",
                            action,
                            given,
                            params,
                            result.get("success").asString(),
                            hidden(result.get("data").asString()),
                            result.get("code").asString(),
                            result.get("message").asString())
                    .stripTrailing());
        }

        /// A token differs each time, but for the ends of a card's.
        private static String hidden(String text) {
            String card = text.replaceFirst("^944[0-9]{9}1111$", "944...1111");
            return card.matches("[A-Za-z0-9]{8}") && !card.equals("12345678") ? "a token" : card;
        }

        private static ObjectNode answer(RfcClient client, JsonNode call) throws IOException {
            Map<String, byte[]> inputs = new LinkedHashMap<>();
            inputs.put("I_ACTION", client.chars(text(call, "I_ACTION"), 2));
            inputs.put("I_DATA", client.chars(text(call, "I_DATA"), WIDTH));
            inputs.put("I_PARAMS", client.chars(text(call, "I_PARAMS"), WIDTH));
            List<String> outputs =
                    call.get("outputs").valueStream().map(JsonNode::asString).toList();
            ObjectNode answer = JSON.createObjectNode();
            try {
                RfcClient.Result result = client.call(call.get("call").asString(), inputs, outputs);
                result.exception().ifPresent(name -> answer.put("exception", name));
                result.failure()
                        .ifPresent(text ->
                                answer.put("exception", "SYSTEM_FAILURE").put("text", text));
                ObjectNode values = answer.putObject("outputs");
                outputs.forEach(name -> values.put(name, client.chars(result, name)));
            } catch (IOException _) {
                // As a work process finds the connection.
                answer.put("exception", "COMMUNICATION_FAILURE").put("text", "connection closed");
            }
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
        giveMessages();
    }

    /// The transpiler drops `system_failure = 5 MESSAGE lv_failure`'s last two words, so they are added to what
    /// it made: the variable gets the exception's text. What the ABAP does with it is its own.
    private static void giveMessages() throws IOException {
        Path made = PLACE.resolve("output").resolve("project").resolve("zcl_cardsecure.clas.mjs");
        String script = Files.readString(made);
        List<MatchResult> messages =
                MESSAGE.matcher(Files.readString(SAMPLE)).results().toList();
        assertThat(messages).hasSize(2);
        for (MatchResult message : messages) {
            String arm = "case \"" + message.group(1).toUpperCase(Locale.ROOT) + "\": ";
            assertThat(script).containsOnlyOnce(arm);
            script = script.replace(arm, arm + message.group(2) + ".set(e.text); ");
        }
        Files.writeString(made, script);
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
