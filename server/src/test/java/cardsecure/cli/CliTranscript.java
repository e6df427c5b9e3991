package cardsecure.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// What the commands are tested with: they run in this process, against a data directory of the test's own.
abstract class CliTranscript {
    @Command(
            name = "cardsecure",
            subcommands = {
                SiteCommand.class,
                KeyCommand.class,
                StoreCommand.class,
                AppleCommand.class,
                GoogleCommand.class,
                SignCommand.class,
                SimulateCommand.class,
                StatusCommand.class,
                CheckConfigCommand.class
            })
    static final class Root {}

    @TempDir
    Path directory = Path.of("");

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
        List<String> seen = new ArrayList<>();
        transcript.lines().filter(line -> line.startsWith("$ ")).forEach(line -> {
            Run run = run((line.substring(2) + " --data=" + data()).split(" "));
            seen.add(line);
            run.lines().forEach(said -> seen.add(said.replace(data().toString(), "DATA")));
            if (run.exit() != 0) {
                seen.add("exit " + run.exit());
            }
        });
        assertThat(String.join("\n", seen) + "\n").isEqualTo(transcript);
    }

    Run run(String... command) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new CommandLine(new Root())
                .setParameterExceptionHandler(new UsageErrors())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(command);
        List<String> lines = new ArrayList<>(out.toString().lines().toList());
        err.toString().lines().forEach(line -> lines.add("! " + line));
        return new Run(exit, lines);
    }
}
