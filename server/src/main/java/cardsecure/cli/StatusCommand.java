package cardsecure.cli;

import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.admin.ServerStatus;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cardsecure status`.
@Command(
        name = "status",
        description = "Show how the running server is.",
        footer = {
            "",
            "Exits with 1 if no server runs on the data directory.",
            "",
            "Examples:",
            "  cardsecure status",
            "  cardsecure status --data /var/lib/cardsecure --json",
        })
public final class StatusCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    /// Shows the status.
    @Override
    public Integer call() {
        Terminal terminal = terminal();
        return server.ask(
                new AdminRequest.Status(),
                terminal,
                answer -> answer instanceof AdminReply.State(var status)
                        ? (json ? terminal.json(status) : terminal.say(lines(status)))
                        : terminal.failUnexpected());
    }

    private static List<String> lines(ServerStatus status) {
        ServerStatus.Store store = status.store();
        List<String> lines = new ArrayList<>();
        lines.add(line("version", status.version() + (status.dev() ? ", for trying out (--dev)" : "")));
        lines.add(line("vault", status.vault()));
        lines.add(line("started", status.started().truncatedTo(ChronoUnit.SECONDS) + ", " + up(status.uptime())));
        status.listeners().forEach(listener -> lines.add(line("listening", listener)));
        String where =
                store.path().startsWith(store.kind() + ":") ? store.path() : store.kind() + " in " + store.path();
        lines.add(line("store", where + ", " + store.health()));
        lines.add(line("rows", rows(store.approximateRows())));
        store.usableDiskBytes().ifPresent(bytes -> lines.add(line("disk", size(bytes) + " free")));
        lines.add(line("KEK", status.kek().id() + ", " + status.kek().uri()));
        lines.add(line("data keys", String.join(", ", status.dataKeys())));
        lines.add(line("key backup", status.keyBackup().text()));
        if (status.keyBackup().untold()) {
            lines.add(line("warning", "the store does not tell whether a key backup has all keys"));
        } else {
            status.keyBackup().warning().ifPresent(warning -> lines.add(line("warning", warning)));
        }
        lines.add(line("sites", String.valueOf(status.sites())));
        if (!status.clearSites().isEmpty()) {
            lines.add(line("warning", "CLEAR STORAGE in " + String.join(", ", status.clearSites())));
        }
        if (!status.keylessSites().isEmpty()) {
            lines.add(line("warning", "signing is on without a key in " + String.join(", ", status.keylessSites())));
        }
        if (!status.formerKeystores().isEmpty()) {
            lines.add(line(
                    "warning",
                    "former keystores, which `key destroy` does not reach: "
                            + String.join(", ", status.formerKeystores())));
        }
        lines.add(line("requests", status.requestsAnswered() + " answered, " + status.requestsRefused() + " refused"));
        ServerStatus.Callers callers = status.callers();
        lines.add(line("in flight", String.valueOf(callers.requestsInFlight())));
        lines.add(line("turned off", turnedOff(callers)));
        lines.add(line("users", callers.users() + ", " + callers.failedLogins() + " failed logins"));
        lines.add(line("RSA", callers.failedDecryptions() + " failed decryptions"));
        return lines;
    }

    private static String turnedOff(ServerStatus.Callers callers) {
        return callers.overRate() + " asked too often, " + callers.overloaded() + " found no room, "
                + callers.wrongAddress() + " came from elsewhere";
    }

    private static String line(String name, String value) {
        return String.format("%-10s %s", name, value);
    }

    private static String rows(OptionalLong rows) {
        return rows.isPresent() ? "about " + rows.getAsLong() : "unknown";
    }

    private static String up(Duration time) {
        String days = time.toDays() > 0 ? time.toDays() + "d " : "";
        return String.format(
                Locale.ROOT,
                "%s%02d:%02d:%02d ago",
                days,
                time.toHoursPart(),
                time.toMinutesPart(),
                time.toSecondsPart());
    }

    private static String size(long bytes) {
        return bytes < 1L << 30
                ? String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1L << 20))
                : String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
    }
}
