package cardsecure.rotation;

import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.DataKey;
import cardsecure.keys.FingerprintKey;
import cardsecure.keys.KeyRing;
import cardsecure.secret.SecretBytes;
import cardsecure.store.StoreException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Which keys the last backup has, as a sealed setting keeps it: so that whoever looks after the vault is told of keys
/// that a loss of the keystore would take with it. Safe for threads.
///
/// The setting is `version (1) | made (8) | generation (8) | number of keys (4) | of each its name, created (8)`;
/// times in milliseconds, names with a length of 2 before them.
public final class KeyBackups {
    private static final String SETTING = "key-backup";
    private static final int VERSION = 1;

    private final SealedSettings settings;
    private final Supplier<KeyRing> ring;

    /// A key. Two with one ID, of a ring that was restored and went its own way since, are told apart by their time.
    ///
    /// @param name as people call it
    /// @param created in full milliseconds
    public record Key(String name, Instant created) {}

    /// What a backup has.
    ///
    /// @param made in full milliseconds
    /// @param generation of the ring that is in it
    public record BackedUp(Instant made, long generation, List<Key> keys) {
        /// Keeps a copy.
        public BackedUp {
            made = made.truncatedTo(ChronoUnit.MILLIS);
            keys = List.copyOf(keys);
        }

        /// What a backup has that is made of a ring.
        public static BackedUp of(KeyRing ring, Instant now) {
            return new BackedUp(now, ring.generation(), keysOf(ring));
        }
    }

    /// How it stands.
    ///
    /// @param last none if no backup was ever made
    /// @param missing keys that the last backup has not, as people call them
    /// @param warning for people, if any key is missing, or nobody can tell
    public record State(Optional<BackedUp> last, List<String> missing, Optional<String> warning) {
        /// Keeps a copy.
        public State {
            missing = List.copyOf(missing);
        }
    }

    /// Looks after the backups of a ring.
    ///
    /// @param ring the one in use
    KeyBackups(SealedSettings settings, Supplier<KeyRing> ring) {
        this.settings = settings;
        this.ring = ring;
    }

    private static List<Key> keysOf(KeyRing ring) {
        List<Key> keys = new ArrayList<>();
        for (DataKey key : ring.dataKeys().all()) {
            key.key().ifPresent(_ -> keys.add(new Key("data key " + key.id(), key.created())));
        }
        for (FingerprintKey key : ring.fingerprintKeys().all()) {
            keys.add(new Key("fingerprint key " + key.version(), key.created()));
        }
        for (DataKey key : ring.callerKeys().all()) {
            key.key().ifPresent(_ -> keys.add(new Key("callers' key " + key.id(), key.created())));
        }
        return keys;
    }

    /// Keeps, durably, that there is a backup. To be called when it is where it is kept, and not before.
    public void keep(BackedUp last) throws StoreException {
        while (!settings.write(SETTING, settings.read(SETTING), encode(last))) {
            // Another one was kept meanwhile; this one is as good.
        }
    }

    /// How it stands, of the ring in use.
    public State state() {
        try {
            Optional<BackedUp> last = settings.read(SETTING).map(kept -> decode(kept.value()));
            List<Key> has = last.map(BackedUp::keys).orElse(List.of());
            List<String> missing = keysOf(ring.get()).stream()
                    .filter(key -> !has.contains(key))
                    .map(Key::name)
                    .toList();
            return new State(last, missing, warning(missing));
        } catch (StoreException | Refusal _) {
            return new State(
                    Optional.empty(),
                    List.of(),
                    Optional.of("the store does not tell whether a key backup has all keys; see `cardsecure status`"));
        }
    }

    private static Optional<String> warning(List<String> missing) {
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "no key backup has " + String.join(", ", missing) + "; `cardsecure key backup` makes one");
    }

    private static SecretBytes encode(BackedUp backup) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(backup.made().toEpochMilli());
            out.writeLong(backup.generation());
            out.writeInt(backup.keys().size());
            for (Key key : backup.keys()) {
                out.writeUTF(key.name());
                out.writeLong(key.created().toEpochMilli());
            }
        } catch (IOException e) {
            throw new Refusal(ErrorCode.SERVER_FAILED, "what a key backup has could not be written", e);
        }
        return SecretBytes.owning(bytes.toByteArray());
    }

    private static BackedUp decode(SecretBytes encoded) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded.reveal()))) {
            if (in.readByte() != VERSION) {
                throw new IOException("of another version");
            }
            Instant made = Instant.ofEpochMilli(in.readLong());
            long generation = in.readLong();
            List<Key> keys = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                keys.add(new Key(in.readUTF(), Instant.ofEpochMilli(in.readLong())));
            }
            return new BackedUp(made, generation, keys);
        } catch (IOException e) {
            throw new Refusal(ErrorCode.SERVER_FAILED, "the setting of the last key backup is damaged", e);
        }
    }
}
