package cardsecure.rotation;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.AuditLog;
import cardsecure.crypto.Remains;
import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.DataKey;
import cardsecure.keys.DataKeys;
import cardsecure.keys.FingerprintKey;
import cardsecure.keys.FingerprintKeys;
import cardsecure.keys.KeyId;
import cardsecure.keys.KeyRing;
import cardsecure.site.SiteId;
import cardsecure.store.GroupCommit;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// What is done to keys while the vault serves. Each procedure is a row of steps, each of them durable, and any of
/// them may be the last before a crash: what was acknowledged opens and is found after each, and the procedure,
/// asked for again, goes on. Safe for threads; one procedure at a time.
public final class KeyProcedures implements AutoCloseable {
    private final TokenStore store;
    private final LiveKeys keys;
    private final KeyChecks checks;
    private final JobRunner jobs;
    private final AuditLog audit;
    private final RandomGenerator random;
    private final InstantSource clock;

    /// Takes its parts; [#begin] has to be called before the vault serves.
    ///
    /// @param commits writes to `store`
    /// @param clearRows which sites may have rows in clear
    /// @param random cryptographically strong
    public KeyProcedures(
            TokenStore store,
            GroupCommit commits,
            LiveKeys keys,
            AuditLog audit,
            Predicate<SiteId> clearRows,
            RandomGenerator random,
            InstantSource clock) {
        this.store = store;
        this.keys = keys;
        this.checks = new KeyChecks(store, keys.barrier());
        this.audit = audit;
        this.random = random;
        this.clock = clock;
        this.jobs = new JobRunner(store, commits, keys, audit, clock, new Works(clearRows));
    }

    /// Proves that the ring has every key that the data may need.
    ///
    /// @throws Refusal `0027` with the key IDs that are missing
    public static void requireKeysOf(TokenStore store, LiveKeys keys) throws StoreException {
        new KeyChecks(store, keys.barrier()).require(keys.ring().dataKeys());
    }

    /// Takes what other nodes have done to jobs.
    public void follow() throws StoreException {
        jobs.follow();
    }

    /// Goes on with what a crash, or a stop, cut short.
    public synchronized void begin() throws StoreException {
        destroyRemains();
        jobs.start();
        FingerprintKeys fingerprintKeys = keys.ring().fingerprintKeys();
        // Another node may be about to activate it, and waits for those that do not know it yet.
        boolean alone = keys.peers().live().size() <= 1;
        if ((fingerprintKeys.rewriting() || (fingerprintKeys.rotating() && alone))
                && jobs.job().isEmpty()) {
            try {
                // The ring may be a restored one, and the rows further than it knows.
                activateFingerprintKey(OptionalLong.empty(), true);
            } catch (Refusal begunElsewhere) {
                jobs.follow();
            }
        }
    }

    private void destroyRemains() {
        try {
            keys.settings().destroyRemainsAtStart();
        } catch (StoreException triedAgain) {
            // The store tells of itself.
        }
    }

    /// Puts a new data key in the current one's place. Older ones go on opening; [#reseal] makes them dispensable.
    ///
    /// @return the new key
    public synchronized DataKey rotateDataKey() throws StoreException {
        KeyRing installed = keys.change(ring -> ring.withDataKeys(all -> all.install(random, now())));
        KeyId id = installed.dataKeys().installed().orElseThrow().id();
        checks.write(id);
        keys.awaitPeers();
        KeyRing activated = keys.change(ring -> ring.withDataKeys(all -> activate(all, id)));
        return activated.dataKeys().current();
    }

    /// Another node may have activated it meanwhile.
    private DataKeys activate(DataKeys all, KeyId id) {
        return all.current().id().equals(id) ? all : all.activate(now());
    }

    /// Puts a new key in the place of the one that callers' data are encrypted under.
    ///
    /// @return the new key
    public synchronized DataKey rotateCallerKey() throws StoreException {
        KeyRing installed = keys.change(ring -> ring.withCallerKeys(all -> all.install(random, now())));
        KeyId id = installed.callerKeys().installed().orElseThrow().id();
        keys.awaitPeers();
        KeyRing activated = keys.change(ring -> ring.withCallerKeys(all -> activate(all, id)));
        return activated.callerKeys().current();
    }

    /// Puts a new fingerprint key in the current one's place, and begins to make all fingerprints anew. All tokens
    /// stay.
    ///
    /// @param rate rows a second at most
    /// @return the new key
    /// @throws Refusal `0044` while another job runs
    public synchronized FingerprintKey rotateFingerprintKey(OptionalLong rate) throws StoreException {
        jobs.requireNone();
        // A rotation that ended early, or was begun elsewhere, is gone on with.
        keys.follow();
        boolean begun = keys.ring().fingerprintKeys().rotating();
        if (!begun) {
            keys.change(ring -> ring.withFingerprintKeys(all -> all.install(random, now())));
        }
        keys.awaitPeers();
        return activateFingerprintKey(rate, begun);
    }

    /// From the change before on, each insert is held against fingerprints of both keys, and nothing is on its way
    /// that is not: so it makes no difference any more which of the two a new row gets.
    ///
    /// @param wrapped whether rows may have wrapped fingerprints under that key already
    private FingerprintKey activateFingerprintKey(OptionalLong rate, boolean wrapped) throws StoreException {
        KeyRing activated =
                keys.change(ring -> ring.withFingerprintKeys(all -> all.installed() ? all.activate() : all));
        jobs.begin(Job.Kind.REFINGERPRINT, rate, wrapped);
        return activated.fingerprintKeys().all().getLast();
    }

    /// Begins to seal all rows and settings anew that are under another data key than the current one.
    ///
    /// @param rate rows a second at most
    /// @throws Refusal `0044` while another job runs
    public synchronized Job reseal(OptionalLong rate) throws StoreException {
        return jobs.begin(Job.Kind.RESEAL, rate, false);
    }

    /// The job that runs, is paused, or has failed.
    public Optional<Job> job() {
        return jobs.job();
    }

    /// Halts the job; it stays so, also after a restart, until [#resumeJob].
    ///
    /// @throws Refusal `0044` if there is none, or it has failed
    public Job pauseJob() throws StoreException {
        return jobs.change(job -> switch (job.state()) {
            case RUNNING, PAUSED -> job.in(Job.State.PAUSED);
            case FAILED -> throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "the job has failed, and does not run");
        });
    }

    /// Lets a paused job go on, and begins a failed one again.
    ///
    /// @throws Refusal `0044` if there is none
    public Job resumeJob() throws StoreException {
        return jobs.change(job -> switch (job.state()) {
            case RUNNING, PAUSED -> job.in(Job.State.RUNNING);
            case FAILED -> job.again();
        });
    }

    /// Changes how fast the job goes.
    ///
    /// @param rate rows a second at most
    /// @throws Refusal `0044` if there is none
    public Job paceJob(OptionalLong rate) throws StoreException {
        return jobs.change(job -> job.withRate(rate));
    }

    /// Retires a key: it opens nothing any more, and is kept. A data key is retired only if nothing needs it. Of a
    /// key of callers nobody here knows that.
    ///
    /// @param progress told now and then how many rows were looked at
    /// @return how many entries among the rows cannot be read: whether they need it, nobody can tell
    /// @throws Refusal `0012` if there is none of this ID, `0044` if it seals, or rows or settings need it
    public long retire(KeyId id, LongConsumer progress) throws StoreException {
        if (isOfCallers(id)) {
            keys.change(ring -> ring.withCallerKeys(all -> all.retire(id, now())));
            return 0;
        }
        // Refused before the long look, if at all. Others need not wait for that: nothing is sealed under it any more.
        keys.ring().dataKeys().retire(id, now());
        Census census = Census.of(store, progress);
        if (census.needing(id) > 0) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    census.rows().getOrDefault(id, 0L) + " rows and "
                            + census.settings().getOrDefault(id, 0L)
                            + " settings still need key " + id + "; `cardsecure key reseal` rewrites them");
        }
        keys.change(ring -> ring.withDataKeys(all -> all.retire(id, now())));
        return census.damaged();
    }

    /// Takes a retirement back.
    ///
    /// @throws Refusal `0012` if there is none of this ID, `0044` unless it is retired
    public synchronized void reinstate(KeyId id) throws StoreException {
        keys.change(ring -> isOfCallers(id)
                ? ring.withCallerKeys(all -> all.reinstate(id, now()))
                : ring.withDataKeys(all -> all.reinstate(id, now())));
    }

    /// Destroys a retired key, for good: in the ring, and in what the store keeps of former rings, as far as it can
    /// be reached. Backups have it still.
    ///
    /// @return whether no former ring is left in the store's files; else that is tried again, until it is so
    /// @throws Refusal `0012` if there is none of this ID, `0044` unless it is retired
    public synchronized boolean destroy(KeyId id) throws StoreException {
        try (Remains remains = keys.settings().expectRemains()) {
            if (isOfCallers(id)) {
                keys.change(ring -> ring.withCallerKeys(all -> destroy(all, id)));
            } else {
                keys.change(ring -> ring.withDataKeys(all -> destroy(all, id)));
            }
            boolean nothingLeft = remains.destroy();
            checks.remove(id);
            return nothingLeft;
        }
    }

    /// One that was destroyed before is to be forgotten once more: a crash may have cut that short.
    private DataKeys destroy(DataKeys all, KeyId id) {
        boolean destroyed = all.find(id)
                .filter(key -> key.state() == DataKey.State.DESTROYED)
                .isPresent();
        return destroyed ? all : all.destroy(id, now());
    }

    private boolean isOfCallers(KeyId id) {
        return keys.ring().callerKeys().find(id).isPresent();
    }

    /// What stands in the store, by the keys that it needs.
    ///
    /// @param progress told now and then how many rows were looked at
    public Census census(LongConsumer progress) throws StoreException {
        return Census.of(store, progress);
    }

    /// The ring in use.
    public KeyRing ring() {
        return keys.ring();
    }

    /// Which keys the last backup has.
    public KeyBackups backups() {
        return keys.backups();
    }

    /// How often the current data key has sealed, at most.
    public long seals() throws StoreException {
        return keys.currentSeals();
    }

    private Instant now() {
        return clock.instant();
    }

    /// Keeps how far the job is, and lets it go on after the next start.
    @Override
    public void close() {
        jobs.close();
    }

    private final class Works implements JobRunner.Works {
        private final Predicate<SiteId> clearRows;

        Works(Predicate<SiteId> clearRows) {
            this.clearRows = clearRows;
        }

        @Override
        public RowWork of(Job.Kind kind) {
            return switch (kind) {
                case RESEAL -> new RowWork.Reseal(keys.barrier());
                case REFINGERPRINT -> new RowWork.Refingerprint(keys.barrier(), keys.fingerprinter(), clearRows);
            };
        }

        @Override
        public void begin(Job job) throws StoreException {
            switch (job.kind()) {
                case RESEAL -> resealSettings();
                case REFINGERPRINT -> {
                    // Settings have no fingerprints.
                }
            }
        }

        @Override
        public void finish(Job job) throws StoreException {
            switch (job.kind()) {
                case RESEAL -> {
                    // What is left to do is an administrator's decision: to retire keys.
                }
                case REFINGERPRINT -> {
                    try (Remains remains = keys.settings().expectRemains()) {
                        keys.change(ring -> ring.withFingerprintKeys(all -> finish(all, job)));
                        remains.destroyIfPossible();
                    }
                }
            }
        }

        /// A node that was halted may come to the end of a job that another one has ended long ago, when a later
        /// rotation is on its way.
        private FingerprintKeys finish(FingerprintKeys all, Job job) {
            boolean itsOwn = all.all().stream()
                    .filter(key -> key.version() == all.current())
                    .noneMatch(key -> key.created().isAfter(job.started()));
            return all.rewriting() && itsOwn ? all.finish(job.wrapped()) : all;
        }

        private void resealSettings() throws StoreException {
            SealedSettings settings = keys.settings();
            long failed = 0;
            for (String name : settings.names("")) {
                try {
                    if (!Census.isOfKeys(name)) {
                        settings.reseal(name);
                    }
                } catch (Refusal e) {
                    // It goes on needing its key, which a census sees.
                    failed++;
                }
            }
            audit.record(new AuditEvent.Administered("key job reseal: the settings are resealed"
                    + (failed > 0 ? ", but for " + failed + " that do not open" : "") + ", rows follow"));
        }
    }
}
