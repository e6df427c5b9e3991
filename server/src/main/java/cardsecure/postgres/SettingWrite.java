package cardsecure.postgres;

import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/// Sets a setting if it is as expected, and tells all processes if they may keep it in memory.
final class SettingWrite {
    private final Database database;
    private final String name;
    private final Optional<SealedData> expected;
    private final Optional<SealedData> value;
    private final boolean told;

    /// @param told whether the others are told. It counts changes in one row, for which they queue
    SettingWrite(
            Database database, String name, Optional<SealedData> expected, Optional<SealedData> value, boolean told) {
        this.database = database;
        this.name = name;
        this.expected = expected;
        this.value = value;
        this.told = told;
    }

    /// Sets it.
    ///
    /// @return whether it was as expected, and so is set
    boolean write() throws StoreException {
        return database.repeatable("the database could not set a setting", (connection, again) -> {
            connection.setAutoCommit(false);
            if (set(connection)) {
                if (told) {
                    tell(connection);
                }
                connection.commit();
                return true;
            }
            // Sealed values are never alike by chance: one that stands there is what the first try has set.
            Optional<SealedData> kept = PostgresTokenStore.setting(connection, name);
            return again ? kept.equals(value) : expected.isEmpty() && value.isEmpty() && kept.isEmpty();
        });
    }

    private void tell(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE revision SET number = number + 1");
            if (database.connector().notifies()) {
                statement.execute("NOTIFY " + Watcher.CHANNEL);
            }
        }
    }

    private boolean set(Connection connection) throws SQLException {
        if (expected.isEmpty()) {
            return value.isPresent()
                    && update(
                            connection,
                            "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING",
                            name,
                            value.get().bytes());
        }
        if (value.isEmpty()) {
            return update(
                    connection,
                    "DELETE FROM setting WHERE name = ? AND value = ?",
                    name,
                    expected.get().bytes());
        }
        return update(
                connection,
                "UPDATE setting SET value = ? WHERE name = ? AND value = ?",
                value.get().bytes(),
                name,
                expected.get().bytes());
    }

    private static boolean update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int at = 0;
            for (Object parameter : List.of(parameters)) {
                at++;
                statement.setObject(at, parameter);
            }
            return statement.executeUpdate() > 0;
        }
    }
}
