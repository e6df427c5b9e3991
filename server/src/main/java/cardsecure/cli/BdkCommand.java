package cardsecure.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// `cardsecure bdk`: the base keys of card readers, in the running server.
@Command(
        name = "bdk",
        usageHelpWidth = 100,
        description = "Look after the base derivation keys (BDKs) of card readers.",
        subcommands = {
            BdkAddCommand.class,
            BdkListCommand.class,
            BdkRemoveCommand.class,
            BdkKekCommand.class,
            BdkForgetReaderCommand.class
        },
        footer = {
            "",
            "A key comes in two or three components, from as many people, or in a key block (TR-31, X9.143).",
            "No key ever leaves the server again.",
            "",
            "Examples:",
            "  cardsecure bdk add shop 6299490119",
            "  cardsecure bdk add shop 6299490119 --key-block bdk.tr31",
            "  cardsecure bdk list",
        })
public final class BdkCommand extends TypedCommand implements Runnable {
    /// Says that one of its commands is missing.
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "say what to do with base keys: add, list, remove, kek or forget-reader");
    }
}
