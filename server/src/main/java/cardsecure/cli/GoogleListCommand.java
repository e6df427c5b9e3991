package cardsecure.cli;

import cardsecure.wallet.WalletKind;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cardsecure google list`.
@Command(
        name = "list",
        description = {
            "List the keys of a site for Google Pay, the newest first.",
            "Number, when it was made, and its public half as Google takes it."
        },
        footer = {
            "",
            "Examples:",
            "  cardsecure google list --site shop",
            "  cardsecure google list --site shop --json",
        })
public final class GoogleListCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Option(names = "--site", paramLabel = "SITE", required = true, description = "Whose keys.")
    private String site = "";

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    /// Lists the keys.
    @Override
    public Integer call() {
        return WalletKeyTable.show(
                server,
                terminal(),
                site,
                WalletKind.GOOGLE,
                json,
                "the site has no key for Google Pay; `cardsecure google key-new --site " + site + "` makes one");
    }
}
