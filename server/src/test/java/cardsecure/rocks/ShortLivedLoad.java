package cardsecure.rocks;

import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.shortLived;

import cardsecure.store.Change;
import cardsecure.store.GroupCommit;
import cardsecure.store.Outcome;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A process that keeps and takes until it is killed, and says before and after each what it does:
/// `TOKEN keeps NUMBER .`, `TOKEN kept NUMBER .`, `TOKEN takes 0 .`, `TOKEN took NUMBER .`.
final class ShortLivedLoad {
    static final int TOKENS = 16;

    private ShortLivedLoad() {}

    /// Runs until it is killed.
    ///
    /// @param arguments the store's directory, and the first number
    public static void main(String[] arguments) throws Exception {
        long first = Long.parseLong(arguments[1]);
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.US_ASCII);
        try (RocksTokenStore store =
                        RocksTokenStore.open(Path.of(arguments[0]), new RocksSettings(1 << 20, 1 << 20, 0));
                GroupCommit commits = new GroupCommit(store, 1000, 100);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int token = 0; token < TOKENS; token++) {
                String name = "t" + token;
                Random random = new Random(first + token);
                commits.commit(new Change.Insert(row(name, token, token)));
                Callable<Void> load = () -> {
                    for (long number = first; ; number++) {
                        if (random.nextInt(3) > 0) {
                            out.println(name + " keeps " + number + " .");
                            commits.commit(new Change.Keep(shortLived(name, 1200, number)));
                            out.println(name + " kept " + number + " .");
                        } else {
                            out.println(name + " takes 0 .");
                            Outcome outcome = commits.commit(new Change.Take(place(name), Instant.EPOCH));
                            out.println(name + " took " + (outcome instanceof Outcome.Taken ? number : -1) + " .");
                        }
                    }
                };
                var _ = threads.submit(load);
            }
        }
    }
}
