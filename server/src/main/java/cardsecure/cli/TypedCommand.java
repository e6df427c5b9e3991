package cardsecure.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What every command has: its place in the command line, and `--help`; not the `--version` that picocli's own mixin
/// adds to each, since the program has one, at its root.
abstract class TypedCommand {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    Terminal terminal() {
        return new Terminal(spec);
    }
}
