/// The commands that administrators type. Each is a front of its own and needs no root command: its output goes where
/// picocli's [picocli.CommandLine] is told.
@NullMarked
package cardsecure.cli;

import org.jspecify.annotations.NullMarked;
