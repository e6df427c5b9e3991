package cardsecure.cli;

import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// How fast a job goes, as people type it.
final class RateOption {
    private RateOption() {}

    /// Rows a second; none for `off`.
    ///
    /// @throws ParameterException for anything else
    static OptionalLong parse(CommandSpec spec, String text) {
        if (text.equals("off")) {
            return OptionalLong.empty();
        }
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new ParameterException(spec.commandLine(), "a rate is rows a second, 1 or more, or off");
        }
        return OptionalLong.of(Long.parseLong(text));
    }
}
