package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cardsecure key reseal`.
@Command(
        name = "reseal",
        usageHelpWidth = 100,
        description = {
            "Begin to seal all rows and settings anew under the current data key, while the server serves.",
            "Afterwards nothing needs an older key, and it can be retired."
        },
        footer = {
            "",
            "It goes on after a restart. `cardsecure key job` shows it, pauses it, paces it.",
            "",
            "Examples:",
            "  cardsecure key reseal",
            "  cardsecure key reseal --rate 5000 --watch",
        })
public final class KeyResealCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Option(names = "--rate", paramLabel = "ROWS", description = "Rows a second at most (default: off, no limit).")
    private Optional<String> rate = Optional.empty();

    @Option(names = "--watch", description = "Show it every second until it is over.")
    private boolean watch;

    /// Has the server begin.
    @Override
    public Integer call() throws InterruptedException {
        OptionalLong parsed = rate.map(text -> RateOption.parse(spec, text)).orElseGet(OptionalLong::empty);
        int code = server.tell(new AdminRequest.KeyReseal(parsed), terminal());
        return watch && code == 0 ? KeyJobCommand.watch(server, terminal()) : code;
    }
}
