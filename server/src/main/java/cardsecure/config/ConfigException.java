package cardsecure.config;

import java.util.List;
import java.util.stream.Collectors;

/// A configuration file that cannot be used, and everything that is wrong with it. Checked, because the operator is to
/// be told all of it, in its form.
public final class ConfigException extends Exception {
    private final transient List<Problem> problems;

    /// A file's problems.
    ///
    /// @param problems one at least
    public ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /// The problems, by line.
    public List<Problem> problems() {
        return problems;
    }
}
