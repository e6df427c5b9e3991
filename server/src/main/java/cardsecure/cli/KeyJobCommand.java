package cardsecure.cli;

import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.admin.KeysView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cardsecure key job`.
@Command(
        name = "job",
        usageHelpWidth = 100,
        description = "Show how far resealing, or the making of new fingerprints, is; pause it, let it go on, pace it.",
        footer = {
            "",
            "A job goes on after a restart of the server. A paused one stays paused.",
            "",
            "Examples:",
            "  cardsecure key job",
            "  cardsecure key job --watch",
            "  cardsecure key job --rate 5000     look at 5,000 rows a second at most",
            "  cardsecure key job --rate off",
            "  cardsecure key job --pause",
        })
public final class KeyJobCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @ArgGroup
    private Choice choice = new Choice();

    /// One of these.
    static final class Choice {
        @Option(names = "--pause", description = "Halt it until it is resumed.")
        private boolean pause;

        @Option(names = "--resume", description = "Let it go on; begin a failed one again.")
        private boolean resume;

        @Option(names = "--rate", paramLabel = "ROWS", description = "Rows a second at most; off: no limit.")
        private Optional<String> rate = Optional.empty();

        @Option(names = "--watch", description = "Show it every second until it is over.")
        private boolean watch;
    }

    /// Shows the job, or does something to it.
    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = terminal();
        if (choice.pause) {
            return server.tell(new AdminRequest.KeyJob(AdminRequest.JobStep.PAUSE, OptionalLong.empty()), terminal);
        }
        if (choice.resume) {
            return server.tell(new AdminRequest.KeyJob(AdminRequest.JobStep.RESUME, OptionalLong.empty()), terminal);
        }
        if (choice.rate.isPresent()) {
            OptionalLong rate = RateOption.parse(spec, choice.rate.get());
            return server.tell(new AdminRequest.KeyJob(AdminRequest.JobStep.PACE, rate), terminal);
        }
        return choice.watch ? watch(server, terminal) : show(terminal);
    }

    private int show(Terminal terminal) {
        return server.ask(
                new AdminRequest.KeyJob(AdminRequest.JobStep.SHOW, OptionalLong.empty()),
                terminal,
                answer -> answer instanceof AdminReply.KeyJob(var job)
                        ? terminal.say(job.map(KeyJobCommand::lines).orElse(List.of("no job runs")))
                        : terminal.failUnexpected());
    }

    /// Shows the job every second until there is none, or it needs somebody.
    static int watch(RunningServer server, Terminal terminal) throws InterruptedException {
        Optional<KeysView.JobView> before = Optional.empty();
        while (true) {
            KeysView.JobView[] now = new KeysView.JobView[1];
            int code = server.ask(
                    new AdminRequest.KeyJob(AdminRequest.JobStep.SHOW, OptionalLong.empty()), terminal, answer -> {
                        if (answer instanceof AdminReply.KeyJob(var job)) {
                            job.ifPresent(one -> now[0] = one);
                            return 0;
                        }
                        return terminal.failUnexpected();
                    });
            Optional<KeysView.JobView> job = Optional.ofNullable(now[0]);
            if (code != 0 || job.isEmpty()) {
                return code != 0 ? code : terminal.say("the job is over");
            }
            terminal.say(line(job.get()) + remaining(before, job.get()));
            if (!job.get().state().equals("running")) {
                int said = terminal.say(advice(job.get()));
                return isFailed(job.get()) ? 1 : said;
            }
            before = job;
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private static String remaining(Optional<KeysView.JobView> before, KeysView.JobView now) {
        long speed = before.map(one -> now.seen() - one.seen()).orElse(0L);
        if (speed <= 0 || now.rowsThereAre().isEmpty()) {
            return "";
        }
        long left = Math.max(now.rowsThereAre().getAsLong() - now.seen(), 0) / speed;
        return String.format(
                ", %,d a second, about %s left",
                speed, Duration.ofSeconds(left).toString().substring(2).toLowerCase(Locale.ROOT));
    }

    /// A job in a line, and what can be done about it, if it failed.
    static List<String> lines(KeysView.JobView job) {
        List<String> lines = new ArrayList<>(List.of(line(job)));
        lines.addAll(advice(job));
        return lines;
    }

    private static List<String> advice(KeysView.JobView job) {
        return isFailed(job)
                ? List.of(
                        "`cardsecure store verify` names the rows that failed (of an embedded store when its server is"
                            + " stopped), docs/moving.md says what to do with them; then `cardsecure key job --resume`"
                            + " goes through all again")
                : List.of();
    }

    private static boolean isFailed(KeysView.JobView job) {
        return job.state().equals("failed");
    }

    /// A job in a line.
    private static String line(KeysView.JobView job) {
        String of = job.rowsThereAre().isPresent()
                ? String.format(" of about %,d", job.rowsThereAre().getAsLong())
                : "";
        String failed = job.failed() > 0 ? String.format(", %,d FAILED", job.failed()) : "";
        String rate = job.rate().isPresent()
                ? String.format(", at most %,d a second", job.rate().getAsLong())
                : "";
        return String.format(
                "%s %s: %,d rows%s looked at, %,d rewritten%s%s",
                job.kind(), job.state(), job.seen(), of, job.rewritten(), failed, rate);
    }
}
