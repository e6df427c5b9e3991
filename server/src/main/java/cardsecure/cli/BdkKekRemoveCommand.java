package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `cardsecure bdk kek remove`.
@Command(
        name = "remove",
        usageHelpWidth = 100,
        description = "Destroy the key-block key, or forget components of one. Base keys that came under it stay.",
        footer = {
            "",
            "Examples:",
            "  cardsecure bdk kek remove",
        })
public final class BdkKekRemoveCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    /// Removes the key.
    @Override
    public Integer call() {
        return server.tell(new AdminRequest.BdkKekRemove(), terminal());
    }
}
