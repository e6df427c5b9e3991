package cardsecure.cli;

import cardsecure.wallet.WalletKind;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cardsecure apple list`.
@Command(
        name = "list",
        description = {
            "List the keys of a site for Apple Pay, the newest first.",
            "Number, kind, when it was made, whether it has a certificate, when that expires, and the SHA-256 of its",
            "public half, which Apple calls publicKeyHash."
        },
        footer = {
            "",
            "Examples:",
            "  cardsecure apple list --site shop",
            "  cardsecure apple list --site shop --json",
        })
public final class AppleListCommand extends TypedCommand implements Callable<Integer> {
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
                WalletKind.APPLE,
                json,
                "the site has no key for Apple Pay; `cardsecure apple csr --site " + site + "` makes one");
    }
}
