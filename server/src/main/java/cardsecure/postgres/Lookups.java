package cardsecure.postgres;

import cardsecure.postgres.Rows.SiteFingerprint;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;

/// Gathers the look-ups of concurrent requests into statements, as a group commit does with writes: what a database
/// takes for one row is little beside what it takes for a statement. While some are looked up the next gather;
/// nobody waits for a timer. Safe for threads.
final class Lookups implements AutoCloseable {
    /// One looks while the other's answer is on its way.
    private static final int THREADS = 2;

    private static final int BATCH_MAX = 256;
    private static final String LOOK = "SELECT " + Rows.COLUMNS
            + " FROM unnest(?::int4[], ?::int2[], ?::bytea[]) AS u(site, domain, token)"
            + " JOIN token t ON t.site = u.site AND t.domain = u.domain AND t.token = u.token UNION ALL SELECT "
            + Rows.COLUMNS + " FROM unnest(?::int4[], ?::bytea[]) AS f(site, fingerprint)"
            + " JOIN token t ON t.site = f.site AND t.fingerprint = f.fingerprint";

    private sealed interface Entry {}

    private record ByPlace(TokenPlace place, CompletableFuture<Optional<TokenRow>> found) implements Entry {}

    private record ByFingerprint(SiteFingerprint fingerprint, CompletableFuture<Optional<TokenRow>> found)
            implements Entry {}

    private record Stop() implements Entry {}

    private final Database database;
    private final LinkedBlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    Lookups(Database database) {
        this.database = database;
    }

    Lookups start() {
        for (int i = 0; i < THREADS; i++) {
            threads.add(
                    Thread.ofPlatform().name("postgres-lookup-" + i).daemon().start(this::run));
        }
        return this;
    }

    Optional<TokenRow> byPlace(TokenPlace place) throws StoreException {
        CompletableFuture<Optional<TokenRow>> found = new CompletableFuture<>();
        return await(new ByPlace(place, found), found);
    }

    Optional<TokenRow> byFingerprint(SiteFingerprint fingerprint) throws StoreException {
        CompletableFuture<Optional<TokenRow>> found = new CompletableFuture<>();
        return await(new ByFingerprint(fingerprint, found), found);
    }

    private Optional<TokenRow> await(Entry entry, CompletableFuture<Optional<TokenRow>> found) throws StoreException {
        queue.add(entry);
        // Queued behind the last stop mark nobody would look it up.
        if (closed && queue.remove(entry)) {
            throw new StoreException("the store is closed");
        }
        try {
            return found.join();
        } catch (CompletionException e) {
            // Each its own, with its own trace.
            throw e.getCause() instanceof StoreException cause
                    ? new StoreException(String.valueOf(cause.getMessage()), cause)
                    : new StoreException("the database could not read", e);
        }
    }

    private void run() {
        List<Entry> batch = new ArrayList<>(BATCH_MAX);
        boolean stopped = false;
        while (!stopped) {
            batch.clear();
            batch.add(takeUninterruptibly());
            queue.drainTo(batch, BATCH_MAX - 1);
            stopped = batch.stream().anyMatch(Stop.class::isInstance);
            // A stop mark is for one thread each.
            batch.stream().filter(Stop.class::isInstance).skip(1).forEach(queue::add);
            try {
                look(batch);
            } catch (StoreException | RuntimeException | Error e) {
                for (Entry entry : batch) {
                    fail(entry, e);
                }
            }
        }
    }

    private Entry takeUninterruptibly() {
        while (true) {
            try {
                return queue.take();
            } catch (InterruptedException nobodysBusiness) {
                // The threads are this class's own, and stop by their marks alone.
            }
        }
    }

    private void look(List<Entry> batch) throws StoreException {
        Map<TokenPlace, TokenRow> byPlace = new HashMap<>();
        Map<SiteFingerprint, TokenRow> byFingerprint = new HashMap<>();
        List<TokenPlace> places = new ArrayList<>();
        List<SiteFingerprint> fingerprints = new ArrayList<>();
        for (Entry entry : batch) {
            switch (entry) {
                case ByPlace(TokenPlace place, var _) -> places.add(place);
                case ByFingerprint(SiteFingerprint fingerprint, var _) -> fingerprints.add(fingerprint);
                case Stop _ -> {
                    // It asks for nothing.
                }
            }
        }
        if (places.isEmpty() && fingerprints.isEmpty()) {
            return;
        }
        Found found = database.read("the database could not read", connection -> {
            try (PreparedStatement look = connection.prepareStatement(LOOK)) {
                Rows.bindPlaces(look, 1, places);
                Rows.bindFingerprints(look, 4, fingerprints);
                return Found.of(look);
            }
        });
        for (TokenRow row : found.rows()) {
            byPlace.put(row.place(), row);
            row.fingerprint()
                    .ifPresent(one ->
                            byFingerprint.put(new SiteFingerprint(row.place().site(), one), row));
        }
        for (Entry entry : batch) {
            switch (entry) {
                case ByPlace(TokenPlace place, var waiting) ->
                    found.answer(waiting, Optional.ofNullable(byPlace.get(place)));
                case ByFingerprint(SiteFingerprint fingerprint, var waiting) ->
                    found.answer(waiting, Optional.ofNullable(byFingerprint.get(fingerprint)));
                case Stop _ -> {
                    // Nobody waits for it.
                }
            }
        }
    }

    /// @param allRead whether each row that was found is one that can be
    private record Found(List<TokenRow> rows, boolean allRead) {
        static Found of(PreparedStatement look) throws SQLException {
            List<TokenRow> rows = new ArrayList<>();
            boolean allRead = true;
            try (ResultSet results = look.executeQuery()) {
                while (results.next()) {
                    try {
                        rows.add(Rows.read(results));
                    } catch (SQLException e) {
                        if (!Rows.DAMAGED.equals(e.getSQLState())) {
                            throw e;
                        }
                        allRead = false;
                    } catch (IllegalArgumentException e) {
                        allRead = false;
                    }
                }
            }
            return new Found(rows, allRead);
        }

        /// Who asked for a row that cannot be is not told that there is none. Others have theirs.
        void answer(CompletableFuture<Optional<TokenRow>> waiting, Optional<TokenRow> row) {
            if (row.isPresent() || allRead) {
                waiting.complete(row);
            } else {
                waiting.completeExceptionally(new StoreException("a row of the database cannot be"));
            }
        }
    }

    private static void fail(Entry entry, Throwable cause) {
        switch (entry) {
            case ByPlace(TokenPlace _, var found) -> found.completeExceptionally(cause);
            case ByFingerprint(SiteFingerprint _, var found) -> found.completeExceptionally(cause);
            case Stop _ -> {
                // Nobody waits for it.
            }
        }
    }

    /// Looks up what waits, then stops.
    @Override
    public void close() {
        closed = true;
        threads.forEach(_ -> queue.add(new Stop()));
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
