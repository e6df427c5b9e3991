package cardsecure.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// `cardsecure bdk kek`: the key under which base keys come in.
@Command(
        name = "kek",
        usageHelpWidth = 100,
        description = "Load and remove the key-block key (KBPK), under which `bdk add --key-block` takes base keys.",
        subcommands = {BdkKekAddCommand.class, BdkKekRemoveCommand.class},
        footer = {
            "",
            "Examples:",
            "  cardsecure bdk kek add --cipher aes",
            "  cardsecure bdk kek remove",
        })
public final class BdkKekCommand extends TypedCommand implements Runnable {
    /// Says that one of its commands is missing.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do with the key-block key: add or remove");
    }
}
