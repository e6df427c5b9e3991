package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import cardsecure.admin.AdminRequest.KeyUse;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cardsecure key rotate`.
@Command(
        name = "rotate",
        usageHelpWidth = 100,
        description = {
            "Put a new key in the place of the current one, while the server serves.",
            "Of the key that seals rows, unless another is named. Tokens stay, and all that was sealed opens."
        },
        footer = {
            "",
            "A new fingerprint key begins a job that makes all fingerprints anew (`cardsecure key job`).",
            "",
            "Examples:",
            "  cardsecure key rotate",
            "  cardsecure key rotate --fingerprint --rate 5000 --watch",
            "  cardsecure key rotate --callers",
        })
public final class KeyRotateCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @ArgGroup
    private Which which = new Which();

    /// One of these.
    static final class Which {
        @Option(names = "--fingerprint", description = "The key that finds the token that data have.")
        private boolean fingerprint;

        @Option(names = "--callers", description = "The key that EC encrypts under.")
        private boolean callers;
    }

    @Option(names = "--rate", paramLabel = "ROWS", description = "Of the job: rows a second at most (default: off).")
    private Optional<String> rate = Optional.empty();

    @Option(names = "--watch", description = "Show the job every second until it is over.")
    private boolean watch;

    /// Has the server rotate.
    @Override
    public Integer call() throws InterruptedException {
        KeyUse use = which.fingerprint ? KeyUse.FINGERPRINT : which.callers ? KeyUse.CALLERS : KeyUse.DATA;
        OptionalLong parsed = rate.map(text -> RateOption.parse(spec, text)).orElseGet(OptionalLong::empty);
        int code = server.tell(new AdminRequest.KeyRotate(use, parsed), terminal());
        return watch && which.fingerprint && code == 0 ? KeyJobCommand.watch(server, terminal()) : code;
    }
}
