package cardsecure.cli;

import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.admin.RsaKeyView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cardsecure site rsa-key export`.
@Command(
        name = "export",
        description = "Print the public half of a site's RSA key. The private half never leaves the server.",
        footer = {
            "",
            "Examples:",
            "  cardsecure site rsa-key export shop > shop.pem",
            "  cardsecure site rsa-key export shop --key 1 --format base64",
        })
public final class SiteRsaKeyExportCommand extends TypedCommand implements Callable<Integer> {
    private static final int PEM_LINE = 64;

    /// How a public key is printed.
    enum Format {
        /// With `-----BEGIN PUBLIC KEY-----`, for openssl and libraries.
        pem,
        /// Bare, on one line, as KG gives it.
        base64
    }

    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", paramLabel = "SITE", description = "Whose key.")
    private String site = "";

    @Option(names = "--key", paramLabel = "NUMBER", description = "Which; the newest unless given.")
    private Optional<Integer> number = Optional.empty();

    @Option(names = "--format", paramLabel = "FORMAT", description = "pem or base64; pem unless given.")
    private Format format = Format.pem;

    /// Prints the key.
    @Override
    public Integer call() {
        Terminal terminal = terminal();
        return server.ask(
                new AdminRequest.RsaKeyList(site),
                terminal,
                answer -> answer instanceof AdminReply.RsaKeys(var keys)
                        ? print(keys, terminal)
                        : terminal.failUnexpected());
    }

    private int print(List<RsaKeyView> keys, Terminal terminal) {
        Optional<RsaKeyView> chosen = keys.stream()
                .filter(key -> number.isEmpty() || number.get() == key.number())
                .findFirst();
        if (chosen.isEmpty()) {
            return terminal.fail(
                    keys.isEmpty() ? "the site has no RSA key" : "the site has no RSA key of that number",
                    keys.isEmpty()
                            ? "`cardsecure site rsa-key new " + site + "` makes one"
                            : "`cardsecure site rsa-key list " + site + "` shows those it has");
        }
        String publicKey = chosen.get().publicKey();
        return switch (format) {
            case pem -> terminal.say(pem(publicKey));
            case base64 -> terminal.say(publicKey);
        };
    }

    private static List<String> pem(String publicKey) {
        List<String> lines = new ArrayList<>();
        lines.add("-----BEGIN PUBLIC KEY-----");
        Base64.Encoder lineByLine = Base64.getMimeEncoder(PEM_LINE, "\n".getBytes(StandardCharsets.US_ASCII));
        lines.addAll(lineByLine
                .encodeToString(Base64.getDecoder().decode(publicKey))
                .lines()
                .toList());
        lines.add("-----END PUBLIC KEY-----");
        return lines;
    }
}
