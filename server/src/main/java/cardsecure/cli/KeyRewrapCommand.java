package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import cardsecure.config.KekUri;
import cardsecure.error.Refusal;
import cardsecure.kek.Keks;
import cardsecure.kek.SecretReader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// `cardsecure key rewrap`.
@Command(
        name = "rewrap",
        usageHelpWidth = 100,
        description = {
            "Have another key-encryption key (KEK) wrap the vault's keys, while the server serves.",
            "Killed at any moment, either the old one or the new one opens the vault; the old one is not touched."
        },
        footer = {
            "",
            "A passphrase or PIN is read by this command, from where the URI says, and handed to the server.",
            "A file that is missing is made; a relative one is in the data directory.",
            "",
            "Examples:",
            "  cardsecure key rewrap --to file:/etc/cardsecure/kek-2.key",
            "  cardsecure key rewrap --to 'passphrase:?file=/run/secrets/kek'",
            "  cardsecure key rewrap --create --to 'pkcs11:token=bank;object=kek-1"
                    + "?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/cardsecure/pin'",
        })
public final class KeyRewrapCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Option(names = "--to", paramLabel = "URI", required = true, description = "The new KEK, as kek: uri names it.")
    private String to = "";

    @Option(names = "--create", description = "Make the HSM's key, if the token has none of that name.")
    private boolean create;

    private final SecretReader secrets;

    /// Asks at the terminal.
    public KeyRewrapCommand() {
        this(SecretReader.atTerminal());
    }

    KeyRewrapCommand(SecretReader secrets) {
        this.secrets = secrets;
    }

    /// Changes the KEK.
    @Override
    public Integer call() {
        try {
            KekUri uri = KekUri.parse(to);
            Keks here = new Keks(Path.of(""), secrets, new SecureRandom());
            return server.tell(new AdminRequest.KeyRewrap(to, here.secretForNew(uri), create), terminal());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "the URI " + e.getMessage(), e);
        } catch (Refusal e) {
            return terminal().fail(e);
        }
    }
}
