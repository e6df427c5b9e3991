package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cardsecure user remove`.
@Command(
        name = "remove",
        description = "Remove a user. It can do no more than everybody from the next request on.",
        footer = {
            "",
            "Examples:",
            "  cardsecure user remove shop clerk",
        })
public final class UserRemoveCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", paramLabel = "SITE", description = "Whose user it is.")
    private String site = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "The user.")
    private String name = "";

    /// Removes the user.
    @Override
    public Integer call() {
        return server.tell(new AdminRequest.UserRemove(site, name), terminal());
    }
}
