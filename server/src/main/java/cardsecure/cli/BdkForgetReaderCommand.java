package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cardsecure bdk forget-reader`.
@Command(
        name = "forget-reader",
        usageHelpWidth = 100,
        description = {
            "Forget how far a reader has counted, at a site with swipe-counters=on.",
            "For one that was given a new key, and counts from 1 again."
        },
        footer = {"", "Example:", "  cardsecure bdk forget-reader shop FFFF9876543210E00000"})
public final class BdkForgetReaderCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", paramLabel = "SITE", description = "Whose reader.")
    private String site = "";

    @Parameters(index = "1", paramLabel = "READER", description = "Its KSN with a counter of 0, as the log has it.")
    private String device = "";

    /// Forgets it.
    @Override
    public Integer call() {
        return server.tell(new AdminRequest.BdkForgetReader(site, device), terminal());
    }
}
