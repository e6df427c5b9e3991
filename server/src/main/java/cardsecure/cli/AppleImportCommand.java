package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cardsecure apple import`.
@Command(
        name = "import",
        description = "Import a certificate of Apple's. It is found which key of the site it is for.",
        footer = {
            "",
            "Examples:",
            "  cardsecure apple import --site shop apple_pay.cer",
        })
public final class AppleImportCommand extends TypedCommand implements Callable<Integer> {
    private static final int LENGTH_MAX = 16_384;

    @Mixin
    private RunningServer server = new RunningServer();

    @Option(names = "--site", paramLabel = "SITE", required = true, description = "Whose key it is for.")
    private String site = "";

    @Parameters(index = "0", paramLabel = "FILE", description = "The certificate, DER or PEM.")
    private Path file = Path.of("");

    /// Imports the certificate.
    @Override
    public Integer call() {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(LENGTH_MAX);
        } catch (IOException e) {
            InputException unreadable = KeyFiles.unreadable(file, e);
            return terminal().fail(String.valueOf(unreadable.getMessage()), unreadable.hint());
        }
        String encoded = Base64.getEncoder().encodeToString(content);
        return server.tell(new AdminRequest.WalletKeyCertify(site, encoded), terminal());
    }
}
