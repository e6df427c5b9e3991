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
import java.time.InstantSource;
import java.util.Optional;

/// Looks after the keys now and then: follows a ring that another node changed, keeps how often the data key has
/// sealed, and rotates it before it has sealed too often or for too long. [#tick] is for one thread at a time.
public final class KeyKeeper {
    private static final String PREFIX = "key-seals/";

    /// What may have been sealed after the count was kept last, before a crash: more than a tick's worth.
    private static final long MARGIN = 1 << 21;

    /// When a data key is rotated without being asked.
    ///
    /// @param age since it began to seal; none: never for its age
    /// @param seals how often it has sealed, 2^20 to 2^31: well under the 2^32 random nonces that NIST SP 800-38D
    ///         allows a key
    public record Limits(Optional<Duration> age, long seals) {
        /// The least that can be chosen for `seals`.
        public static final long SEALS_MIN = 1L << 20;

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
                throw new IllegalArgumentException("a key is rotated after 2^20 to 2^31 seals");
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
    private Optional<SealCount> counting = Optional.empty();
    private long kept;
    private boolean troubled;

    /// Takes its parts.
    public KeyKeeper(LiveKeys keys, KeyProcedures procedures, AuditLog audit, Limits limits, InstantSource clock) {
        this.keys = keys;
        this.procedures = procedures;
        this.audit = audit;
        this.limits = limits;
        this.clock = clock;
    }

    /// Looks after the keys once. What fails is tried again at the next tick; it is told when it begins to fail.
    public void tick() {
        try {
            keys.follow();
            keepCount();
            rotateIfDue();
            troubled = false;
        } catch (StoreException | RuntimeException e) {
            if (!troubled) {
                audit.record(new AuditEvent.Administered("keys could not be looked after: " + e.getMessage()));
            }
            troubled = true;
        }
    }

    private void keepCount() throws StoreException {
        SealCount now = keys.barrier().seals();
        String name = PREFIX + now.key();
        Optional<SealedSettings.Entry> before = keys.settings().read(name);
        long known = before.map(entry -> ByteBuffer.wrap(entry.value().reveal()).getLong())
                .orElse(0L);
        if (counting.filter(one -> one == now).isEmpty()) {
            counting = Optional.of(now);
            if (before.isPresent()) {
                now.add(known + MARGIN);
            }
            kept = -1;
        }
        long sum = now.sum();
        // Keeping it seals, too: a server at rest is not to write for ever.
        if (sum > kept + 1) {
            byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(sum).array();
            keys.settings().write(name, before, SecretBytes.owning(bytes));
            kept = sum;
        }
    }

    private void rotateIfDue() throws StoreException {
        DataKey current = keys.ring().dataKeys().current();
        boolean old = limits.age()
                .filter(age -> !clock.instant().isBefore(current.since().plus(age)))
                .isPresent();
        boolean worn = keys.barrier().seals().key().equals(current.id()) && procedures.seals() >= limits.seals();
        if (old || worn) {
            DataKey next = procedures.rotateDataKey();
            audit.record(new AuditEvent.Administered("data key " + current.id() + " rotated by itself, "
                    + (old ? "for its age" : "for how often it has sealed") + ": " + next.id() + " seals now"));
        }
    }
}
