package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cardsecure bdk remove`.
@Command(
        name = "remove",
        usageHelpWidth = 100,
        description = {
            "Destroy the base key of a site's readers: what they encrypt can be read no more.",
            "If components of one are waiting, it forgets these instead."
        },
        footer = {
            "",
            "Examples:",
            "  cardsecure bdk remove shop 6299490119",
        })
public final class BdkRemoveCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", paramLabel = "SITE", description = "Whose readers.")
    private String site = "";

    @Parameters(index = "1", paramLabel = "KEYSET", description = "The key set, as `list` has it.")
    private String keySet = "";

    /// Removes the key.
    @Override
    public Integer call() {
        return server.tell(new AdminRequest.BdkRemove(site, keySet), terminal());
    }
}
