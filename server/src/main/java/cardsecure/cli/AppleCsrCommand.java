package cardsecure.cli;

import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.wallet.WalletKeyPair;
import cardsecure.wallet.WalletKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cardsecure apple csr`.
@Command(
        name = "csr",
        description = {
            "Make a key for Apple Pay, and a request for its certificate.",
            "The private half never leaves the server; the key decrypts when the certificate is imported."
        },
        footer = {
            "",
            "Examples:",
            "  cardsecure apple csr --site shop",
            "  cardsecure apple csr --site shop --rsa --out shop-china.csr",
            "  cardsecure apple csr --site shop --key 1 --out again.csr",
        })
public final class AppleCsrCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Option(names = "--site", paramLabel = "SITE", required = true, description = "Whose key it is.")
    private String site = "";

    @Option(names = "--rsa", description = "RSA, 2048 bits, as Apple has it in China; EC (P-256) unless given.")
    private boolean rsa;

    @Option(
            names = "--key",
            paramLabel = "NUMBER",
            description = {
                "Write the request for this key again, and make none;",
                "`cardsecure apple list` has the numbers."
            })
    private Optional<Integer> key = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the request goes, a new file; apple-pay-SITE.csr unless given.")
    private Optional<Path> out = Optional.empty();

    /// Makes the key and writes the request.
    @Override
    public Integer call() {
        Terminal terminal = terminal();
        Path file = out.orElse(Path.of("apple-pay-" + site.replaceAll("[^a-z0-9-]", "_") + ".csr"));
        if (Files.exists(file)) {
            return terminal.fail(file + " is there already", "name another file with --out, or move that one away");
        }
        WalletKeyPair.Algorithm algorithm = rsa ? WalletKeyPair.Algorithm.RSA_2048 : WalletKeyPair.Algorithm.EC_P256;
        if (rsa && key.isPresent()) {
            return terminal.fail("--rsa is for a new key", "leave --rsa or --key out");
        }
        return server.ask(
                key.<AdminRequest>map(number -> new AdminRequest.WalletKeyRequest(site, number))
                        .orElseGet(() -> new AdminRequest.WalletKeyNew(site, WalletKind.APPLE, algorithm)),
                terminal,
                answer -> answer instanceof AdminReply.WalletKeyMade made
                        ? write(file, made, terminal)
                        : terminal.failUnexpected());
    }

    private int write(Path file, AdminReply.WalletKeyMade made, Terminal terminal) {
        try {
            Files.writeString(file, made.request(), StandardCharsets.US_ASCII, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            return terminal.fail(
                    file + " cannot be written; key " + made.key().number() + " is there all the same",
                    "`cardsecure apple csr --site " + site + " --key "
                            + made.key().number() + " --out FILE` writes the request again");
        }
        return terminal.say(java.util.List.of(
                made.key().algorithm() + " key " + made.key().number() + " of " + site + ", SHA-256 "
                        + made.key().sha256(),
                file + " is the request; import what Apple makes of it: cardsecure apple import --site " + site
                        + " apple_pay.cer"));
    }
}
