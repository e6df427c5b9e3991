package cardsecure.cli;

import picocli.CommandLine.Command;

/// `cardsecure simulate`.
@Command(
        name = "simulate",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Make what a card reader or a wallet would send, to try a client or a server without one.",
            "Published test cards and test keys only: a server takes it that runs with --dev."
        },
        subcommands = {SimulateSwipeCommand.class, SimulateApplePayCommand.class, SimulateGooglePayCommand.class})
public final class SimulateCommand extends TypedCommand implements Runnable {
    /// Says which there are.
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
