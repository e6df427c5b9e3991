package cardsecure.cli;

import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.secret.SecretBytes;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cardsecure take`.
@Command(
        name = "take",
        usageHelpWidth = 100,
        description = {
            "Print what a swipe or a wallet brought beside a card number, as JSON: once.",
            "It is destroyed before it is printed, and nobody gets it again. Clients with the right to decrypt do the",
            "same by TD."
        },
        footer = {"", "Example:", "  cardsecure take shop 9441149619831111 > track.json"})
public final class TakeCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Parameters(index = "0", paramLabel = "SITE", description = "Whose token it is.")
    private String site = "";

    @Parameters(index = "1", paramLabel = "TOKEN", description = "The card's token.")
    private String token = "";

    /// Prints it.
    @Override
    public Integer call() {
        Terminal terminal = terminal();
        return server.ask(
                new AdminRequest.TakeShortLived(site, token),
                terminal,
                answer ->
                        answer instanceof AdminReply.Taken(SecretBytes data) ? print(data) : terminal.failUnexpected());
    }

    private int print(SecretBytes data) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(new String(data.reveal(), StandardCharsets.UTF_8));
        out.flush();
        return 0;
    }
}
