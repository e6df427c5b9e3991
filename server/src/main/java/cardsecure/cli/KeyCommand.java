package cardsecure.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// `cardsecure key`: the vault's keys, in the running server.
@Command(
        name = "key",
        usageHelpWidth = 100,
        description = "Look after the vault's keys.",
        subcommands = {
            KeyListCommand.class,
            KeyRotateCommand.class,
            KeyResealCommand.class,
            KeyJobCommand.class,
            KeyRetireCommand.class,
            KeyReinstateCommand.class,
            KeyDestroyCommand.class,
            KeyRewrapCommand.class,
            KeyBackupCommand.class,
            KeyRestoreCommand.class,
        },
        footer = {
            "",
            "Examples:",
            "  cardsecure key list",
            "  cardsecure key rotate",
            "  cardsecure key reseal --watch",
            "  cardsecure key backup --out keys.backup --to-certificate officer.pem",
            "  cardsecure key rewrap --to 'passphrase:?file=/run/secrets/kek'",
        })
public final class KeyCommand extends TypedCommand implements Runnable {
    /// Says that one of its commands is missing.
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what to do with keys: "
                        + String.join(", ", spec.commandLine().getSubcommands().keySet()));
    }
}
