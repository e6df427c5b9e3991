package cardsecure.cli;

import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.admin.RsaKeyView;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cardsecure site rsa-key list`.
@Command(
        name = "list",
        description = {
            "List the RSA keys of a site, the newest first.",
            "Number, bits, padding, when it was made, and the SHA-256 of its public half (SubjectPublicKeyInfo)."
        },
        footer = {
            "",
            "Examples:",
            "  cardsecure site rsa-key list shop",
            "  cardsecure site rsa-key list shop --json",
        })
public final class SiteRsaKeyListCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", paramLabel = "SITE", description = "Whose keys.")
    private String site = "";

    @Option(names = "--json", description = "For programs; with the public keys.")
    private boolean json;

    /// Lists the keys.
    @Override
    public Integer call() {
        Terminal terminal = terminal();
        return server.ask(
                new AdminRequest.RsaKeyList(site),
                terminal,
                answer -> answer instanceof AdminReply.RsaKeys(var keys)
                        ? (json ? terminal.json(keys) : terminal.say(table(keys)))
                        : terminal.failUnexpected());
    }

    private static List<String> table(List<RsaKeyView> keys) {
        if (keys.isEmpty()) {
            return List.of("the site has no RSA key; `cardsecure site rsa-key new SITE` makes one");
        }
        return keys.stream()
                .map(key -> String.format(
                        "%3d  %d bits  %-11s  %s  %s",
                        key.number(), key.bits(), key.padding(), key.created(), key.sha256()))
                .toList();
    }
}
