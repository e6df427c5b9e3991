package cardsecure.stores;

import cardsecure.config.StoreConfig;
import cardsecure.config.StoreLocation;
import cardsecure.kek.SecretReader;
import cardsecure.postgres.PostgresDatabase;
import cardsecure.postgres.PostgresSettings;
import cardsecure.rocks.RocksSettings;
import cardsecure.rocks.RocksTokenStore;
import cardsecure.secret.SecretBytes;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// A store of any kind at its location, which need not be open.
public sealed interface StoreAccess {
    /// Long walks and large batches are not requests, and nobody waits for them.
    Duration PATIENCE = Duration.ofSeconds(60);

    /// The store at a location, with settings for what is done to it as a whole.
    ///
    /// @param data the data directory, where a location leaves it to that
    /// @param secrets asked for the database's password
    /// @throws cardsecure.error.Refusal if the password cannot be had
    static StoreAccess of(StoreLocation location, Path data, StoreConfig config, SecretReader secrets) {
        return switch (location) {
            case StoreLocation.Rocks rocks ->
                new Rocks(
                        rocks.directory(data),
                        new RocksSettings(
                                config.blockCacheBytes(),
                                RocksSettings.defaults().writeBufferBytes(),
                                config.diskReserveBytes()));
            case StoreLocation.Postgres postgres -> {
                Optional<SecretBytes> password =
                        postgres.password().map(source -> secrets.read(source, "password of the database"));
                yield new Postgres(
                        postgres,
                        new PostgresDatabase(
                                postgres,
                                password,
                                new PostgresSettings(
                                        PostgresSettings.defaults().poolSize(), PATIENCE)));
            }
        };
    }

    /// A directory.
    record Rocks(Path directory, RocksSettings settings) implements StoreAccess {
        @Override
        public String shown() {
            return "rocksdb:" + directory;
        }

        @Override
        public boolean exists() throws StoreException {
            return RocksTokenStore.exists(directory);
        }

        @Override
        public Optional<SealedData> peekSetting(String name) throws StoreException {
            return RocksTokenStore.peekSetting(directory, name);
        }

        @Override
        public TokenStore open() throws StoreException {
            return RocksTokenStore.open(directory, settings);
        }
    }

    /// A database.
    record Postgres(StoreLocation.Postgres location, PostgresDatabase database) implements StoreAccess {
        @Override
        public String shown() {
            return location.shown();
        }

        @Override
        public boolean exists() throws StoreException {
            return database.exists();
        }

        @Override
        public Optional<SealedData> peekSetting(String name) throws StoreException {
            return database.peekSetting(name);
        }

        @Override
        public TokenStore open() throws StoreException {
            return database.open();
        }
    }

    /// Where it is, for people.
    String shown();

    /// Whether a store is there, whole or not.
    ///
    /// @throws StoreException if nobody can tell
    boolean exists() throws StoreException;

    /// The value of a setting of a store that is there. Changes nothing.
    Optional<SealedData> peekSetting(String name) throws StoreException;

    /// Opens the store, or makes an empty one.
    TokenStore open() throws StoreException;
}
