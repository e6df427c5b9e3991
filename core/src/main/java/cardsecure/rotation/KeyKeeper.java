package cardsecure.rotation;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.AuditLog;
import cardsecure.crypto.SealCount;
import cardsecure.crypto.SealedSettings;
import cardsecure.keys.DataKey;
import cardsecure.secret.SecretBytes;
import cardsecure.store.StoreException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Looks after the keys now and then: follows a ring that another node changed, keeps how often the data key and
/// those of callers have sealed, and rotates them before they have sealed too often or for too long. [#tick] is for one
/// thread at a time.
public final class KeyKeeper {
    private static final String PREFIX = "key-seals/";

    /// What may have been sealed after the count was kept last, before a crash: more than a tick's worth.
    private static final long MARGIN = 1 << 21;

    /// When a data key is rotated without being asked.
    ///
    /// @param age since it began to seal; none: never for its age
    /// @param seals how often it has sealed, 2^24 to 2^31: well under the 2^32 random nonces that NIST SP 800-38D
    ///         allows a key
    public record Limits(Optional<Duration> age, long seals) {
        /// The least that can be chosen for `seals`: some restarts, each of which adds a margin, are not to use it
        /// up.
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

    private final LiveKeys keys;
    private final KeyProcedures procedures;
    private final AuditLog audit;
    private final Limits limits;
    private final InstantSource clock;
    private final Instant started;
    private final Map<SealCount, Long> kept = new HashMap<>();
    private boolean troubled;

    /// Takes its parts.
    public KeyKeeper(LiveKeys keys, KeyProcedures procedures, AuditLog audit, Limits limits, InstantSource clock) {
        this.keys = keys;
        this.procedures = procedures;
        this.audit = audit;
        this.limits = limits;
        this.clock = clock;
        this.started = clock.instant();
    }

    /// Looks after the keys once. What fails is tried again at the next tick; it is told when it begins to fail.
    public void tick() {
        try {
            keys.follow();
            keepCounts();
            rotateIfDue();
            troubled = false;
        } catch (StoreException | RuntimeException e) {
            if (!troubled) {
                audit.record(new AuditEvent.Administered("keys could not be looked after: " + e.getMessage()));
            }
            troubled = true;
        }
    }

    private void keepCounts() throws StoreException {
        List<SealCount> all = new ArrayList<>(keys.callerCipher().allSeals());
        all.addFirst(keys.barrier().seals());
        kept.keySet().retainAll(all);
        for (SealCount count : all) {
            keep(count);
        }
    }

    private void keep(SealCount count) throws StoreException {
        String name = PREFIX + count.key();
        Optional<SealedSettings.Entry> before = keys.settings().read(name);
        if (!kept.containsKey(count)) {
            long known = before.map(
                            entry -> ByteBuffer.wrap(entry.value().reveal()).getLong())
                    .orElse(0L);
            if (before.isPresent() || isOlder(count)) {
                count.add(known + MARGIN);
            }
            kept.put(count, -1L);
        }
        long sum = count.sum();
        // Keeping it seals, too: a server at rest is not to write for ever.
        if (sum > kept.getOrDefault(count, -1L) + 1) {
            byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(sum).array();
            keys.settings().write(name, before, SecretBytes.owning(bytes));
            kept.put(count, sum);
        }
    }

    /// Whether a key may have sealed in a process before this one, which ended before it kept a count.
    private boolean isOlder(SealCount count) {
        return Stream.of(keys.ring().dataKeys(), keys.ring().callerKeys())
                .flatMap(all -> all.find(count.key()).stream())
                .anyMatch(key -> key.created().isBefore(started));
    }

    private void rotateIfDue() throws StoreException {
        DataKey current = keys.ring().dataKeys().current();
        Optional<String> why = due(current, keys.barrier().seals());
        if (why.isPresent()) {
            record("data key", current, why.get(), procedures.rotateDataKey());
        }
        DataKey ofCallers = keys.ring().callerKeys().current();
        Optional<String> whyOfCallers = due(ofCallers, keys.callerCipher().seals());
        if (whyOfCallers.isPresent()) {
            record("caller key", ofCallers, whyOfCallers.get(), procedures.rotateCallerKey());
        }
    }

    private Optional<String> due(DataKey current, SealCount seals) {
        if (limits.age()
                .filter(age -> !clock.instant().isBefore(current.since().plus(age)))
                .isPresent()) {
            return Optional.of("for its age");
        }
        return seals.key().equals(current.id()) && seals.sum() >= limits.seals()
                ? Optional.of("for how often it has sealed")
                : Optional.empty();
    }

    private void record(String what, DataKey before, String why, DataKey next) {
        audit.record(new AuditEvent.Administered(
                what + " " + before.id() + " rotated by itself, " + why + ": " + next.id() + " seals now"));
    }
}
