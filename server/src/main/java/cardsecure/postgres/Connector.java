package cardsecure.postgres;

import cardsecure.config.StoreLocation;
import cardsecure.config.StoreLocation.Endpoint;
import cardsecure.config.StoreLocation.SslMode;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/// Makes connections to a database, each with deadlines for all that it does.
final class Connector {
    /// Where the tables are.
    static final String SCHEMA = "cardsecure";

    /// Whoever commits is told so when it is on the disk, whatever is set for the role; a stricter setting stays.
    private static final String DURABLE = "SELECT set_config('synchronous_commit', CASE"
            + " current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false)";

    /// Each statement knows its rows by key. A plan that was made while a table was small must not go through all
    /// of it when it is large.
    private static final String BY_KEY =
            "SET jit = off; " + "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";

    /// The database's log is not to have the rows of a statement that fails. Before version 13 it had none.
    private static final String NO_VALUES_IN_ITS_LOG =
            "SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'log_parameter_max_length_on_error'";

    /// What databases that speak the language of PostgreSQL say in their version.
    private static final List<String> OTHERS = List.of("CockroachDB", "-YB-");

    /// Where the driver tells at once that a certificate has another name. It throws that as well, and who tries to
    /// connect tells it. Held here, as otherwise a logger forgets its level.
    private static final Logger NAMES_THAT_DO_NOT_FIT = Logger.getLogger("org.postgresql.ssl.PGjdbcHostnameVerifier");

    static {
        NAMES_THAT_DO_NOT_FIT.setLevel(Level.OFF);
    }

    private final String url;
    private final Properties properties = new Properties();
    private final Duration timeout;

    /// Whether the server is PostgreSQL itself.
    private volatile boolean itself = true;

    Connector(StoreLocation.Postgres location, Optional<SecretBytes> password, Duration timeout) {
        this.timeout = timeout;
        this.url = "jdbc:postgresql://"
                + location.servers().stream().map(Endpoint::toString).collect(Collectors.joining(",")) + "/";
        set(PGProperty.PG_DBNAME, location.database());
        set(PGProperty.USER, location.user());
        password.ifPresent(secret -> set(PGProperty.PASSWORD, new String(secret.reveal(), StandardCharsets.UTF_8)));
        set(PGProperty.SSL_MODE, location.sslMode().label());
        location.authorities().map(Path::toString).ifPresent(file -> set(PGProperty.SSL_ROOT_CERT, file));
        boolean verified = location.sslMode() == SslMode.VERIFY_CA || location.sslMode() == SslMode.VERIFY_FULL;
        if (verified && location.authorities().isEmpty()) {
            set(PGProperty.SSL_FACTORY, "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        if (location.servers().size() > 1) {
            set(PGProperty.TARGET_SERVER_TYPE, "primary");
        }
        set(PGProperty.GSS_ENC_MODE, "disable");
        set(PGProperty.APPLICATION_NAME, "cardsecure");
        set(PGProperty.CURRENT_SCHEMA, SCHEMA);
        // Details quote rows.
        set(PGProperty.LOG_SERVER_ERROR_DETAIL, "false");
        // From the first time on, so that bytes go as bytes, not as hex digits.
        set(PGProperty.PREPARE_THRESHOLD, "1");
        set(PGProperty.TCP_KEEP_ALIVE, "true");
        set(PGProperty.CONNECT_TIMEOUT, String.valueOf(timeout.toSeconds()));
        set(PGProperty.LOGIN_TIMEOUT, String.valueOf(timeout.toSeconds()));
    }

    private void set(PGProperty property, String value) {
        properties.setProperty(property.getName(), value);
    }

    Duration timeout() {
        return timeout;
    }

    /// Learns what the server is.
    boolean learn(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("SELECT version()")) {
            String version = results.next() ? results.getString(1) : "";
            itself = OTHERS.stream().noneMatch(version::contains);
        }
        return itself;
    }

    /// Whether the server has LISTEN and NOTIFY, which those that only speak the language of PostgreSQL may not.
    boolean notifies() {
        return itself;
    }

    /// One connection for work of moments, beside the pools.
    Connection open() throws SQLException {
        return open(quick(), sessionSettings(timeout));
    }

    /// One connection for work that may take its time.
    Connection openPatient() throws SQLException {
        return open(properties, sessionSettings(Duration.ZERO));
    }

    private Connection open(Properties how, String settings) throws SQLException {
        Connection connection = new Driver().connect(url, how);
        if (connection == null) {
            throw new IllegalStateException("the driver does not know its own URL");
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(settings);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private Properties quick() {
        Properties quick = new Properties();
        properties.stringPropertyNames().forEach(name -> quick.setProperty(name, properties.getProperty(name)));
        quick.setProperty(PGProperty.SOCKET_TIMEOUT.getName(), String.valueOf(timeout.toSeconds()));
        return quick;
    }

    /// Connections for work of moments, which have yet to be given their [#sessionSettings()].
    DataSource dataSource() throws SQLException {
        return dataSource(quick());
    }

    /// Connections for work that may take its time, as the server has them.
    DataSource patientDataSource() throws SQLException {
        return dataSource(properties);
    }

    private DataSource dataSource(Properties how) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        for (String name : how.stringPropertyNames()) {
            source.setProperty(name, how.getProperty(name));
        }
        return source;
    }

    /// Statements that a connection begins with.
    String sessionSettings() {
        return sessionSettings(timeout) + (itself ? "; " + BY_KEY + "; " + NO_VALUES_IN_ITS_LOG : "");
    }

    /// The database gives up before the connection does, as long as it is there at all. Who waits long for a lock
    /// may wait for one who waits for it, and lets go to begin anew; who holds one must not be waited for longer
    /// than who raises the [Fence] tries.
    private static String sessionSettings(Duration timeout) {
        long millis = timeout.toMillis();
        return String.format(
                Locale.ROOT,
                "%s; SET default_transaction_isolation = 'read committed'; SET statement_timeout = %d;"
                        + " SET lock_timeout = %d; SET idle_in_transaction_session_timeout = %d",
                DURABLE,
                millis * 3 / 4,
                millis / 8,
                millis / 2);
    }
}
