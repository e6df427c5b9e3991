package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import cardsecure.admin.AdminRequest.NewLogin;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/// `cardsecure user set`.
@Command(
        name = "set",
        description = "Change a user's rights or login. What is not named stays.",
        footer = {
            "",
            "Examples:",
            "  cardsecure user set shop clerk --rights tokenize,verify,purge",
            "  cardsecure user set shop clerk --password",
            "  cardsecure user set shop clerk --rights=            (no more than everybody)",
        })
public final class UserSetCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", paramLabel = "SITE", description = "Whose user it is.")
    private String site = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "The user.")
    private String name = "";

    @Option(
            names = "--rights",
            paramLabel = "RIGHTS",
            description = "All that it is to have from now on; see `user add`.")
    private Optional<String> rights = Optional.empty();

    @Mixin
    private LoginOptions login = new LoginOptions();

    private final PasswordPrompt prompt;

    /// Asks at the terminal.
    public UserSetCommand() {
        this(PasswordPrompt.terminal());
    }

    UserSetCommand(PasswordPrompt prompt) {
        this.prompt = prompt;
    }

    /// Changes the user.
    @Override
    public Integer call() {
        try {
            Optional<NewLogin> chosen = login.chosen(spec, name, prompt);
            if (chosen.isEmpty() && rights.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(), "say what to change: --rights, --password or another login");
            }
            return server.tell(new AdminRequest.UserSet(site, name, rights, chosen), terminal());
        } catch (InputException e) {
            return terminal().fail(String.valueOf(e.getMessage()), e.hint());
        }
    }
}
