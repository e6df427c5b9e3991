package cardsecure.cli;

import cardsecure.config.ConfigException;
import cardsecure.config.ConfigReader;
import cardsecure.config.Problem;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `cardsecure check-config`.
@Command(
        name = "check-config",
        description = "Check a configuration file, and say everything that is wrong with it. No server is needed.",
        footer = {
            "",
            "Exits with 0 if the file is good, 1 if not. docs/cardsecure.sample.yaml has every key.",
            "",
            "Examples:",
            "  cardsecure check-config /etc/cardsecure/cardsecure.yaml",
        })
public final class CheckConfigCommand extends TypedCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "The file.")
    private Path file = Path.of("cardsecure.yaml");

    /// Checks the file.
    @Override
    public Integer call() {
        Terminal terminal = terminal();
        try {
            ConfigReader.read(file, false);
            return terminal.say(file + ": ok");
        } catch (ConfigException e) {
            return terminal.fail(e.problems().stream().map(Problem::toString).toList());
        }
    }
}
