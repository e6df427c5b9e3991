package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import cardsecure.admin.AdminRequest.NewLogin;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cardsecure user add`.
@Command(
        name = "add",
        description = {
            "Add a user to a site.",
            "Unless told otherwise it asks for a password here. A password is never given on the command line."
        },
        footer = {
            "",
            "Examples:",
            "  cardsecure user add shop clerk --rights tokenize,verify,bin",
            "  cardsecure user add shop batch --rights decrypt --password-file /run/secrets/batch",
            "  cardsecure user add shop till-7 --certificate till-7.pem",
        })
public final class UserAddCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", paramLabel = "SITE", description = "Whose user it is.")
    private String site = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "1 to 64 letters, digits and . _ @ -")
    private String name = "";

    @Option(
            names = "--rights",
            paramLabel = "RIGHTS",
            description = "Of tokenize,verify,purge,bin,encrypt,decrypt,admin; tokenize,verify unless given.")
    private String rights = "tokenize,verify";

    @Mixin
    private LoginOptions login = new LoginOptions();

    private final PasswordPrompt prompt;

    /// Asks at the terminal.
    public UserAddCommand() {
        this(PasswordPrompt.terminal());
    }

    UserAddCommand(PasswordPrompt prompt) {
        this.prompt = prompt;
    }

    /// Adds the user.
    @Override
    public Integer call() {
        try {
            Optional<NewLogin> chosen = login.chosen(spec, name, prompt);
            NewLogin used = chosen.isPresent() ? chosen.get() : new NewLogin.Password(prompt.askTwice(name));
            return server.tell(new AdminRequest.UserAdd(site, name, rights, used), terminal());
        } catch (InputException e) {
            return terminal().fail(String.valueOf(e.getMessage()), e.hint());
        }
    }
}
