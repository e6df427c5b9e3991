package cardsecure.backup;

import cardsecure.config.KekUri;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.kek.Keks;
import cardsecure.kek.PrivateFile;
import cardsecure.keys.DataKey;
import cardsecure.keys.KeyRing;
import cardsecure.keys.KeyWrapper;
import cardsecure.keys.Keystore;
import cardsecure.keys.SealedRing;
import cardsecure.secret.SecretBytes;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Puts a backup's keys into a store that no server has open. All is proved before anything is changed, the
/// keystore is changed in one write, and what it replaces is kept in a file.
public final class KeyRestore {
    private final TokenStore store;
    private final Path data;
    private final Keks keks;
    private final KekUri kekUri;
    private final RandomGenerator random;

    /// Takes its parts.
    ///
    /// @param data where the keystore that is replaced is kept
    /// @param kekUri the KEK that is to wrap the ring; made, if it is missing
    /// @param random cryptographically strong
    public KeyRestore(TokenStore store, Path data, Keks keks, KekUri kekUri, RandomGenerator random) {
        this.store = store;
        this.data = data;
        this.keks = keks;
        this.kekUri = kekUri;
        this.random = random;
    }

    /// Restores.
    ///
    /// @return what was done, for people
    /// @throws Refusal `0063` if the backup is another vault's, `0068` if keys would be lost, `0027` if
    ///         the KEK cannot be had; nothing is changed then
    public List<String> restore(KeyRing backup, Instant now) throws StoreException, IOException {
        Optional<SealedData> kept = store.setting(Keystore.SETTING);
        SecretBytes secret = keks.secretForNew(kekUri);
        Optional<KeyRing> present = kept.flatMap(some -> present(some, secret));
        present.ifPresent(ring -> requireSame(ring, backup));
        StoreFit.Fit fit = StoreFit.of(store).require(backup, now);
        present.ifPresent(ring -> requireNothingLost(ring, backup));
        List<String> revived = present.map(ring -> revived(ring, backup)).orElse(List.of());
        // A store that several servers share takes nothing that an earlier generation made than it had.
        long generation = Math.max(
                        store.requiredGeneration(),
                        Math.max(
                                backup.generation(),
                                present.map(KeyRing::generation).orElse(0L)))
                + 1;
        KeyRing ring = new KeyRing(
                backup.vault(),
                generation,
                fit.ring().dataKeys(),
                fit.ring().fingerprintKeys(),
                fit.ring().callerKeys());
        KeyWrapper kek = keks.openOrCreate(kekUri, secret, true);
        SealedData sealed = SealedRing.seal(ring, kek, random);
        if (!SealedRing.open(sealed, kek).equals(ring)) {
            throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the KEK does not open what it wrapped");
        }
        List<String> lines = new ArrayList<>(fit.lines());
        lines.addAll(revived);
        if (kept.isPresent()) {
            Path file = data.resolve("keystore-before-"
                    + now.truncatedTo(ChronoUnit.MILLIS).toString().replace(':', '-'));
            PrivateFile.create(file, kept.get().bytes(), random.nextLong());
            lines.add("the keystore that was there is kept in " + file + ", still wrapped by its KEK");
        }
        if (!store.setSetting(Keystore.SETTING, kept, Optional.of(sealed))) {
            throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the keystore was changed meanwhile; look again");
        }
        lines.add("the keys of vault " + ring.vault() + " are restored, generation " + generation + ", wrapped by KEK "
                + kek.kekId());
        lines.add("data keys: " + BackupHeader.shown(ring.dataKeys()));
        lines.add("fingerprint keys: " + BackupHeader.shown(ring.fingerprintKeys()));
        lines.add("callers' keys: " + BackupHeader.shown(ring.callerKeys())
                + "; what callers encrypted is not here, so nothing proves that none is missing");
        return lines;
    }

    /// The ring that is there, if the KEK that there is opens it.
    private Optional<KeyRing> present(SealedData sealed, SecretBytes secret) {
        Optional<String> kekId = tried(() -> SealedRing.kekId(sealed));
        Optional<KeyWrapper> kek = kekId.flatMap(id -> keks.find(kekUri, secret, id));
        return kek.flatMap(found -> tried(() -> SealedRing.open(sealed, found)));
    }

    /// Nothing, if the keystore is damaged: that is what a restore is for.
    private static <T> Optional<T> tried(Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (Refusal _) {
            return Optional.empty();
        }
    }

    private static void requireSame(KeyRing present, KeyRing backup) {
        if (!present.vault().equals(backup.vault())) {
            throw new Refusal(
                    ErrorCode.KEYSTORE_IMPORT_FAILURE,
                    "the backup does not fit this store: it is of vault " + backup.vault() + ", and this one is "
                            + present.vault());
        }
    }

    /// Keys that were retired or destroyed since the backup, and are back.
    private static List<String> revived(KeyRing present, KeyRing backup) {
        return Stream.concat(present.dataKeys().all().stream(), present.callerKeys().all().stream())
                .filter(key -> !key.state().opens())
                .filter(key -> Stream.of(backup.dataKeys(), backup.callerKeys())
                        .flatMap(keys -> keys.find(key.id()).stream())
                        .anyMatch(old -> old.state().opens()))
                .map(key -> "warning: key " + key.id() + " was " + key.state().label()
                        + " since the backup, and opens again; retire and destroy it anew")
                .toList();
    }

    /// What the store does not show: callers' keys, and keys that nothing is sealed under yet.
    private static void requireNothingLost(KeyRing present, KeyRing backup) {
        List<String> lost = new ArrayList<>();
        for (DataKey key : present.callerKeys().all()) {
            Optional<DataKey> same = backup.callerKeys().find(key.id());
            // The same ID may name another key, where a ring was restored and went its own way since.
            if (key.key().isPresent() && !same.flatMap(DataKey::key).equals(key.key())) {
                lost.add("callers' key " + key.id());
            }
        }
        if (!lost.isEmpty()) {
            throw new Refusal(
                    ErrorCode.KEYSTORE_ROLLBACK_FAILURE,
                    "the keystore that is there opens and is newer than the backup, and what callers encrypted would be"
                            + " unreadable under " + String.join(", ", lost) + "; nothing needs to be restored");
        }
    }
}
