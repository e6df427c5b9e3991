package cardsecure.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says what is wrong with a command line as all other errors are said, in place of picocli's way.
public final class UsageErrors implements IParameterExceptionHandler {
    /// The exit code of a command line that cannot be understood.
    public static final int EXIT = CommandLine.ExitCode.USAGE;

    @Override
    public int handleParseException(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        String message = String.valueOf(wrong.getMessage());
        String name = command.getCommandSpec().qualifiedName();
        List<String> meant =
                wrong instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        String hint = meant.isEmpty() ? "" : "did you mean " + String.join(" or ", meant) + "? ";
        new Terminal(command.getCommandSpec())
                .fail(
                        message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1),
                        hint + "`" + name + " --help` says what there is");
        return EXIT;
    }
}
