package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import cardsecure.kek.SecretReader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cardsecure bdk kek add`.
@Command(
        name = "add",
        usageHelpWidth = 100,
        description = {
            "Load the key-block key, which the vault has one of.",
            "Each custodian runs this once and enters one component where nobody sees it, as with `bdk add`."
        },
        footer = {
            "",
            "Examples:",
            "  cardsecure bdk kek add --cipher aes",
            "  cardsecure bdk kek add --cipher tdes --components 3 --component fd:3 3</run/secrets/component-2",
        })
public final class BdkKekAddCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Option(
            names = "--cipher",
            paramLabel = "CIPHER",
            description = "aes (key blocks of version D) or tdes (A, B and C); aes unless given.")
    private String cipher = "aes";

    @Mixin
    private ComponentOptions components = new ComponentOptions();

    private final SecretReader secrets;

    /// Asks at the terminal.
    public BdkKekAddCommand() {
        this(SecretReader.atTerminal());
    }

    BdkKekAddCommand(SecretReader secrets) {
        this.secrets = secrets;
    }

    /// Hands a component to the server.
    @Override
    public Integer call() {
        try {
            return server.tell(
                    new AdminRequest.BdkKekAdd(
                            cipher, components.count(), components.read(secrets), components.oneCustodian()),
                    terminal());
        } catch (InputException e) {
            return terminal().fail(String.valueOf(e.getMessage()), e.hint());
        }
    }
}
