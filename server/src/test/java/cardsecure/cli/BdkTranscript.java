package cardsecure.cli;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.admin.AdminFixture;
import cardsecure.kek.SecretReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// What the commands of base keys are tested with: a site, and custodians who type what nobody sees. In a
/// transcript `$` stands before a command, `>` before what is typed, `!` before a line on standard error, and the
/// exit code where it is not 0.
abstract class BdkTranscript {
    static final String ONE = "11223344556677889900AABBCCDDEEFF";
    static final String TWO = "0F1E2D3C4B5A69788796A5B4C3D2E1F0";

    @Command(
            name = "cardsecure",
            subcommands = {SiteCommand.class, BdkCommand.class})
    private static final class Root {}

    @TempDir
    Path directory = Path.of("");

    final Deque<String> typed = new ArrayDeque<>();
    final List<AdminFixture> servers = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        servers.add(AdminFixture.on(data()));
        play("""
            $ site add shop
            site shop added, number 1
            """);
    }

    @AfterEach
    void stop() {
        servers.forEach(AdminFixture::close);
    }

    static String xor(String one, String other) {
        byte[] sum = HexFormat.of().parseHex(one);
        byte[] with = HexFormat.of().parseHex(other);
        for (int i = 0; i < sum.length; i++) {
            sum[i] ^= with[i];
        }
        return HexFormat.of().formatHex(sum);
    }

    Path privateFile(String name, String text) throws Exception {
        Path file = Files.writeString(directory.resolve(name), text + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    record Run(int exit, List<String> lines) {
        String text() {
            return String.join("\n", lines);
        }
    }

    Path data() {
        return directory.resolve("data");
    }

    /// Runs the commands of a transcript, and compares what they say with it.
    void play(String transcript) {
        List<String> lines = transcript.lines().toList();
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("$ ")) {
                seen.add(lines.get(i));
                for (int next = i + 1; next < lines.size() && lines.get(next).startsWith("> "); next++) {
                    typed.add(lines.get(next).substring(2));
                    seen.add(lines.get(next));
                }
                Run run = run(lines.get(i).substring(2).split(" "));
                run.lines().forEach(line -> seen.add(line.replaceFirst(": \\S+ has entered", ": USER has entered")));
                if (run.exit() != 0) {
                    seen.add("exit " + run.exit());
                }
                assertThat(typed).as("what nobody asked for").isEmpty();
            }
        }
        assertThat(String.join("\n", seen) + "\n").isEqualTo(transcript);
    }

    Run run(String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        if (arguments.size() > 1 && !arguments.contains("--help")) {
            arguments.add("--data=" + data());
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new CommandLine(new Root(), new Prompted())
                .setParameterExceptionHandler(new UsageErrors())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
        List<String> lines = new ArrayList<>(out.toString().lines().toList());
        err.toString().lines().forEach(line -> lines.add("! " + line));
        return new Run(exit, lines);
    }

    /// Makes commands that ask this test.
    private final class Prompted implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            SecretReader secrets =
                    new SecretReader(_ -> typed.isEmpty() ? Optional.empty() : Optional.of(secret(typed.remove())));
            if (type == BdkAddCommand.class) {
                return type.cast(new BdkAddCommand(secrets));
            }
            return type == BdkKekAddCommand.class
                    ? type.cast(new BdkKekAddCommand(secrets))
                    : CommandLine.defaultFactory().create(type);
        }
    }
}
