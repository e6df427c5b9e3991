package cardsecure.cli;

import cardsecure.secret.SecretBytes;
import cardsecure.signing.RequestSigner;
import cardsecure.signing.SigningText;
import cardsecure.signing.SigningTime;
import cardsecure.site.SigningForm;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// `cardsecure sign`.
@Command(
        name = "sign",
        usageHelpWidth = 100,
        description = {
            "Sign a request with a site's key, and print its URL.",
            "With --data - print what to POST as a form instead, so that the data stand in no URL and on no command",
            "line, unless --url asks for one. Needs no server.",
            "",
            "To see what a client should send: give it the client's --ref and --time, and compare."
        },
        footer = {
            "",
            "Examples:",
            "  cardsecure sign --key-file shop.key --action HI --data 12345678",
            "  cardsecure sign --key-file shop.key --action CE --data - < card \\",
            "    | curl --data @- https://shop.example.com:6443/cardsecure/cs",
            "  curl \"$(cardsecure sign --key-file shop.key --action HI --data 12345678)\"",
        })
public final class SignCommand extends TypedCommand implements Callable<Integer> {
    private static final String PATH = "/cardsecure/cs";
    private static final URI USUAL = URI.create("http://127.0.0.1:6080");
    private static final int REF_BYTES = 16;
    private static final int DATA_MAX = 1 << 16;

    @Option(
            names = "--key-file",
            required = true,
            paramLabel = "FILE",
            description = "The key, as `site signing new-key` printed it.")
    private Path keyFile = Path.of("");

    @Option(names = "--action", required = true, paramLabel = "CODE", description = "Such as CE.")
    private String action = "";

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DATA",
            description = "What to do it to; - takes them from standard input, up to a line end, so that no other user"
                    + " of the machine sees them on the command line.")
    private String data = "";

    @Option(names = "--ref", paramLabel = "REF", description = "The reference; drawn at random unless given.")
    private Optional<String> ref = Optional.empty();

    @Option(
            names = "--time",
            paramLabel = "TIME",
            description = "When it is signed, as 2014-01-01T 00:00:01Z; now unless given.")
    private Optional<String> time = Optional.empty();

    @Option(
            names = "--form",
            paramLabel = "FORM",
            description = "encoded or decoded, as the site's signing-form; encoded unless given.")
    private String form = SigningForm.ENCODED.label();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "Where the server is; http://127.0.0.1:6080 unless given. Without a path, " + PATH + " is added.")
    private Optional<URI> url = Optional.empty();

    private final InstantSource clock;

    /// Goes by the system's clock.
    public SignCommand() {
        this(InstantSource.system());
    }

    SignCommand(InstantSource clock) {
        this.clock = clock;
    }

    /// Prints the URL, or the form.
    @Override
    public Integer call() {
        String signedAt = time.orElseGet(() -> SigningTime.format(clock.instant()));
        Optional<Instant> understood = SigningTime.parse(signedAt);
        if (understood.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--time: a time is such as 2014-01-01T 00:00:01Z, GMT");
        }
        String reference = ref.orElseGet(SignCommand::drawnRef);
        SigningForm used = form();
        SecretBytes key;
        SecretBytes value;
        try {
            key = SigningKeyFile.read(keyFile);
            value = data.equals("-") ? standardInput() : SecretBytes.copyOf(data.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return terminal()
                    .fail("nothing to sign with: " + e.getMessage(), "name the file that has what new-key printed");
        }
        SecretBytes signed = SigningText.of(used, action, value, reference, signedAt);
        String signature = HexFormat.of().formatHex(new RequestSigner(key).sign(signed));
        key.destroy();
        signed.destroy();
        SecretBytes query = SigningText.of(SigningForm.ENCODED, action, value, reference, signedAt);
        String signedForm = new String(query.reveal(), StandardCharsets.US_ASCII) + "&sig=" + signature;
        boolean asForm = data.equals("-") && url.isEmpty();
        return terminal().say(asForm ? signedForm : base(url.orElse(USUAL)) + "?" + signedForm);
    }

    private static String base(URI url) {
        String path = url.getRawPath() == null || url.getRawPath().length() < 2 ? PATH : "";
        return url.toString().replaceFirst("/$", "") + path;
    }

    private SigningForm form() {
        try {
            return SigningForm.parse(form);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--form: " + e.getMessage(), e);
        }
    }

    private static String drawnRef() {
        byte[] bytes = new byte[REF_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static SecretBytes standardInput() throws IOException {
        InputStream in = System.in;
        byte[] bytes = in.readNBytes(DATA_MAX);
        int length = bytes.length;
        while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
            length--;
        }
        SecretBytes read = SecretBytes.copyOf(bytes, 0, length);
        Arrays.fill(bytes, (byte) 0);
        return read;
    }
}
