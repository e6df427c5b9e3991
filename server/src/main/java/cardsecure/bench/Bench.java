package cardsecure.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The order of a run: fill, make the pools of known cards, warm up, measure, tell.
final class Bench {
    private static final String OPEN_HINT = "HTTP 401, or 0047 on a socket: the site wants credentials for this. To let"
            + " the bench in: ./cardsecure site set NAME open=tokenize,verify,bin";
    private static final String ALL = "all";
    private static final String BESIDE_IDLE = " +idle";
    private static final int LABEL_MIN = 8;

    /// How much of what.
    ///
    /// @param measured how long each action is measured, all rounds together
    /// @param warmup how long each runs unmeasured before
    /// @param rounds into which the measured time is cut
    /// @param fill cards to tokenize before
    /// @param pool known cards for `repeat`, `cv`, `ct`, `cr` and `swipe`
    /// @param idle connections at each front, beside which all is measured once more
    /// @param key what `cr` encrypts with
    record Plan(
            Mix mix,
            Duration measured,
            Duration warmup,
            int rounds,
            long fill,
            int pool,
            int idle,
            Optional<CallerKey> key) {
        boolean needsPool() {
            return mix.contains(Workload.REPEAT)
                    || mix.contains(Workload.CV)
                    || mix.contains(Workload.CT)
                    || mix.contains(Workload.CR)
                    || mix.contains(Workload.SWIPE);
        }
    }

    /// What is measured at a time.
    ///
    /// @param rows one for each workload in it
    /// @param all for the sum of several
    private record Entry(
            Front front, String what, List<Phase.Share> shares, Map<Workload, Row> rows, Optional<Row> all) {}

    private final List<Front> fronts;
    private final Plan plan;
    private final CardSequence cards;
    private final Progress progress;
    private final PrintWriter out;
    private final List<Row> rows = new ArrayList<>();
    private final Map<String, Row> rowsByName = new HashMap<>();

    /// Takes its parts.
    ///
    /// @param fronts at least one; the others are compared with the first
    Bench(List<Front> fronts, Plan plan, CardSequence cards, Progress progress, PrintWriter out) {
        this.fronts = List.copyOf(fronts);
        this.plan = plan;
        this.cards = cards;
        this.progress = progress;
        this.out = out;
    }

    /// Goes through the plan and prints the table, also when the server goes away on the way.
    ///
    /// @return whether every reply was the one that it must be
    /// @throws IOException if the server cannot be reached, or no more
    boolean run() throws IOException, InterruptedException {
        try {
            fill();
            if (!plan.measured().isZero()) {
                for (Front front : fronts) {
                    front.prepare(
                            cards,
                            plan.needsPool() ? pool(front) : List.of(),
                            plan.key(),
                            plan.mix().contains(Workload.SWIPE));
                }
                measure();
            }
        } finally {
            progress.end();
            print();
        }
        return rows.stream().allMatch(row -> row.tally().bad() == 0);
    }

    private void fill() throws IOException, InterruptedException {
        if (plan.fill() == 0) {
            return;
        }
        Front front = fronts.getFirst();
        String label = String.format(Locale.ROOT, "fill of %,d", plan.fill());
        NewCards traffic = new NewCards(front.target(), cards, plan.fill(), (_, _) -> {});
        Row row = row(front, "fill", Optional.empty());
        add(row, front.run(Phase.alone(label, traffic, Phase.UNTIL_EXHAUSTED)));
    }

    private List<KnownCard> pool(Front front) throws IOException, InterruptedException {
        Queue<KnownCard> pool = new ConcurrentLinkedQueue<>();
        Generator.Result result = front.tokenize(cards, plan.pool(), pool);
        if (pool.size() < plan.pool()) {
            add(row(front, "pool", Optional.empty()), result);
            throw new IOException(front.target().url() + ": only " + pool.size() + " of " + plan.pool()
                    + " cards got a token to go on with");
        }
        return List.copyOf(pool);
    }

    private void measure() throws IOException, InterruptedException {
        List<Entry> alone = entries("");
        warm(alone);
        goRound(alone);
        if (plan.idle() > 0) {
            Map<Front, Row> idle = new LinkedHashMap<>();
            for (Front front : fronts) {
                idle.put(front, row(front, "idle", Optional.empty()));
            }
            greet(idle);
            goRound(entries(BESIDE_IDLE));
            // Whoever was sent away meanwhile does not answer.
            greet(idle);
        }
    }

    private void greet(Map<Front, Row> idle) throws IOException, InterruptedException {
        for (Map.Entry<Front, Row> each : idle.entrySet()) {
            Optional<Generator.Result> result = each.getKey().greet(plan.idle());
            result.ifPresent(greeted -> add(each.getValue(), greeted));
        }
    }

    /// All that is measured, one front's turn after the other's for each action.
    ///
    /// @param beside what is added to the labels
    private List<Entry> entries(String beside) {
        List<List<Entry>> byFront = fronts.stream()
                .map(front -> switch (plan.mix()) {
                    case Mix.EachAlone each -> each(front, each, beside);
                    case Mix.Together together -> List.of(together(front, together, beside));
                })
                .toList();
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < byFront.getFirst().size(); i++) {
            for (List<Entry> ofFront : byFront) {
                entries.add(ofFront.get(i));
            }
        }
        return entries;
    }

    private List<Entry> each(Front front, Mix.EachAlone each, String beside) {
        List<Entry> entries = new ArrayList<>();
        for (Workload workload : Workload.values()) {
            if (each.contains(workload) || workload == Workload.HI) {
                Row row = comparedRow(front, workload.label(), beside);
                List<Phase.Share> shares = List.of(new Phase.Share(front.traffic(workload), 1));
                entries.add(new Entry(front, row.label(), shares, Map.of(workload, row), Optional.empty()));
            }
        }
        Row echo = of(entries.getLast().rows(), Workload.HI);
        entries.forEach(entry -> entry.rows().values().forEach(row -> row.compareWith(echo)));
        return entries;
    }

    private Entry together(Front front, Mix.Together together, String beside) {
        Map<Workload, Row> byWorkload = new EnumMap<>(Workload.class);
        List<Phase.Share> shares = new ArrayList<>();
        for (Workload workload : Workload.values()) {
            if (together.contains(workload)) {
                byWorkload.put(workload, comparedRow(front, workload.label(), beside));
                shares.add(new Phase.Share(front.traffic(workload), of(together.weights(), workload)));
            }
        }
        Row all = comparedRow(front, ALL, beside);
        return new Entry(front, label(front, "mixed" + beside), shares, byWorkload, Optional.of(all));
    }

    private void warm(List<Entry> entries) throws IOException, InterruptedException {
        if (plan.warmup().isZero()) {
            return;
        }
        for (Entry entry : entries) {
            Phase phase = new Phase("warm-up " + entry.what(), entry.shares(), plan.warmup());
            entry.front()
                    .run(phase)
                    .tallies()
                    .forEach((workload, tally) ->
                            of(entry.rows(), workload).tally().addErrors(tally));
        }
    }

    /// Round by round, so that whatever else the machine does falls on all alike; each round starts with another
    /// entry, so that none always has to bear what the same one left behind.
    private void goRound(List<Entry> entries) throws IOException, InterruptedException {
        List<Entry> order = new ArrayList<>(entries);
        Duration length = plan.measured().dividedBy(plan.rounds());
        for (int round = 1; round <= plan.rounds(); round++) {
            for (Entry entry : order) {
                String label = "round " + round + "/" + plan.rounds() + " " + entry.what();
                Generator.Result result = entry.front().run(new Phase(label, entry.shares(), length));
                result.tallies()
                        .forEach((workload, tally) -> of(entry.rows(), workload).add(tally, result.nanos()));
                entry.all().ifPresent(all -> add(all, result));
            }
            Collections.rotate(order, 1);
        }
    }

    private static void add(Row row, Generator.Result result) {
        Tally sum = new Tally();
        result.tallies().values().forEach(sum::add);
        row.add(sum, result.nanos());
    }

    /// A row that is compared with the same of the first front, or, beside idle connections, with the same without.
    private Row comparedRow(Front front, String what, String beside) {
        Front other = beside.isEmpty() ? fronts.getFirst() : front;
        Optional<Row> same = Optional.ofNullable(rowsByName.get(name(other, what)));
        return row(front, what + beside, same);
    }

    private Row row(Front front, String what, Optional<Row> other) {
        Row row = new Row(label(front, what), other);
        rows.add(row);
        rowsByName.put(name(front, what), row);
        return row;
    }

    private static String name(Front front, String what) {
        return front.label() + " " + what;
    }

    private String label(Front front, String what) {
        return fronts.size() == 1 ? what : name(front, what);
    }

    private static <T> T of(Map<Workload, T> map, Workload workload) {
        T value = map.get(workload);
        if (value == null) {
            throw new IllegalStateException("nothing for " + workload.label());
        }
        return value;
    }

    private void print() {
        int width = rows.stream().mapToInt(row -> row.label().length()).reduce(LABEL_MIN, Math::max);
        out.println(Row.head(width));
        rows.forEach(row -> out.println(row.line(width)));
        rows.forEach(row -> row.compared(width).ifPresent(out::println));
        rows.forEach(row -> row.errors(width).forEach(out::println));
        boolean unauthorized = rows.stream()
                .flatMap(row -> row.tally().errors().keySet().stream())
                .anyMatch(error -> error.equals("HTTP 401") || error.startsWith("0047"));
        if (unauthorized) {
            out.println(OPEN_HINT);
        }
        out.flush();
    }
}
