package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cardsecure site rsa-key new`.
@Command(
        name = "new",
        description = {
            "Make an RSA key for a site. KG gives it from then on, and it decrypts with the older ones beside it.",
            "A key takes one padding only. Choose oaep-sha256 unless there are clients that have pkcs1 alone."
        },
        footer = {
            "",
            "Examples:",
            "  cardsecure site rsa-key new shop",
            "  cardsecure site rsa-key new shop --bits 3072 --padding oaep-sha256",
        })
public final class SiteRsaKeyNewCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", paramLabel = "SITE", description = "Whose key it is.")
    private String site = "";

    @Option(names = "--bits", paramLabel = "BITS", description = "2048, 3072 or 4096; 2048 unless given.")
    private int bits = 2048;

    @Option(
            names = "--padding",
            paramLabel = "PADDING",
            description = "pkcs1 (v1.5, the legacy clients' way) or oaep-sha256; pkcs1 unless given.")
    private String padding = "pkcs1";

    /// Makes the key.
    @Override
    public Integer call() {
        return server.tell(new AdminRequest.RsaKeyNew(site, bits, padding), terminal());
    }
}
