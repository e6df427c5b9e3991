package cardsecure.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// `cardsecure site`: the sites of the running server.
@Command(
        name = "site",
        description = "Add, list, show, change and remove sites, in the running server.",
        subcommands = {
            SiteAddCommand.class,
            SiteListCommand.class,
            SiteShowCommand.class,
            SiteSetCommand.class,
            SiteRemoveCommand.class
        },
        footer = {
            "",
            "A site is a group of merchants. Requests reach it by the first label of the host name that they are sent"
                    + " to",
            "(shop.tokens.example.com is site shop), or by one of its further hosts.",
            "",
            "Examples:",
            "  cardsecure site add shop domains=C,A",
            "  cardsecure site show shop",
        })
public final class SiteCommand extends TypedCommand implements Runnable {
    /// Says that one of its commands is missing.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do with sites: add, list, show, set or remove");
    }
}
