package cardsecure.rocks;

import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.Fingerprint;
import cardsecure.store.IndexEntry;
import cardsecure.store.Outcome;
import cardsecure.store.Page;
import cardsecure.store.ReplayMark;
import cardsecure.store.SealedData;
import cardsecure.store.ShortLivedBatch;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;

/// Keeps rows in a directory of this machine. One process has it open.
///
/// **After a write that fails** the store opens itself again, as after a crash: at once, and if that fails, as soon
/// as the disk takes writes. Reads go on meanwhile, but for the moment of opening.
///
/// **When the disk is nearly full** rows may not grow any more ([Outcome.NoRoom]), so that purges still can be
/// written.
///
/// **What a purge leaves**: the sealed datum is out of reach at once. Its bytes stay in the log and in older tables
/// until these are merged. Logs with purges in them are given up after an hour; a change is merged down through all
/// levels within a day, without any traffic. What the file system and the disk do with freed blocks is their affair:
/// only the destruction of the data key reaches those.
public final class RocksTokenStore implements TokenStore {
    private static final Logger LOG = System.getLogger(RocksTokenStore.class.getName());

    private final DiskReserve disk;
    private final RecoveringDatabase database;
    private final RecentInserts recent = new RecentInserts();
    private final RecentMarks recentMarks = new RecentMarks();
    private final ShortLivedSweep sweep = new ShortLivedSweep();

    /// The one that [#recent] is about; none before the first write.
    private @Nullable Database written;

    private RocksTokenStore(DiskReserve disk, RecoveringDatabase database) {
        this.disk = disk;
        this.database = database;
    }

    /// Whether a store stands in the directory, whole or not: then no new one is made there.
    ///
    /// @throws StoreException if the directory cannot be read
    public static boolean exists(Path directory) throws StoreException {
        return StoreFiles.exist(directory);
    }

    /// Whether the directory has other files, and no store. One would stand among them.
    ///
    /// @throws StoreException if the directory cannot be read
    public static boolean isOthers(Path directory) throws StoreException {
        return StoreFiles.areOthers(directory);
    }

    /// Opens the store of a directory, or creates one that only the owner can read.
    ///
    /// @throws StoreException also if another has it open, if its logs are damaged elsewhere than at
    ///         their end, or if it is not whole
    public static RocksTokenStore open(Path directory, RocksSettings settings) throws StoreException {
        StoreFiles.createIfNone(directory, settings);
        DiskReserve disk = new DiskReserve(directory, settings);
        return new RocksTokenStore(disk, RecoveringDatabase.open(directory, settings, disk));
    }

    /// The value of a setting of a store that need not be open. Changes no file.
    ///
    /// @throws StoreException also if no store stands in the directory
    public static Optional<SealedData> peekSetting(Path directory, String name) throws StoreException {
        StoreFiles.requireNotLost(directory);
        try (Database database = Database.openSettings(directory, RocksSettings.defaults())) {
            return setting(database, name);
        } catch (RocksDBException e) {
            throw new StoreException("the store cannot be read: " + directory, e);
        }
    }

    @Override
    public List<Outcome> write(List<Change> changes, OptionalLong generation) throws StoreException {
        Set<TokenPlace> attempted = new HashSet<>();
        List<Outcome> attemptedOutcomes = new ArrayList<>();
        List<Outcome> attemptedTakes = new ArrayList<>();
        return database.write((current, again) -> {
            // A database that was opened anew may show what a write that failed has left.
            if (again || current != written) {
                recent.forget();
                recentMarks.reset(newestMark(current, Long.MAX_VALUE).orElse(-1), firstSecond(current));
                written = current;
            }
            BatchMarks marks = new BatchMarks(changes, recentMarks, attemptedOutcomes);
            ShortLivedBatch shortLived = again ? ShortLivedBatch.again(attemptedTakes) : ShortLivedBatch.first();
            Batch batch = new Batch(changes, recent, disk.hasRoom(), attempted, marks, shortLived);
            List<Outcome> outcomes = batch.decide(current);
            attempted.addAll(batch.inserted());
            attemptedTakes.addAll(shortLived.takes());
            attemptedOutcomes.addAll(outcomes);
            if (batch.changesAnything()) {
                // Whatever ends this early, memory that runs out too: rows may be there that the next batch must look
                // for.
                written = null;
                sweep.noteWritten(shortLived.written());
                try (WriteBatch rows = batch.encode(current)) {
                    RecoveringDatabase.commit(current, rows);
                } finally {
                    batch.forgetChanged(current);
                }
                recent.add(batch.insertedKeys());
                recentMarks.add(marks.added());
                written = current;
            }
            if (batch.leavesRemains()) {
                database.noteRemains();
            }
            return outcomes;
        });
    }

    @Override
    public OptionalLong mark() {
        return OptionalLong.of(recent.mark());
    }

    @Override
    public Optional<TokenRow> byToken(TokenPlace place) throws StoreException {
        return database.read(current -> RowLookup.byToken(current, place));
    }

    @Override
    public Optional<TokenRow> byFingerprint(SiteId site, Fingerprint fingerprint) throws StoreException {
        return database.read(current -> RowLookup.byFingerprint(current, new FingerprintKey(site, fingerprint)));
    }

    @Override
    public Page<TokenRow> rows(Optional<TokenPlace> after, int max) throws StoreException {
        return database.read(current -> Walk.rows(current, after, max));
    }

    @Override
    public Page<IndexEntry> index(Optional<IndexEntry> after, int max) throws StoreException {
        return database.read(current -> Walk.index(current, after, max));
    }

    @Override
    public boolean holdsTokens(SiteId site) throws StoreException {
        return database.read(current -> {
            try (Slice end = new Slice(RowCodec.endKey(site));
                    ReadOptions untilEnd = new ReadOptions().setIterateUpperBound(end);
                    RocksIterator rows = current.rocks().newIterator(current.tokens(), untilEnd)) {
                rows.seek(RowCodec.firstKey(site));
                rows.status();
                return rows.isValid();
            }
        });
    }

    @Override
    public void destroyTokens(SiteId site) throws StoreException {
        byte[] first = RowCodec.firstKey(site);
        byte[] end = RowCodec.endKey(site);
        database.write((current, _) -> {
            try (WriteBatch batch = new WriteBatch()) {
                batch.deleteRange(current.tokens(), first, end);
                batch.deleteRange(current.fingerprints(), first, end);
                // The entries by deadline go with their deadlines.
                batch.deleteRange(current.shortLived(), ShortLivedCodec.firstKey(site), ShortLivedCodec.endKey(site));
                RecoveringDatabase.commit(current, batch);
            } finally {
                current.rowCache().forget();
            }
            recent.forget();
            return true;
        });
        try {
            database.read(current -> {
                merge(current, current.tokens(), first, end);
                merge(current, current.fingerprints(), first, end);
                merge(current, current.shortLived(), ShortLivedCodec.firstKey(site), ShortLivedCodec.endKey(site));
                return true;
            });
        } catch (StoreException e) {
            // The rows are gone; their bytes go with the next merges, within a day.
            database.noteRemains();
            LOG.log(Level.WARNING, "a destroyed site's files could not be merged at once", e);
        }
    }

    private static void merge(Database current, ColumnFamilyHandle family, byte[] first, byte[] end)
            throws RocksDBException {
        current.rocks().deleteFilesInRanges(family, List.of(first, end), false);
        current.rocks().compactRange(family, first, end);
    }

    @Override
    public Optional<ShortLivedRow> shortLived(TokenPlace place) throws StoreException {
        return database.read(current -> {
            byte[] value = current.rocks().get(current.shortLived(), current.readOptions(), ShortLivedCodec.key(place));
            return value == null ? Optional.empty() : Optional.of(ShortLivedCodec.decode(place, value));
        });
    }

    @Override
    public Page<ShortLivedRow> shortLivedRows(Optional<TokenPlace> after, int max) throws StoreException {
        return database.read(current -> Walk.shortLived(current, after, max));
    }

    @Override
    public void destroyShortLived(Instant now) throws StoreException {
        boolean more = true;
        while (more) {
            more = database.write((current, _) -> sweep.destroy(current, now));
        }
    }

    @Override
    public Optional<SealedData> setting(String name) throws StoreException {
        return database.read(current -> setting(current, name));
    }

    private static Optional<SealedData> setting(Database current, String name) throws RocksDBException {
        byte[] value = current.rocks().get(current.settings(), current.readOptions(), settingKey(name));
        return value == null ? Optional.empty() : Optional.of(new SealedData(value));
    }

    private static byte[] settingKey(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public List<String> settingNames(String prefix) throws StoreException {
        byte[] first = settingKey(prefix);
        return database.read(current -> {
            List<String> names = new ArrayList<>();
            try (RocksIterator entries = current.rocks().newIterator(current.settings(), current.readOptions())) {
                for (entries.seek(first); entries.isValid(); entries.next()) {
                    byte[] key = entries.key();
                    if (key.length < first.length || !Arrays.equals(key, 0, first.length, first, 0, first.length)) {
                        break;
                    }
                    names.add(new String(key, StandardCharsets.UTF_8));
                }
                entries.status();
            }
            return List.copyOf(names);
        });
    }

    @Override
    public boolean setSetting(String name, Optional<SealedData> expected, Optional<SealedData> value)
            throws StoreException {
        byte[] key = settingKey(name);
        return database.write((current, again) -> {
            Optional<SealedData> kept = setting(current, name);
            if (again && kept.equals(value)) {
                return true;
            }
            if (!kept.equals(expected)) {
                return false;
            }
            try (WriteBatch batch = new WriteBatch()) {
                if (value.isPresent()) {
                    batch.put(current.settings(), key, value.get().bytes());
                } else {
                    batch.delete(current.settings(), key);
                }
                RecoveringDatabase.commit(current, batch);
            }
            return true;
        });
    }

    @Override
    public boolean forgetFormerSettings() throws StoreException {
        return database.read(current -> {
            // What is only in memory tables has its former values in the logs.
            current.flush();
            try (CompactRangeOptions all = new CompactRangeOptions()
                    .setBottommostLevelCompaction(CompactRangeOptions.BottommostLevelCompaction.kForce)) {
                current.rocks().compactRange(current.settings(), null, null, all);
            }
            return true;
        });
    }

    @Override
    public void forgetMarks(Instant before) throws StoreException {
        long end = Math.max(0, before.getEpochSecond());
        database.write((current, _) -> {
            OptionalLong newest = newestMark(current, end);
            if (newest.isEmpty()) {
                return false;
            }
            // Older ones are gone already. Ranges that overlap would cost every look-up.
            byte[] start = MarkCodec.startOf(firstSecond(current));
            // Whatever ends this early: the next batch must read what there is.
            Database known = written;
            written = null;
            try (WriteBatch batch = new WriteBatch()) {
                batch.deleteRange(current.marks(), start, MarkCodec.startOf(end));
                batch.put(
                        current.marks(),
                        MarkCodec.firstSecondKey(),
                        MarkCodec.encodeFirstSecond(newest.getAsLong() + 1));
                RecoveringDatabase.commit(current, batch);
            }
            recentMarks.forgotten(newest.getAsLong() + 1);
            written = known;
            return true;
        });
    }

    private static long firstSecond(Database current) throws RocksDBException, StoreException {
        return MarkCodec.firstSecond(
                current.rocks().get(current.marks(), current.readOptions(), MarkCodec.firstSecondKey()));
    }

    /// The second of the newest mark before one.
    private static OptionalLong newestMark(Database current, long end) throws RocksDBException {
        try (RocksIterator marks = current.rocks().newIterator(current.marks(), current.readOptions())) {
            marks.seekForPrev(MarkCodec.startOf(end));
            marks.status();
            return marks.isValid() ? OptionalLong.of(MarkCodec.second(marks.key())) : OptionalLong.empty();
        }
    }

    @Override
    public Optional<Instant> newestForgottenMark() throws StoreException {
        return database.read(current -> {
            long first = firstSecond(current);
            return first == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(first - 1));
        });
    }

    @Override
    public List<ReplayMark> marks(long firstSecond, int max) throws StoreException {
        return database.read(current -> BatchMarks.from(current, firstSecond, max));
    }

    @Override
    public OptionalLong approximateRows() {
        try {
            return database.read(current ->
                    OptionalLong.of(current.rocks().getLongProperty(current.tokens(), "rocksdb.estimate-num-keys")));
        } catch (StoreException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public String health() {
        String state = database.state();
        if (!state.isEmpty()) {
            return state;
        }
        return disk.hasRoom() ? "ok" : "disk nearly full: new tokens are refused, purges work";
    }

    @Override
    public void close() {
        database.close();
    }
}
