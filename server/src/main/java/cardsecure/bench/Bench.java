package cardsecure.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The order of a run: fill, make the pool of known cards, warm up, measure, tell.
final class Bench {
    private static final String OPEN_HINT = "HTTP 401: the site wants credentials for this. To let the bench in:"
            + " ./cardsecure site set NAME open=tokenize,verify,bin";

    /// How much of what.
    ///
    /// @param measured how long each action is measured, all rounds together
    /// @param warmup how long each runs unmeasured before
    /// @param rounds into which the measured time is cut
    /// @param fill cards to tokenize before
    /// @param pool known cards for `repeat`, `cv` and `ct`
    record Plan(Mix mix, Duration measured, Duration warmup, int rounds, long fill, int pool) {}

    private record Known(String card, String token) {}

    private final Target target;
    private final Plan plan;
    private final CardSequence cards;
    private final Generator generator;
    private final Progress progress;
    private final PrintWriter out;
    private final List<Row> rows = new ArrayList<>();

    Bench(Target target, Plan plan, CardSequence cards, Generator generator, Progress progress, PrintWriter out) {
        this.target = target;
        this.plan = plan;
        this.cards = cards;
        this.generator = generator;
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
                measure(traffic());
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
        String label = String.format(Locale.ROOT, "fill of %,d", plan.fill());
        NewCards traffic = new NewCards(target, cards, plan.fill(), (_, _) -> {});
        alone(row("fill"), Phase.alone(label, traffic, Phase.UNTIL_EXHAUSTED));
    }

    /// What each workload sends. Tokens are known from cards that were tokenized here and now.
    private Map<Workload, Traffic> traffic() throws IOException, InterruptedException {
        Map<Workload, Traffic> traffic = new EnumMap<>(Workload.class);
        traffic.put(Workload.NEW, new NewCards(target, cards, Long.MAX_VALUE, (_, _) -> {}));
        traffic.put(
                Workload.HI,
                new KnownTraffic(
                        Workload.HI,
                        List.of(target.request(Workload.HI, "abcdefgh")),
                        List.of(reply(Workload.HI, "CardSecure+Server+OK"))));
        if (plan.mix().contains(Workload.REPEAT)
                || plan.mix().contains(Workload.CV)
                || plan.mix().contains(Workload.CT)) {
            List<Known> pool = pool();
            String view = ascii(CardSequence.binView());
            List<byte[]> found = Collections.nCopies(pool.size(), reply(Workload.CV, "Token+Found"));
            List<byte[]> views = Collections.nCopies(pool.size(), reply(Workload.CT, view));
            List<byte[]> tokens = pool.stream()
                    .map(known -> reply(Workload.REPEAT, known.token()))
                    .toList();
            traffic.put(
                    Workload.REPEAT,
                    new KnownTraffic(
                            Workload.REPEAT,
                            pool.stream()
                                    .map(known -> target.request(Workload.REPEAT, known.card()))
                                    .toList(),
                            tokens));
            traffic.put(Workload.CV, new KnownTraffic(Workload.CV, byToken(Workload.CV, pool), found));
            traffic.put(Workload.CT, new KnownTraffic(Workload.CT, byToken(Workload.CT, pool), views));
        }
        return traffic;
    }

    private List<byte[]> byToken(Workload workload, List<Known> pool) {
        return pool.stream()
                .map(known -> target.request(workload, known.token()))
                .toList();
    }

    private static byte[] reply(Workload workload, String data) {
        return ("action=" + workload.action() + "&data=" + data).getBytes(StandardCharsets.US_ASCII);
    }

    private static String ascii(byte[] text) {
        return new String(text, StandardCharsets.US_ASCII);
    }

    private List<Known> pool() throws IOException, InterruptedException {
        Queue<Known> pool = new ConcurrentLinkedQueue<>();
        NewCards traffic = new NewCards(
                target,
                cards,
                plan.pool(),
                (card, token) -> pool.add(new Known(ascii(CardSequence.digits(card)), ascii(token))));
        Generator.Result result = generator.run(Phase.alone("pool of known cards", traffic, Phase.UNTIL_EXHAUSTED));
        if (pool.size() < plan.pool()) {
            Row row = row("pool");
            result.tallies().values().forEach(tally -> row.add(tally, result.nanos()));
            throw new IOException("only " + pool.size() + " of " + plan.pool() + " cards got a token to go on with");
        }
        return List.copyOf(pool);
    }

    private void measure(Map<Workload, Traffic> traffic) throws IOException, InterruptedException {
        switch (plan.mix()) {
            case Mix.EachAlone each -> measureEach(each, traffic);
            case Mix.Together together -> measureTogether(together, traffic);
        }
    }

    /// Round by round, so that whatever else the machine does falls on all alike; each round starts with another
    /// action, so that none always has to bear what the same one left behind.
    private void measureEach(Mix.EachAlone each, Map<Workload, Traffic> traffic)
            throws IOException, InterruptedException {
        Map<Workload, Row> byWorkload = new EnumMap<>(Workload.class);
        List<Workload> order = new ArrayList<>();
        for (Workload workload : Workload.values()) {
            if (each.contains(workload) || workload == Workload.HI) {
                order.add(workload);
                byWorkload.put(workload, row(workload.label()));
            }
        }
        for (Workload workload : order) {
            warm(Phase.alone("warm-up " + workload.label(), of(traffic, workload), plan.warmup()), byWorkload);
        }
        Duration length = plan.measured().dividedBy(plan.rounds());
        for (int round = 1; round <= plan.rounds(); round++) {
            Map<Workload, Double> rates = new EnumMap<>(Workload.class);
            for (Workload workload : order) {
                String label = "round " + round + "/" + plan.rounds() + " " + workload.label();
                rates.put(workload, alone(of(byWorkload, workload), Phase.alone(label, of(traffic, workload), length)));
            }
            double echo = of(rates, Workload.HI);
            if (echo > 0) {
                rates.forEach((workload, rate) -> of(byWorkload, workload).addRatio(rate / echo));
            }
            Collections.rotate(order, 1);
        }
    }

    private void measureTogether(Mix.Together together, Map<Workload, Traffic> traffic)
            throws IOException, InterruptedException {
        List<Phase.Share> shares = together.weights().entrySet().stream()
                .map(entry -> new Phase.Share(of(traffic, entry.getKey()), entry.getValue()))
                .toList();
        Map<Workload, Row> byWorkload = new EnumMap<>(Workload.class);
        for (Workload workload : Workload.values()) {
            if (together.contains(workload)) {
                byWorkload.put(workload, row(workload.label()));
            }
        }
        Row all = row("all");
        warm(new Phase("warm-up", shares, plan.warmup()), byWorkload);
        Generator.Result result = generator.run(new Phase("mixed", shares, plan.measured()));
        result.tallies().forEach((workload, tally) -> {
            of(byWorkload, workload).add(tally, result.nanos());
            all.add(tally, result.nanos());
        });
    }

    private void warm(Phase phase, Map<Workload, Row> byWorkload) throws IOException, InterruptedException {
        if (!phase.length().isZero()) {
            generator
                    .run(phase)
                    .tallies()
                    .forEach((workload, tally) ->
                            of(byWorkload, workload).tally().addErrors(tally));
        }
    }

    private double alone(Row row, Phase phase) throws IOException, InterruptedException {
        Generator.Result result = generator.run(phase);
        Collection<Tally> tallies = result.tallies().values();
        tallies.forEach(tally -> row.add(tally, result.nanos()));
        return tallies.stream().mapToLong(Tally::good).sum() * 1e9 / result.nanos();
    }

    private Row row(String label) {
        Row row = new Row(label);
        rows.add(row);
        return row;
    }

    private static <T> T of(Map<Workload, T> map, Workload workload) {
        T value = map.get(workload);
        if (value == null) {
            throw new IllegalStateException("nothing for " + workload.label());
        }
        return value;
    }

    private void print() {
        out.println(Row.HEAD);
        rows.forEach(out::println);
        boolean unauthorized = false;
        for (Row row : rows) {
            row.tally().errors().forEach((error, count) -> out.printf("%-8s %,12d  %s%n", row.label(), count, error));
            unauthorized |= row.tally().errors().containsKey("HTTP 401");
        }
        if (unauthorized) {
            out.println(OPEN_HINT);
        }
        out.flush();
    }
}
