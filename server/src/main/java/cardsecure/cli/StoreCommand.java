package cardsecure.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// `cardsecure store`: where a vault's rows are, with no server running.
@Command(
        name = "store",
        usageHelpWidth = 100,
        description = "Look after stores.",
        subcommands = {
            StoreMigrateCommand.class,
        },
        footer = {
            "",
            "A store is rocksdb:DIR or postgresql://USER@HOST:PORT/DATABASE?password-source=file:/PATH;",
            "docs/postgresql.md has the rest of it.",
            "",
            "Examples:",
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
