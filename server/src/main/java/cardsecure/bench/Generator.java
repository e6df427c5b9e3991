package cardsecure.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Drives the server through one phase after the other over the same connections, some of them on each of a few
/// platform threads. Used by one thread.
final class Generator implements AutoCloseable {
    private static final int FEW = 100;

    private final Target target;
    private final List<Lane> lanes = new ArrayList<>();
    private final ExecutorService threads;
    private final Progress progress;

    /// What a phase came to.
    ///
    /// @param tallies of each workload in it
    /// @param nanos how long it took until the last reply
    record Result(Map<Workload, Tally> tallies, long nanos) {}

    private Generator(Target target, int connections, int laneCount, int threadCount, Progress progress)
            throws IOException {
        this.target = target;
        this.progress = progress;
        for (int i = 0; i < laneCount; i++) {
            int size = connections / laneCount + (i < connections % laneCount ? 1 : 0);
            lanes.add(new Lane(target, size));
        }
        this.threads = Executors.newFixedThreadPool(
                threadCount, Thread.ofPlatform().name("bench-", 0).daemon().factory());
    }

    /// One that drives all its connections at once; connects nothing yet.
    ///
    /// @param connections at least one a thread
    static Generator busy(Target target, int connections, int threadCount, Progress progress) throws IOException {
        return new Generator(target, connections, threadCount, threadCount, progress);
    }

    /// One of many connections that goes through them a few at a time; connects nothing yet.
    static Generator gentle(Target target, int connections, Progress progress) throws IOException {
        return new Generator(target, connections, 1 + (connections - 1) / FEW, 1, progress);
    }

    /// Goes through a phase, telling of the progress each second.
    ///
    /// @throws IOException saying which server cannot be reached
    Result run(Phase phase) throws IOException, InterruptedException {
        open();
        long finishedBefore = finished();
        long start = System.nanoTime();
        progress.begin(phase.label());
        List<Future<Map<Workload, Tally>>> turns = new ArrayList<>();
        for (Lane lane : lanes) {
            turns.add(threads.submit(() -> lane.run(phase)));
        }
        Map<Workload, Tally> tallies = new EnumMap<>(Workload.class);
        for (Future<Map<Workload, Tally>> turn : turns) {
            await(turn, finishedBefore)
                    .forEach((workload, tally) ->
                            tallies.computeIfAbsent(workload, _ -> new Tally()).add(tally));
        }
        return new Result(tallies, System.nanoTime() - start);
    }

    private void open() throws IOException {
        try {
            for (Lane lane : lanes) {
                lane.open();
            }
        } catch (IOException e) {
            throw new IOException(target.url() + ": " + e.getMessage(), e);
        }
    }

    private Map<Workload, Tally> await(Future<Map<Workload, Tally>> turn, long finishedBefore)
            throws IOException, InterruptedException {
        while (true) {
            try {
                return turn.get(progress.nanosToNext(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException notYet) {
                progress.tell(finished() - finishedBefore);
            } catch (ExecutionException e) {
                throw new IOException("the generator failed", e);
            }
        }
    }

    private long finished() {
        return lanes.stream().mapToLong(Lane::finished).sum();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        lanes.forEach(Lane::close);
    }
}
