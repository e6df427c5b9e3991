package cardsecure.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;

/// One of the server's fronts under load: its connections, and what each workload sends over them.
final class Front implements AutoCloseable {
    private final String label;
    private final Target target;
    private final Generator busy;
    private final Optional<Generator> idle;
    private final Map<Workload, Traffic> traffic = new EnumMap<>(Workload.class);

    /// Takes its parts.
    ///
    /// @param label for people, unlike those of other fronts of the run
    /// @param idle whose connections are silent while the busy ones are not
    Front(String label, Target target, Generator busy, Optional<Generator> idle) {
        this.label = label;
        this.target = target;
        this.busy = busy;
        this.idle = idle;
    }

    String label() {
        return label;
    }

    Target target() {
        return target;
    }

    Generator.Result run(Phase phase) throws IOException, InterruptedException {
        return busy.run(phase);
    }

    /// Says one echo on each of so many idle connections, opening those that are not open.
    Optional<Generator.Result> greet(int connections) throws IOException, InterruptedException {
        if (idle.isEmpty()) {
            return Optional.empty();
        }
        Traffic once = new Limited(traffic(Workload.HI), connections);
        return Optional.of(idle.get().run(Phase.alone(label + " idle", once, Phase.UNTIL_EXHAUSTED)));
    }

    /// What a workload sends.
    Traffic traffic(Workload workload) {
        Traffic prepared = traffic.get(workload);
        if (prepared == null) {
            throw new IllegalStateException("nothing for " + workload.label());
        }
        return prepared;
    }

    /// Tokenizes cards to go on with.
    ///
    /// @param pool to which they are added
    Generator.Result tokenize(CardSequence cards, int count, Queue<KnownCard> pool)
            throws IOException, InterruptedException {
        Traffic traffic = new NewCards(
                target,
                cards,
                count,
                (card, token) -> pool.add(new KnownCard(ascii(CardSequence.digits(card)), ascii(token))));
        return busy.run(Phase.alone("pool of known cards", traffic, Phase.UNTIL_EXHAUSTED));
    }

    /// Gets the traffic ready.
    ///
    /// @param pool cards that the site knows; without any, there is no traffic that needs them
    /// @param key without one, there is no traffic that needs it
    /// @param swiped whether there is to be traffic of swipes, which takes a while to get ready
    void prepare(CardSequence cards, List<KnownCard> pool, Optional<CallerKey> key, boolean swiped) {
        traffic.put(Workload.NEW, new NewCards(target, cards, Long.MAX_VALUE, (_, _) -> {}));
        traffic.put(
                Workload.HI,
                new KnownTraffic(
                        target,
                        Workload.HI,
                        List.of(bytes("abcdefgh")),
                        List.of(reply(Workload.HI, "CardSecure Server OK"))));
        if (pool.isEmpty()) {
            return;
        }
        List<byte[]> tokens = pool.stream()
                .map(known -> reply(Workload.REPEAT, known.token()))
                .toList();
        List<byte[]> found = Collections.nCopies(pool.size(), reply(Workload.CV, "Token Found"));
        List<byte[]> views = Collections.nCopies(pool.size(), reply(Workload.CT, ascii(CardSequence.binView())));
        known(Workload.REPEAT, pool, KnownCard::card, tokens);
        known(Workload.CV, pool, KnownCard::token, found);
        known(Workload.CT, pool, KnownCard::token, views);
        if (swiped) {
            SimulatedSwipes swipes = new SimulatedSwipes();
            known(
                    Workload.SWIPE,
                    pool,
                    known -> swipes.next(known.card()),
                    pool.stream()
                            .map(known -> reply(Workload.SWIPE, known.token()))
                            .toList());
        }
        key.ifPresent(some -> known(
                Workload.CR,
                pool,
                known -> some.encrypt(known.card()),
                pool.stream().map(known -> reply(Workload.CR, known.token())).toList()));
    }

    private void known(
            Workload workload, List<KnownCard> pool, Function<KnownCard, String> data, List<byte[]> replies) {
        List<byte[]> sent = pool.stream().map(data).map(Front::bytes).toList();
        traffic.put(workload, new KnownTraffic(target, workload, sent, replies));
    }

    private byte[] reply(Workload workload, String data) {
        return target.reply(workload.action(), data);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String ascii(byte[] text) {
        return new String(text, StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        busy.close();
        idle.ifPresent(Generator::close);
    }
}
