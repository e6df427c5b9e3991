package cardsecure.cli;

import cardsecure.admin.AdminClient;
import cardsecure.admin.AdminException;
import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.config.ServerConfig;
import java.nio.file.Path;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Option;

/// The option that says which server a command speaks with, and the speaking.
final class RunningServer {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data directory of the running server; ./data unless given.")
    private Path data = ServerConfig.USUAL_DATA;

    /// Asks the server, and shows what it answers.
    ///
    /// @param shown shows any answer but a failure, and gives the exit code
    int ask(AdminRequest request, Terminal terminal, ToIntFunction<AdminReply.Answer> shown) {
        try {
            AdminReply.Answer answer = new AdminClient(data).call(request, step -> terminal.say(step.text()));
            return answer instanceof AdminReply.Failed failed ? terminal.fail(failed) : shown.applyAsInt(answer);
        } catch (AdminException e) {
            return terminal.fail(String.valueOf(e.getMessage()), e.hint());
        }
    }

    /// Has the server do something, and shows its lines.
    int tell(AdminRequest request, Terminal terminal) {
        return ask(
                request,
                terminal,
                answer ->
                        answer instanceof AdminReply.Done(var lines) ? terminal.say(lines) : terminal.failUnexpected());
    }
}
