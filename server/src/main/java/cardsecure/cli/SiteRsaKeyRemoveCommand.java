package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cardsecure site rsa-key remove`.
@Command(
        name = "remove",
        description = "Destroy an RSA key of a site. What is encrypted for it gets 0024 from then on, for good.",
        footer = {
            "",
            "Examples:",
            "  cardsecure site rsa-key remove shop --key 1",
        })
public final class SiteRsaKeyRemoveCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", paramLabel = "SITE", description = "Whose key.")
    private String site = "";

    @Option(names = "--key", paramLabel = "NUMBER", required = true, description = "Which; `list` has the numbers.")
    private int number;

    /// Removes the key.
    @Override
    public Integer call() {
        return server.tell(new AdminRequest.RsaKeyRemove(site, number), terminal());
    }
}
