package cardsecure.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// `cardsecure store`: whole stores, which no server has open.
@Command(
        name = "store",
        usageHelpWidth = 100,
        description = "Copy a vault from one store into another, and verify what is in one.",
        subcommands = {
            StoreCopyCommand.class,
            StoreVerifyCommand.class,
        },
        footer = {
            "",
            "A store is rocksdb:DIRECTORY or postgresql://USER@HOST:PORT/DATABASE?password-source=file:/PATH",
            "",
            "Examples:",
            "  cardsecure store copy --from rocksdb:/var/lib/cardsecure/store --to postgresql://cs@db/vault",
            "  cardsecure store verify --data /var/lib/cardsecure",
        })
public final class StoreCommand extends TypedCommand implements Runnable {
    /// Says that one of its commands is missing.
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what to do with stores: "
                        + String.join(", ", spec.commandLine().getSubcommands().keySet()));
    }
}
