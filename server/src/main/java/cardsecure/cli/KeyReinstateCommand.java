package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cardsecure key reinstate`.
@Command(
        name = "reinstate",
        usageHelpWidth = 100,
        description = {"Take a retirement back: the key opens again."},
        footer = {"", "Examples:", "  cardsecure key reinstate 001"})
public final class KeyReinstateCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", paramLabel = "KEY", description = "The key's ID, as `key list` shows it.")
    private String id = "";

    /// Has the server do it.
    @Override
    public Integer call() {
        return server.tell(new AdminRequest.KeyReinstate(id), terminal());
    }
}
