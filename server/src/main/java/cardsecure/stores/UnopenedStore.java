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
import java.util.Optional;

/// A store that may be there, and is not open here.
public sealed interface UnopenedStore {
    /// The store that a configuration names. Nobody is asked yet, but for the password of a database.
    ///
    /// @param data the data directory
    /// @throws cardsecure.error.Refusal `0027` if the password cannot be had
    static UnopenedStore of(StoreConfig config, Path data, SecretReader secrets) {
        return switch (config.location()) {
            case StoreLocation.Rocks rocks ->
                new InDirectory(
                        rocks.directory(data),
                        new RocksSettings(
                                config.blockCacheBytes(),
                                RocksSettings.defaults().writeBufferBytes(),
                                config.diskReserveBytes()));
            case StoreLocation.Postgres postgres -> new InDatabase(database(config, postgres, secrets));
        };
    }

    /// The database that a configuration names, whatever is in it. It is not asked yet.
    ///
    /// @throws cardsecure.error.Refusal `0027` if its password cannot be had
    static PostgresDatabase database(StoreConfig config, StoreLocation.Postgres location, SecretReader secrets) {
        Optional<SecretBytes> password =
                location.password().map(source -> secrets.read(source, "password of database role " + location.user()));
        return new PostgresDatabase(location, password, new PostgresSettings(config.poolSize(), config.timeout()));
    }

    /// Whether a vault is there, whole or not: then no new one is begun there.
    ///
    /// @throws StoreException if nobody can tell
    boolean exists() throws StoreException;

    /// Whether no vault is there, but something else that a new one does not belong beside.
    ///
    /// @throws StoreException if nobody can tell
    boolean isOthers() throws StoreException;

    /// The value of a setting. Changes nothing.
    ///
    /// @throws StoreException also if no vault is there
    Optional<SealedData> peekSetting(String name) throws StoreException;

    /// Opens it, and makes what is missing of it.
    ///
    /// @throws StoreException if it cannot be opened
    TokenStore open() throws StoreException;

    /// An embedded store.
    record InDirectory(Path directory, RocksSettings settings) implements UnopenedStore {
        @Override
        public boolean exists() throws StoreException {
            return RocksTokenStore.exists(directory);
        }

        @Override
        public boolean isOthers() throws StoreException {
            return RocksTokenStore.isOthers(directory);
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

    /// A store in a database.
    record InDatabase(PostgresDatabase database) implements UnopenedStore {
        @Override
        public boolean exists() throws StoreException {
            return database.holdsSettings();
        }

        /// Tables are in a schema of their own.
        @Override
        public boolean isOthers() {
            return false;
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
}
