package cardsecure.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// `cardsecure store`: whole stores, which no server has open.
@Command(
        name = "store",
        usageHelpWidth = 100,
        description = "Look after stores: copy a vault into another one, verify all that is in one, make tables.",
        subcommands = {
            StoreCopyCommand.class,
            StoreVerifyCommand.class,
            StoreMigrateCommand.class,
        },
        footer = {
            "",
            "A store is rocksdb:DIR or postgresql://USER@HOST:PORT/DATABASE?password-source=file:/PATH;",
            "docs/postgresql.md has the rest of it.",
            "",
            "Examples:",
            "  cardsecure store copy --from rocksdb:/var/lib/cardsecure/store --to postgresql://cs@db/vault",
            "  cardsecure store verify --data /var/lib/cardsecure",
            "  cardsecure store migrate --store 'postgresql://owner@db/vault?password-source=terminal'",
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
