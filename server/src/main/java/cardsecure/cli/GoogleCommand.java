package cardsecure.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// `cardsecure google`: the keys of a site for Google Pay.
@Command(
        name = "google",
        usageHelpWidth = 100,
        description = "Make, list and remove the keys of a site for Google Pay.",
        subcommands = {GoogleKeyNewCommand.class, GoogleListCommand.class, GoogleRemoveCommand.class},
        footer = {
            "",
            "Register the public key at Google's. To renew it, register another one beside it, and remove the",
            "older key when Google encrypts for the newer one.",
            "",
            "Examples:",
            "  cardsecure google key-new --site shop",
            "  cardsecure google list --site shop",
        })
public final class GoogleCommand extends TypedCommand implements Runnable {
    /// Says that one of its commands is missing.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do for Google Pay: key-new, list or remove");
    }
}
