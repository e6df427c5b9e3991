package cardsecure.cli;

import cardsecure.config.StoreConfig;
import cardsecure.config.StoreLocation;
import cardsecure.error.Refusal;
import cardsecure.kek.SecretReader;
import cardsecure.store.StoreException;
import cardsecure.stores.UnopenedStore;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// `cardsecure store migrate`.
@Command(
        name = "migrate",
        usageHelpWidth = 100,
        description = {
            "Make the tables of a store in a database, or bring them up to this program's version.",
            "The role in the URL is the one that owns them; servers need another one, which may less."
        },
        footer = {
            "",
            "Data stay as they are. Stop servers of an earlier version first, or as docs/postgresql.md says.",
            "",
            "Examples:",
            "  cardsecure store migrate --store 'postgresql://owner@db/vault?password-source=terminal' \\",
            "      --server-role cardsecure",
        })
public final class StoreMigrateCommand extends TypedCommand implements Callable<Integer> {
    @Option(
            names = "--store",
            required = true,
            paramLabel = "URL",
            description = "The database, with the role that owns its tables.")
    private String store = "";

    @Option(
            names = "--server-role",
            paramLabel = "ROLE",
            description = "A role that servers have: it is let use the tables, and no more.")
    private Optional<String> serverRole = Optional.empty();

    private final SecretReader secrets;

    /// Asks at the terminal.
    public StoreMigrateCommand() {
        this(SecretReader.atTerminal());
    }

    StoreMigrateCommand(SecretReader secrets) {
        this.secrets = secrets;
    }

    /// Migrates.
    @Override
    public Integer call() {
        Terminal terminal = terminal();
        try {
            return terminal.say(UnopenedStore.database(StoreConfig.defaults(), location(), secrets)
                    .migrate(serverRole));
        } catch (Refusal e) {
            return terminal.fail(e);
        } catch (StoreException e) {
            return terminal.fail(String.valueOf(e.getMessage()), "docs/postgresql.md says what it needs");
        }
    }

    private StoreLocation.Postgres location() {
        try {
            return switch (StoreLocation.parse(store)) {
                case StoreLocation.Postgres postgres -> postgres;
                case StoreLocation.Rocks _ ->
                    throw new ParameterException(
                            spec.commandLine(),
                            "an embedded store has no tables; servers bring it up to their version");
            };
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--store " + e.getMessage());
        }
    }
}
