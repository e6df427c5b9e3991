package cardsecure.postgres;

import cardsecure.store.StoreException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// What a failure of the database means, by its SQLSTATE.
final class SqlFailure {
    /// Whose texts name servers, roles, tables and limits, and no values.
    private static final List<String> TELLING = List.of("08", "25", "28", "3D", "3F", "42", "53", "55", "57", "XX");

    private SqlFailure() {}

    static StoreException of(String what, SQLException failure) {
        return new StoreException(what + ": " + describe(failure), failure);
    }

    static String describe(SQLException failure) {
        SQLException telling = telling(failure);
        String state = state(telling);
        String text = String.valueOf(telling.getMessage()).lines().findFirst().orElse("");
        boolean shown = TELLING.stream().anyMatch(state::startsWith);
        return (shown && !text.isBlank() ? text : "SQLSTATE") + " (" + (state.isEmpty() ? "none" : state) + ")";
    }

    /// A pool's own failure has that of its last try to connect behind it, if there was one.
    private static SQLException telling(SQLException failure) {
        return Optional.ofNullable(failure.getCause())
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .filter(cause -> !state(cause).isEmpty())
                .orElse(failure);
    }

    private static String state(SQLException failure) {
        return Optional.ofNullable(failure.getSQLState()).orElse("");
    }

    /// The connection is gone, or soon will be: nobody knows what became of what was on its way.
    static boolean isLost(SQLException failure) {
        String state = state(failure);
        return state.startsWith("08") || state.startsWith("57P") || state.equals("25P03");
    }

    /// Two were in each other's way, or waited for each other; nothing was done, and it may be tried again.
    static boolean isClash(SQLException failure) {
        return isDuplicate(failure) || List.of("40001", "40P01", "55P03").contains(state(failure));
    }

    /// A row with the same unique key is there; nothing was done.
    static boolean isDuplicate(SQLException failure) {
        return state(failure).equals("23505");
    }
}
