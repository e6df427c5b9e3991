package cardsecure.cli;

import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.admin.WalletKeyView;
import cardsecure.wallet.WalletKeyPair;
import cardsecure.wallet.WalletKind;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cardsecure google key-new`.
@Command(
        name = "key-new",
        description = {
            "Make a key for Google Pay, and print its public half as Google takes it.",
            "The private half never leaves the server."
        },
        footer = {
            "",
            "Examples:",
            "  cardsecure google key-new --site shop",
        })
public final class GoogleKeyNewCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Option(names = "--site", paramLabel = "SITE", required = true, description = "Whose key it is.")
    private String site = "";

    /// Makes the key.
    @Override
    public Integer call() {
        Terminal terminal = terminal();
        return server.ask(
                new AdminRequest.WalletKeyNew(site, WalletKind.GOOGLE, WalletKeyPair.Algorithm.EC_P256),
                terminal,
                answer -> answer instanceof AdminReply.WalletKeyMade(WalletKeyView key, String _, List<String> warnings)
                        ? terminal.say(Stream.concat(
                                        Stream.of(
                                                "key " + key.number() + " of " + site
                                                        + ", to be registered at Google's:",
                                                key.publicKey().orElse("-")),
                                        warnings.stream())
                                .toList())
                        : terminal.failUnexpected());
    }
}
