package cardsecure.postgres;

import cardsecure.config.StoreLocation;
import cardsecure.secret.SecretBytes;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A database that may have a store in it, which need not be open.
public final class PostgresDatabase {
    private final StoreLocation.Postgres location;
    private final PostgresSettings settings;
    private final Connector connector;

    /// Asks nobody yet.
    ///
    /// @param password none if the server asks for none
    public PostgresDatabase(
            StoreLocation.Postgres location, Optional<SecretBytes> password, PostgresSettings settings) {
        this.location = location;
        this.settings = settings;
        this.connector = new Connector(location, password, settings.timeout());
    }

    /// Whether there are tables of a store, with any setting in them.
    ///
    /// @throws StoreException if the database cannot be asked, or its tables are of a later version than this
    ///         program knows
    public boolean holdsSettings() throws StoreException {
        return requireNotLater().isPresent()
                && ask(connection -> {
                    try (Statement statement = connection.createStatement();
                            ResultSet results = statement.executeQuery("SELECT 1 FROM setting LIMIT 1")) {
                        return results.next();
                    }
                });
    }

    /// The value of a setting. Changes nothing, not even tables of an earlier version.
    ///
    /// @throws StoreException if there are no tables, or they are of a later version than this program knows
    public Optional<SealedData> peekSetting(String name) throws StoreException {
        requireNotLater();
        return ask(connection -> PostgresTokenStore.setting(connection, name));
    }

    private OptionalInt requireNotLater() throws StoreException {
        OptionalInt version = ask(Schema::version);
        if (version.isPresent() && version.getAsInt() > Schema.VERSION) {
            throw new StoreException("the tables in " + location.shown() + " are of version " + version.getAsInt()
                    + ", and this program knows them up to version " + Schema.VERSION + " only: use a later program");
        }
        return version;
    }

    private <T> T ask(Database.Work<T> question) throws StoreException {
        try (Connection connection = connector.open()) {
            connector.learn(connection);
            return question.on(connection);
        } catch (SQLException e) {
            throw SqlFailure.of("the database " + location.shown() + " cannot be used", e);
        }
    }

    /// Makes the tables of a store, or brings them up to this program's version, by a role that owns them. Data
    /// stay.
    ///
    /// @param server a role that is to be let use them, and no more; none if nobody else is
    /// @return what was done, for people
    /// @throws StoreException also if the tables are of a later version than this program knows
    public List<String> migrate(Optional<String> server) throws StoreException {
        OptionalInt before = requireNotLater();
        List<String> lines = new ArrayList<>();
        int scripts = migrateTables();
        lines.add(
                scripts == 0
                        ? "the tables in " + location.shown() + " are of version " + Schema.VERSION + " already"
                        : "the tables in " + location.shown() + " are of version " + Schema.VERSION + " now"
                                + (before.isPresent() ? ", and were of version " + before.getAsInt() : ""));
        if (server.isPresent()) {
            grant(server.get()).forEach(granted -> lines.add(granted + " TO " + server.get()));
        }
        return lines;
    }

    private List<String> grant(String server) throws StoreException {
        Schema.Grants grants = ask(connection -> Schema.grant(connection, server));
        if (!grants.refused().isEmpty()) {
            throw new StoreException("role " + location.user() + " may not let role " + server + " use the tables in "
                    + location.shown() + ", as they are another role's; it was not granted: "
                    + String.join(", ", grants.refused()) + ": run this with role " + ask(Schema::owner)
                    + ", which owns them, in the URL");
        }
        return grants.done();
    }

    private int migrateTables() throws StoreException {
        try {
            return Schema.migrate(connector.patientDataSource());
        } catch (SQLException e) {
            throw SqlFailure.of("the database " + location.shown() + " cannot be used", e);
        }
    }

    /// Opens the store. Tables that are missing, or of an earlier version, are made or changed if the role may do
    /// so.
    ///
    /// @throws StoreException also if the tables are of another version than this program's and that cannot be
    ///         helped; nothing is changed then
    public PostgresTokenStore open() throws StoreException {
        OptionalInt version = requireNotLater();
        if (version.isEmpty() || version.getAsInt() < Schema.VERSION) {
            if (!ask(Schema::mayMigrate)) {
                throw new StoreException((version.isEmpty()
                                ? "there are no tables in " + location.shown()
                                : "the tables in " + location.shown() + " are of version " + version.getAsInt())
                        + ", and this program needs version " + Schema.VERSION + ": run `cardsecure store"
                        + " migrate --store URL` with a role that owns the database, as role "
                        + location.user() + " may not");
            }
            migrateTables();
        }
        requireDurable();
        try {
            return PostgresTokenStore.open(Database.open(connector, settings.poolSize()));
        } catch (SQLException e) {
            throw SqlFailure.of("the database " + location.shown() + " cannot be used", e);
        }
    }

    /// Told, not refused: it may be a database for tests.
    private void requireDurable() throws StoreException {
        List<String> off = ask(connection -> {
            List<String> names = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet results = statement.executeQuery("SELECT name FROM pg_settings"
                            + " WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'")) {
                while (results.next()) {
                    names.add(results.getString(1));
                }
            }
            return names;
        });
        if (!off.isEmpty()) {
            System.getLogger(PostgresDatabase.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "NOT DURABLE: the database has {0} = off; when its machine fails, what was acknowledged is"
                                    + " lost",
                            String.join(", ", off));
        }
    }
}
