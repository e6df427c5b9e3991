package cardsecure.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// A PostgreSQL that syncs, as a real one does, on a data directory that outlives it: it can be killed, be away, and
/// come back at the same port. For one thread.
public final class DurablePostgres implements AutoCloseable {
    private final Path directory;
    private final int port;
    private EmbeddedPostgres running;

    private DurablePostgres(Path directory, int port) throws IOException {
        this.directory = directory;
        this.port = port;
        this.running = startIn(directory, port);
    }

    /// Starts one on a fresh directory.
    public static DurablePostgres start(Path directory) throws IOException {
        TestPostgres.require();
        return new DurablePostgres(directory, freePort());
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private static EmbeddedPostgres startIn(Path directory, int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setErrorRedirector(Redirect.DISCARD)
                .setOutputRedirector(Redirect.DISCARD)
                .setPGStartupWait(TestPostgres.PATIENCE)
                .start();
    }

    /// Makes a database, and says where it is.
    public String newDatabase(String name) throws SQLException {
        try (Connection connection = running.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return "postgresql://postgres@127.0.0.1:" + port + "/" + name;
    }

    /// The number that a query of a database answers.
    public long count(String database, String query) throws SQLException {
        try (Connection connection = running.getDatabase("postgres", database).getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }

    /// `kill -9` of the postmaster; its children end when they see it.
    public void kill9() throws IOException {
        String pid = Files.readAllLines(directory.resolve("postmaster.pid")).getFirst();
        ProcessHandle.of(Long.parseLong(pid.strip())).ifPresent(ProcessHandle::destroyForcibly);
        stop();
    }

    /// Stops it, or waits until one that was killed is gone.
    public void stop() throws IOException {
        running.close();
    }

    /// Starts it again.
    public void restart() throws IOException {
        running = startIn(directory, port);
    }

    @Override
    public void close() throws IOException {
        running.close();
    }
}
