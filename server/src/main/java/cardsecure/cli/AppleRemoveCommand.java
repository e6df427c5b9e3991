package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import cardsecure.wallet.WalletKind;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cardsecure apple remove`.
@Command(
        name = "remove",
        description =
                "Destroy a key of a site for Apple Pay. What is encrypted for it gets 0024 from then on, for good.",
        footer = {
            "",
            "Examples:",
            "  cardsecure apple remove --site shop --key 1",
        })
public final class AppleRemoveCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Option(names = "--site", paramLabel = "SITE", required = true, description = "Whose key.")
    private String site = "";

    @Option(names = "--key", paramLabel = "NUMBER", required = true, description = "Which; `list` has the numbers.")
    private int number;

    /// Removes the key.
    @Override
    public Integer call() {
        return server.tell(new AdminRequest.WalletKeyRemove(site, WalletKind.APPLE, number), terminal());
    }
}
