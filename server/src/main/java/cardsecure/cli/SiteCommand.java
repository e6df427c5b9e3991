package cardsecure.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// `cardsecure site`: the sites of the running server.
@Command(
        name = "site",
        usageHelpWidth = 100,
        description = "Add, list, show, change and remove sites, in the running server.",
        subcommands = {
            SiteAddCommand.class,
            SiteListCommand.class,
            SiteShowCommand.class,
            SiteSetCommand.class,
            SiteRemoveCommand.class,
            SiteSigningCommand.class,
            SiteRsaKeyCommand.class
        },
        footer = {
            "",
            "A site is a group of merchants. The first label of the host name that a request is sent",
            "to says which (shop.tokens.example.com: site shop), or one of the site's further hosts.",
            "",
            "Examples:",
            "  cardsecure site add shop domains=C,A",
            "  cardsecure site show shop",
        })
public final class SiteCommand extends TypedCommand implements Runnable {
    /// Says that one of its commands is missing.
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "say what to do with sites: add, list, show, set, signing, rsa-key or remove");
    }
}
