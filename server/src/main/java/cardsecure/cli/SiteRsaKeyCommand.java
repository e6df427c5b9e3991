package cardsecure.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// `cardsecure site rsa-key`: the keys that callers of a site encrypt with.
@Command(
        name = "rsa-key",
        usageHelpWidth = 100,
        description = "Make, list, export and remove the RSA keys of a site, in the running server.",
        subcommands = {
            SiteRsaKeyNewCommand.class,
            SiteRsaKeyListCommand.class,
            SiteRsaKeyExportCommand.class,
            SiteRsaKeyRemoveCommand.class
        },
        footer = {
            "",
            "Callers encrypt with the newest key (action KG, or `export`), and send what comes out by CR, AR,",
            "PR or SR. The older ones go on decrypting until they are removed.",
            "",
            "Examples:",
            "  cardsecure site rsa-key new shop",
            "  cardsecure site rsa-key export shop > shop.pem",
        })
public final class SiteRsaKeyCommand extends TypedCommand implements Runnable {
    /// Says that one of its commands is missing.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do with RSA keys: new, list, export or remove");
    }
}
