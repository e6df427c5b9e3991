package cardsecure.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import cardsecure.config.LimitsConfig;
import cardsecure.config.Listen;
import cardsecure.config.ListenerConfig;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenersConfig;
import cardsecure.config.ServerConfig;
import cardsecure.store.StoreException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Replays the transcripts of pages for integrators against a server as `serve --dev` starts it: what they read is what
/// they get.
class ProtocolTranscriptTest {
    private static final Path DOCS = Path.of(System.getProperty("repository.root", ".."), "docs");
    private static final String HTTP = "127.0.0.1:6080";
    private static final String HTTPS = "127.0.0.1:6443";
    private static final String SOCKET = "127.0.0.1 1443";
    private static final String DATA = "data/tls";
    private static final String DATA_OPTION = "--data data";
    private static final String KEY = "data/till.key";
    private static final String PROGRAM = "./cardsecure";
    private static final String PROMPT = "$ ";
    private static final String ANYTHING = "…";
    private static final String END_OF_COMMAND = "-- end of a command --";
    private static final int BLOCKS_MIN = 3;
    private static final int COMMANDS_MIN = 15;
    private static final long SECONDS_MAX = 60;

    /// A command, and the lines that it prints.
    private record Exchange(String command, List<String> expected) {}

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"protocol.md", "swipes.md"})
    void thePageHasTranscripts(String page) throws IOException {
        List<List<Exchange>> blocks = blocks(page);

        assertThat(blocks).hasSizeGreaterThanOrEqualTo(BLOCKS_MIN);
        assertThat(blocks.stream().mapToInt(List::size).sum()).isGreaterThanOrEqualTo(COMMANDS_MIN);
        assertThat(blocks)
                .allSatisfy(block -> assertThat(block)
                        .anySatisfy(exchange -> assertThat(exchange.expected()).isNotEmpty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"protocol.md", "swipes.md", "wallets.md", "sap.md"})
    void everyTranscriptIsTrue(String page) throws IOException, InterruptedException, StoreException {
        requirePrograms("bash", "curl", "openssl", "nc");
        Listen.At anyPort = new Listen.At(Listen.LOOPBACK, 0);
        ServerConfig config = ServerConfig.defaults(true, directory.resolve("data"))
                .withListeners(new ListenersConfig(Stream.of(Kind.HTTP, Kind.HTTPS, Kind.SOCKET)
                        .map(kind -> ListenerConfig.plain(kind, anyPort, LimitsConfig.defaults()))
                        .toList()));
        List<String> differences = new ArrayList<>();
        try (Server server = Server.start(config, _ -> {})) {
            Map<String, String> actual = Map.of(
                    HTTP,
                    server.listeners().getFirst().replaceFirst("http ", ""),
                    HTTPS,
                    server.listeners().get(1).replaceFirst("https ", ""),
                    SOCKET,
                    server.listeners().getLast().replaceFirst("socket ", "").replace(':', ' '),
                    DATA,
                    directory.resolve(DATA).toString(),
                    DATA_OPTION,
                    "--data " + directory.resolve("data"),
                    KEY,
                    directory.resolve(KEY).toString(),
                    PROGRAM,
                    "cardsecure");
            for (List<Exchange> block : blocks(page)) {
                List<List<String>> printed = run(block, actual);
                for (int i = 0; i < block.size(); i++) {
                    compare(block.get(i), i < printed.size() ? printed.get(i) : List.of(), differences);
                }
            }
        }

        assertThat(differences).isEmpty();
    }

    @Test
    void aLineThatDiffersIsFound() {
        List<String> differences = new ArrayList<>();
        Exchange exchange = new Exchange("curl x", List.of("action=CE&data=944…1111"));

        compare(exchange, List.of("action=CE&data=9441149619831111"), differences);
        assertThat(differences).isEmpty();

        compare(exchange, List.of("action=CE&data=944 1111"), differences);
        compare(exchange, List.of("action=CE&data=9441149619831111", "more"), differences);
        compare(exchange, List.of(), differences);
        assertThat(differences).hasSize(3).allSatisfy(each -> assertThat(each).contains("curl x", "944…1111"));
    }

    private static void compare(Exchange exchange, List<String> printed, List<String> differences) {
        boolean same = printed.size() == exchange.expected().size();
        for (int i = 0; same && i < printed.size(); i++) {
            same = pattern(exchange.expected().get(i)).matcher(printed.get(i)).matches();
        }
        if (!same) {
            differences.add(
                    "$ " + exchange.command() + "\nexpected: " + exchange.expected() + "\nprinted:  " + printed);
        }
    }

    private static Pattern pattern(String expected) {
        return Pattern.compile(Arrays.stream(expected.split(ANYTHING, -1))
                .map(Pattern::quote)
                .collect(Collectors.joining("[\\p{L}\\p{N}+/]+")));
    }

    /// Runs a block's commands in one shell.
    ///
    /// @param actual in place of each address and path of the page
    /// @return what each printed, in order
    private List<List<String>> run(List<Exchange> block, Map<String, String> actual)
            throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder("curl() { command curl -s \"$@\"; }\n");
        String program =
                ServerProcess.program().stream().map(part -> "'" + part + "'").collect(Collectors.joining(" "));
        // Who says no directory means the one of this server; `sign` and `simulate swipe` ask none.
        script.append("cardsecure() { case \"$*\" in *' --data '*|'sign '*|'simulate swipe'*) ")
                .append(program)
                .append(" \"$@\";; *) ")
                .append(program)
                .append(" \"$@\" --data=")
                .append(directory.resolve("data"))
                .append(";; esac; }\n");
        for (Exchange exchange : block) {
            String command = exchange.command();
            for (Map.Entry<String, String> name : actual.entrySet()) {
                command = command.replace(name.getKey(), name.getValue());
            }
            script.append(command).append('\n');
            script.append("printf '\\n%s\\n' '").append(END_OF_COMMAND).append("'\n");
        }
        Path file = Files.writeString(directory.resolve("transcript.sh"), script);
        Path output = directory.resolve("transcript.out");
        Process bash = new ProcessBuilder("bash", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!bash.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
            bash.destroyForcibly();
            fail("the transcript took over " + SECONDS_MAX + " s: " + block);
        }
        List<List<String>> printed = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(output, StandardCharsets.UTF_8)) {
            if (line.equals(END_OF_COMMAND)) {
                // The line end before the mark; a reply has none of its own, a program's output has.
                while (!lines.isEmpty() && lines.getLast().isEmpty()) {
                    lines.removeLast();
                }
                printed.add(List.copyOf(lines));
                lines.clear();
            } else {
                lines.add(line);
            }
        }
        return printed;
    }

    /// The transcripts: fenced as `console`, a command after each prompt, then what it prints.
    private static List<List<Exchange>> blocks(String page) throws IOException {
        List<List<Exchange>> blocks = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(DOCS.resolve(page), StandardCharsets.UTF_8)) {
            if (line.startsWith("```")) {
                inside = line.equals("```console");
                if (inside) {
                    blocks.add(new ArrayList<>());
                }
            } else if (inside && line.startsWith(PROMPT)) {
                blocks.getLast().add(new Exchange(line.substring(PROMPT.length()), new ArrayList<>()));
            } else if (inside) {
                blocks.getLast().getLast().expected().add(line);
            }
        }
        return blocks;
    }

    private static void requirePrograms(String... programs) {
        List<String> missing =
                Arrays.stream(programs).filter(program -> !isOnPath(program)).toList();
        if (missing.isEmpty()) {
            return;
        }
        String how = "the transcripts of the documents need " + missing + ": apt-get install "
                + String.join(" ", missing) + ", or what your system has for it";
        if ("false".equals(System.getProperty("skips.allowed"))) {
            fail(how);
        }
        abort(how);
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(String.valueOf(System.getenv("PATH")).split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
