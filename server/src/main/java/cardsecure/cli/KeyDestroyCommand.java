package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cardsecure key destroy`.
@Command(
        name = "destroy",
        usageHelpWidth = 100,
        description = {"Destroy a retired key, for good. Backups of the keystore from before have it still."},
        footer = {"", "Examples:", "  cardsecure key destroy 001"})
public final class KeyDestroyCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", paramLabel = "KEY", description = "The key's ID, as `key list` shows it.")
    private String id = "";

    /// Has the server do it.
    @Override
    public Integer call() {
        return server.tell(new AdminRequest.KeyDestroy(id), terminal());
    }
}
