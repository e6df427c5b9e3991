package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import cardsecure.kek.SecretReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cardsecure bdk add`.
@Command(
        name = "add",
        usageHelpWidth = 100,
        description = {
            "Load the base key of a site's readers, whose key serial numbers (KSNs) begin with KEYSET.",
            "Each custodian runs this once, as the same command, and enters one component where nobody sees it; the",
            "server shows its check value, and with the last one that of the key. What is there waits an hour."
        },
        footer = {
            "",
            "ALGORITHM is tdes, aes-128, aes-192 or aes-256.",
            "VARIANT is what readers encrypt tracks with: of tdes data-one-way (ID TECH's way), pin (MagTek's),",
            "data-plain, data-one-way-response or data-plain-response; of AES aes-128-data, aes-192-data,",
            "aes-256-data, or one of these with -both.",
            "",
            "Examples:",
            "  cardsecure bdk add shop 6299490119",
            "  cardsecure bdk add shop FFFF9876543210 --variant pin --components 3",
            "  cardsecure bdk add shop 12345678 --algorithm aes-128 --component file:/run/secrets/component-1",
            "  cardsecure bdk add shop 6299490119 --key-block bdk.tr31",
        })
public final class BdkAddCommand extends TypedCommand implements Callable<Integer> {
    private static final int BLOCK_MAX = 10_000;

    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", paramLabel = "SITE", description = "Whose readers.")
    private String site = "";

    @Parameters(index = "1", paramLabel = "KEYSET", description = "6 to 16 hexadecimal digits (AES: from 8).")
    private String keySet = "";

    @Option(names = "--algorithm", paramLabel = "ALGORITHM", description = "What the key is of; tdes unless given.")
    private Optional<String> algorithm = Optional.empty();

    @Option(names = "--variant", paramLabel = "VARIANT", description = "data-one-way or aes-128-data unless given.")
    private Optional<String> variant = Optional.empty();

    @Mixin
    private ComponentOptions components = new ComponentOptions();

    @Option(
            names = "--key-block",
            paramLabel = "FILE",
            description = "Take the key from a key block under the loaded key-block key, not from components.")
    private Optional<Path> keyBlock = Optional.empty();

    private final SecretReader secrets;

    /// Asks at the terminal.
    public BdkAddCommand() {
        this(SecretReader.atTerminal());
    }

    BdkAddCommand(SecretReader secrets) {
        this.secrets = secrets;
    }

    /// Hands a component or a key block to the server.
    @Override
    public Integer call() {
        try {
            if (keyBlock.isPresent()) {
                String block = block(keyBlock.get());
                return server.tell(new AdminRequest.BdkImport(site, keySet, variant, block), terminal());
            }
            return server.tell(
                    new AdminRequest.BdkAdd(
                            site,
                            keySet,
                            algorithm.orElse("tdes"),
                            variant,
                            components.count(),
                            components.read(secrets),
                            components.oneCustodian()),
                    terminal());
        } catch (InputException e) {
            return terminal().fail(String.valueOf(e.getMessage()), e.hint());
        }
    }

    private static String block(Path file) throws InputException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(BLOCK_MAX), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            throw new InputException(file + " cannot be read", "name a file that you can read");
        }
    }
}
