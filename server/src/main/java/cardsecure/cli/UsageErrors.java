package cardsecure.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
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
        String name = command.getCommandSpec().qualifiedName();
        List<String> meant =
                wrong instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        String message = noCommand(wrong).orElse(String.valueOf(wrong.getMessage()));
        String hint = meant.isEmpty() ? "" : "did you mean " + String.join(" or ", meant) + "? ";
        new Terminal(command.getCommandSpec())
                .fail(
                        message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1),
                        hint + "`" + name + " --help` says what there is");
        return EXIT;
    }

    /// What to say if the first word that nobody knows stands where a command should. Picocli would list it with all
    /// options behind it.
    private static Optional<String> noCommand(ParameterException wrong) {
        Set<String> commands = wrong.getCommandLine().getSubcommands().keySet();
        return Optional.of(wrong)
                .filter(UnmatchedArgumentException.class::isInstance)
                .map(unmatched ->
                        ((UnmatchedArgumentException) unmatched).getUnmatched().getFirst())
                .filter(word -> !commands.isEmpty() && !word.startsWith("-"))
                .map(word -> "there is no command '" + word + "'; there are " + String.join(", ", commands));
    }
}
