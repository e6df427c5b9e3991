package cardsecure.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// `cardsecure user`: those who may do more than everybody, in the running server.
@Command(
        name = "user",
        usageHelpWidth = 100,
        description = "Add, list, change and remove users, in the running server.",
        subcommands = {UserAddCommand.class, UserListCommand.class, UserSetCommand.class, UserRemoveCommand.class},
        footer = {
            "",
            "A user belongs to a site, and may do there what its rights say besides what everybody may",
            "(`site set SITE open=...`). It proves who it is by HTTP Basic or by a client certificate.",
            "",
            "Examples:",
            "  cardsecure user add shop clerk --rights tokenize,verify,bin",
            "  cardsecure user list shop",
        })
public final class UserCommand extends TypedCommand implements Runnable {
    /// Says that one of its commands is missing.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do with users: add, list, set or remove");
    }
}
