package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cardsecure site remove`.
@Command(
        name = "remove",
        description = "Remove a site. One that holds tokens stays, unless they are to be destroyed with it.",
        footer = {
            "",
            "Examples:",
            "  cardsecure site remove trial",
            "  cardsecure site remove old-shop --destroy-tokens     (nobody can turn them back, ever)",
        })
public final class SiteRemoveCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", paramLabel = "NAME", description = "The site.")
    private String name = "";

    @Option(names = "--destroy-tokens", description = "Destroy all its tokens and data with it, for good.")
    private boolean destroyTokens;

    /// Removes the site.
    @Override
    public Integer call() {
        return server.tell(new AdminRequest.SiteRemove(name, destroyTokens), terminal());
    }
}
