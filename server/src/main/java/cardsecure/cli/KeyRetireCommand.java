package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cardsecure key retire`.
@Command(
        name = "retire",
        usageHelpWidth = 100,
        description = {
            "Retire a key: it opens nothing any more, and is kept.",
            "A data key that any row or setting needs is not retired; for callers' keys (E01 ...) nobody here can tell."
        },
        footer = {"", "Examples:", "  cardsecure key retire 001"})
public final class KeyRetireCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", paramLabel = "KEY", description = "The key's ID, as `key list` shows it.")
    private String id = "";

    /// Has the server do it.
    @Override
    public Integer call() {
        return server.tell(new AdminRequest.KeyRetire(id), terminal());
    }
}
