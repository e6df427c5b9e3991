package cardsecure.admin;

import cardsecure.admin.AdminRequest.BackupReader;
import cardsecure.audit.AuditLog;
import cardsecure.backup.BackupLock;
import cardsecure.backup.CertificateLock;
import cardsecure.backup.KeyBackup;
import cardsecure.backup.PassphraseLock;
import cardsecure.config.KekUri;
import cardsecure.crypto.Remains;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.kek.Keks;
import cardsecure.keys.KekName;
import cardsecure.keys.KeyRing;
import cardsecure.keys.KeyWrapper;
import cardsecure.rotation.KeyBackups;
import cardsecure.rotation.LiveKeys;
import cardsecure.secret.SecretBytes;
import cardsecure.store.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What administrators can do with keys, and the record of what they did. Safe for threads.
public final class KeyCommands {
    private static final int GIVEN_OUT_MAX = 100;
    private static final String HINT = "docs/operations.md says how keys are kept";

    private final LiveKeys keys;
    private final Keks keks;
    private final AuditLog audit;
    private final InstantSource clock;
    private final RandomGenerator random;

    /// Where the KEK is, or may be: more than one after a rewrapping of unknown outcome.
    private volatile List<Place> places;

    private record Place(String kekId, KekUri uri) {}

    /// Backups that were given out, by the time and generation of their headers, until they are kept somewhere.
    private final Map<GivenOut, KeyBackups.BackedUp> givenOut = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<GivenOut, KeyBackups.BackedUp> eldest) {
            return size() > GIVEN_OUT_MAX;
        }
    });

    private record GivenOut(long generation, Instant made) {}

    /// Takes its parts.
    ///
    /// @param kekUri where the KEK is that wraps the ring
    /// @param random cryptographically strong
    public KeyCommands(
            LiveKeys keys, Keks keks, KekUri kekUri, AuditLog audit, InstantSource clock, RandomGenerator random) {
        this.keys = keys;
        this.keks = keks;
        this.places = List.of(new Place(keys.kekId(), kekUri));
        this.audit = audit;
        this.clock = clock;
        this.random = random;
    }

    /// The KEK that wraps the ring now.
    public ServerStatus.Kek kek() {
        String kekId = keys.kekId();
        String uri = places.stream()
                .filter(place -> place.kekId().equals(kekId))
                .map(place -> place.uri().text())
                .findFirst()
                .orElse("at a place that another node knows");
        return new ServerStatus.Kek(KekName.of(kekId), uri);
    }

    /// Does what is asked, and says so, or why not, with the error's number.
    ///
    /// @param user who asks, as the system says
    AdminReply.Answer answer(AdminRequest.OfKeys request, String user) throws StoreException {
        try {
            return switch (request) {
                case AdminRequest.KeyRewrap rewrap -> rewrap(rewrap, user);
                case AdminRequest.KeyBackup(BackupReader reader) -> backup(reader, user);
                case AdminRequest.KeyBackupKept(long generation, Instant made) ->
                    kept(new GivenOut(generation, made), user);
            };
        } catch (Refusal e) {
            String[] parts = e.reason().split("; ", 2);
            String message = e.code().digits() + " " + e.code().text() + ": " + parts[0];
            return new AdminReply.Failed(message, parts.length > 1 ? parts[1] : HINT);
        }
    }

    private synchronized AdminReply.Answer rewrap(AdminRequest.KeyRewrap request, String user) {
        KekUri to;
        try {
            to = KekUri.parse(request.to());
        } catch (IllegalArgumentException e) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "the URI " + e.getMessage(), e);
        }
        AuditedChange change = new AuditedChange(audit, "key rewrap", "KEK", user);
        KeyWrapper kek = keks.openOrCreate(to, request.secret(), request.create());
        Remains remains;
        try {
            remains = keys.settings().expectRemains();
        } catch (StoreException e) {
            return unchanged(e, change);
        }
        try (remains) {
            return rewrap(kek, to, remains, change);
        }
    }

    private AdminReply.Answer rewrap(KeyWrapper kek, KekUri to, Remains remains, AuditedChange change) {
        String idBefore = keys.kekId();
        String uriBefore = kek().uri();
        String before = KekName.of(idBefore);
        String after = KekName.of(kek.kekId());
        Place place = new Place(kek.kekId(), to);
        // Before the ring is, so that whoever asks meanwhile is told of either.
        places = with(place);
        try {
            keys.rewrap(kek);
        } catch (StoreException e) {
            return unknown(change.unknown(e), before, after);
        }
        places = List.of(place);
        change.record(before + " -> " + after);
        List<String> lines = new ArrayList<>();
        boolean same = kek.kekId().equals(idBefore);
        lines.add("the vault's keys are wrapped by KEK " + after
                + (same ? ", and were before: it is the same KEK, nothing changed" : ", no longer by " + before));
        if (!same || !uriBefore.equals(to.text())) {
            lines.add("put this into the configuration before the next start:");
            lines.add("  kek:");
            lines.add("    uri: \"" + to.text() + "\"");
        }
        if (!same) {
            lines.add("keep the old KEK as long as there are backups of the data directory from before");
            lines.addAll(others());
        }
        forget(remains, lines);
        return new AdminReply.Done(lines);
    }

    private List<String> others() {
        try {
            List<String> names = keys.peersWithOtherKek();
            return names.isEmpty()
                    ? List.of()
                    : List.of("these servers of the vault go on with the KEK of before: " + String.join(", ", names)
                            + "; restart each with the new one, as no key can be changed before");
        } catch (StoreException e) {
            return List.of("which other servers of the vault have the KEK of before could not be found out; restart"
                    + " all with the new one");
        }
    }

    /// A KEK can be at two places: the later one is the one that the administrator thinks of.
    private List<Place> with(Place place) {
        List<Place> all = new ArrayList<>(List.of(place));
        places.stream().filter(other -> !other.equals(place)).forEach(all::add);
        return List.copyOf(all);
    }

    private static AdminReply.Answer unchanged(StoreException failure, AuditedChange change) {
        change.record("the store failed before anything was changed");
        return new AdminReply.Failed(
                "the store failed: " + failure.getMessage() + "; nothing was changed, the vault's keys are wrapped as"
                        + " before",
                "see `cardsecure status` for the store's health, then try again; a KEK that was made for this is there"
                        + " already");
    }

    private static AdminReply.Answer unknown(StoreException failure, String before, String after) {
        return new AdminReply.Failed(
                "the store failed: " + failure.getMessage() + "; the vault's keys may be wrapped by KEK " + after
                        + " or still by " + before,
                "keep both KEKs until the store is well and `cardsecure status` has shown for half a minute which one"
                        + " counts; then put its URI into the configuration");
    }

    private static void forget(Remains remains, List<String> lines) {
        boolean nothingLeft = false;
        try {
            nothingLeft = remains.destroy();
        } catch (StoreException stillExpected) {
            // It is said below; the store tells the log of itself.
        }
        if (!nothingLeft) {
            lines.add("warning: the keystore's former bytes are still in the store's files; the server tries again to"
                    + " destroy them");
        }
    }

    private AdminReply.Answer backup(BackupReader reader, String user) {
        KeyRing ring = keys.ring();
        Instant now = clock.instant();
        KeyBackup backup = lock(reader).backup(ring, now);
        GivenOut name = new GivenOut(ring.generation(), backup.header().made());
        givenOut.put(name, KeyBackups.BackedUp.of(ring, now));
        new AuditedChange(audit, "key backup", "generation " + ring.generation(), user)
                .record("for " + backup.header().openedBy());
        return new AdminReply.Backup(backup.text());
    }

    private AdminReply.Answer kept(GivenOut name, String user) throws StoreException {
        KeyBackups.BackedUp backup = Optional.ofNullable(givenOut.get(name))
                .orElseThrow(() -> new Refusal(
                        ErrorCode.CONFIG_ITEM_BAD,
                        "the server does not know this backup any more; the file is whole, but to the server its keys"
                                + " are in no backup: make another one"));
        AuditedChange change = new AuditedChange(audit, "key backup", "generation " + name.generation(), user);
        try {
            keys.backups().keep(backup);
        } catch (StoreException e) {
            throw change.unknown(e);
        }
        change.record("it is kept in a file");
        return new AdminReply.Done(List.of());
    }

    private BackupLock lock(BackupReader reader) {
        return switch (reader) {
            case BackupReader.Certificate(String pem) -> CertificateLock.of(pem, clock.instant());
            case BackupReader.Passphrase(SecretBytes passphrase, int memoryKib) -> {
                if (memoryKib < KekUri.Passphrase.MEMORY_MIN || memoryKib > KekUri.Passphrase.MEMORY_MAX) {
                    throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "the memory is from 19MiB to 1GiB");
                }
                yield new PassphraseLock(passphrase, memoryKib, random);
            }
        };
    }
}
