package cardsecure.cli;

import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.admin.KeysView;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cardsecure key list`.
@Command(
        name = "list",
        usageHelpWidth = 100,
        description = "List all keys of the vault: what each is for and in which state it is. No key is shown.",
        footer = {
            "",
            "Data keys seal rows, fingerprint keys find the token that data have, callers' keys encrypt what EC",
            "gives out. A data key is installed, current, opening, retired, destroyed.",
            "",
            "Examples:",
            "  cardsecure key list",
            "  cardsecure key list --rows        count the rows that need each; takes a look at all",
        })
public final class KeyListCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Option(names = "--rows", description = "Count the rows and settings that need each key.")
    private boolean rows;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    /// Lists the keys.
    @Override
    public Integer call() {
        Terminal terminal = terminal();
        return server.ask(
                new AdminRequest.KeyList(rows),
                terminal,
                answer -> answer instanceof AdminReply.Keys(var keys)
                        ? (json ? terminal.json(keys) : terminal.say(table(keys)))
                        : terminal.failUnexpected());
    }

    private static List<String> table(KeysView view) {
        List<String> lines = new ArrayList<>();
        lines.add("vault " + view.vault() + ", ring of generation " + view.generation());
        lines.add(String.format(
                "%-4s  %-11s  %-18s  %-20s  %-20s  %s", "key", "use", "state", "created", "since", "needed by"));
        for (KeysView.KeyView key : view.keys()) {
            lines.add(String.format(
                            "%-4s  %-11s  %-18s  %-20s  %-20s  %s",
                            key.id(),
                            key.use(),
                            key.state(),
                            shown(Optional.of(key.created())),
                            shown(key.since()),
                            needed(key))
                    .stripTrailing());
        }
        lines.add(String.format("the current data key has sealed %,d times at most", view.seals()));
        lines.add("last key backup: " + view.backup().text());
        view.backup().warning().ifPresent(warning -> lines.add("warning: " + warning));
        if (view.damaged().orElse(0) > 0) {
            lines.add("warning: " + KeysView.unreadable(view.damaged().getAsLong()));
        }
        view.job().ifPresent(job -> lines.addAll(KeyJobCommand.lines(job)));
        return lines;
    }

    private static String shown(Optional<Instant> time) {
        return time.map(one -> one.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("-");
    }

    private static String needed(KeysView.KeyView key) {
        String rowsNeeding = counted(key.rows(), "row");
        String settingsNeeding = counted(key.settings(), "setting");
        return settingsNeeding.isEmpty() ? rowsNeeding : rowsNeeding + ", " + settingsNeeding;
    }

    private static String counted(OptionalLong count, String what) {
        return count.isPresent()
                ? String.format("%,d %s%s", count.getAsLong(), what, count.getAsLong() == 1 ? "" : "s")
                : "";
    }
}
