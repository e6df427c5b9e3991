package cardsecure.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// `cardsecure apple`: the merchant keys of a site for Apple Pay.
@Command(
        name = "apple",
        usageHelpWidth = 100,
        description = "Make keys for Apple Pay, import Apple's certificates for them, list and remove them.",
        subcommands = {AppleCsrCommand.class, AppleImportCommand.class, AppleListCommand.class, AppleRemoveCommand.class
        },
        footer = {
            "",
            "Upload the request at Apple's (Payment Processing Certificate), and import what comes back. To renew",
            "one, do the same again: the older key goes on decrypting until it is removed.",
            "",
            "Examples:",
            "  cardsecure apple csr --site shop",
            "  cardsecure apple import --site shop apple_pay.cer",
        })
public final class AppleCommand extends TypedCommand implements Runnable {
    /// Says that one of its commands is missing.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do for Apple Pay: csr, import, list or remove");
    }
}
