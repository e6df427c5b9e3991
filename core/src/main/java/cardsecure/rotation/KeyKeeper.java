package cardsecure.rotation;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.AuditLog;
import cardsecure.crypto.SealCount;
import cardsecure.keys.DataKey;
import cardsecure.store.Peers;
import cardsecure.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Looks after the keys now and then: follows a ring that another node changed, rotates the data key and that of
/// callers before they have sealed too often or for too long, and reserves the seals that are needed next. For one
/// thread at a time.
public final class KeyKeeper {
    /// When a data key is rotated without being asked.
    ///
    /// @param age since it began to seal; none: never for its age
    /// @param seals how often it has sealed, 2^24 to 2^31: well under the 2^32 random nonces that NIST SP 800-38D
    ///         allows a key
    public record Limits(Optional<Duration> age, long seals) {
        /// The least that can be chosen for `seals`: what is reserved at a time is to be little
        /// beside it.
        public static final long SEALS_MIN = 1L << 24;

        /// The most that can be chosen for `seals`.
        public static final long SEALS_MAX = 1L << 31;

        /// A year, 2^30 seals.
        public static Limits usual() {
            return new Limits(Optional.of(Duration.ofDays(365)), 1L << 30);
        }

        /// Checks the parts.
        ///
        /// @throws IllegalArgumentException for limits that cannot be
        public Limits {
            if (seals < SEALS_MIN || seals > SEALS_MAX) {
                throw new IllegalArgumentException("a key is rotated after 2^24 to 2^31 seals");
            }
            if (age.filter(one -> one.compareTo(Duration.ofHours(1)) < 0).isPresent()) {
                throw new IllegalArgumentException("a key is rotated after an hour at the earliest");
            }
        }
    }

    /// How often it is told that keys cannot be looked after.
    private static final Duration TOLD_EVERY = Duration.ofHours(1);

    private static final String LEASE_NAME = "key-keeper";
    private static final Duration LEASE = Duration.ofMinutes(2);

    private final Peers peers;
    private final LiveKeys keys;
    private final KeyProcedures procedures;
    private final AuditLog audit;
    private final Limits limits;
    private final InstantSource clock;
    private final Map<String, Instant> told = new HashMap<>();

    private interface Step {
        void take() throws StoreException;
    }

    /// Takes its parts.
    public KeyKeeper(LiveKeys keys, KeyProcedures procedures, AuditLog audit, Limits limits, InstantSource clock) {
        this.peers = keys.peers();
        this.keys = keys;
        this.procedures = procedures;
        this.audit = audit;
        this.limits = limits;
        this.clock = clock;
    }

    /// Looks after the keys once. What fails keeps nothing else from being done, and is tried again at the next
    /// tick; it is told when it begins to fail, and every hour.
    public void tick() {
        tryTo("follow what other nodes did to keys", keys::follow);
        tryTo("rotate keys", this::rotateIfDue);
        for (SealCount count : keys.sealCounts()) {
            tryTo("count the seals of key " + count.key(), count::reserveAhead);
        }
    }

    private void tryTo(String what, Step step) {
        try {
            step.take();
            told.remove(what);
        } catch (StoreException | RuntimeException e) {
            Instant now = clock.instant();
            Instant last = told.get(what);
            if (last == null || !now.isBefore(last.plus(TOLD_EVERY))) {
                told.put(what, now);
                audit.record(new AuditEvent.Administered("failed to " + what + ": " + e.getMessage()));
            }
        }
    }

    /// Two nodes at once would rotate twice.
    private void rotateIfDue() throws StoreException {
        if (!peers.lease(LEASE_NAME, LEASE)) {
            return;
        }
        // Another node may have rotated since, and given the lease back.
        keys.follow();
        rotateDataKeyIfDue();
        rotateCallerKeyIfDue();
    }

    private void rotateDataKeyIfDue() throws StoreException {
        DataKey current = keys.ring().dataKeys().current();
        Optional<String> why = due(current);
        if (why.isPresent()) {
            record("data key", current, why.get(), procedures.rotateDataKey());
        }
    }

    private void rotateCallerKeyIfDue() throws StoreException {
        DataKey current = keys.ring().callerKeys().current();
        Optional<String> why = due(current);
        if (why.isPresent()) {
            record("caller key", current, why.get(), procedures.rotateCallerKey());
        }
    }

    private Optional<String> due(DataKey current) throws StoreException {
        if (limits.age()
                .filter(age -> !clock.instant().isBefore(current.since().plus(age)))
                .isPresent()) {
            return Optional.of("for its age");
        }
        return keys.seals().reserved(current.id()) >= limits.seals()
                ? Optional.of("for how often it has sealed")
                : Optional.empty();
    }

    private void record(String what, DataKey before, String why, DataKey next) {
        String warning = keys.backups()
                .state()
                .warning()
                .map(text -> "; WARNING: " + text)
                .orElse("");
        audit.record(new AuditEvent.Administered(
                what + " " + before.id() + " rotated by itself, " + why + ": " + next.id() + " seals now" + warning));
    }
}
