package cardsecure.server;

import cardsecure.admin.AdminClient;
import cardsecure.admin.AdminException;
import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Servers on one database, each a process with a data directory of its own; they share the KEK.
final class Nodes implements AutoCloseable {
    private final Path directory;
    private final String store;
    private final String timeout;
    private final List<ServerProcess> servers = new ArrayList<>();

    private Nodes(Path directory, String store, String timeout) {
        this.directory = directory;
        this.store = store;
        this.timeout = timeout;
    }

    /// Starts some; the first makes the vault. They wait long for a database on a machine that stalls.
    static Nodes start(Path directory, String store, int count) throws IOException, InterruptedException {
        return start(directory, store, "20s", count);
    }

    /// Starts some that wait so long for the database.
    static Nodes start(Path directory, String store, String timeout, int count)
            throws IOException, InterruptedException {
        Nodes nodes = new Nodes(directory, store, timeout);
        nodes.servers.add(nodes.launch(0).awaitReady());
        for (int i = 1; i < count; i++) {
            nodes.servers.add(nodes.launch(i));
        }
        for (int i = 1; i < count; i++) {
            nodes.servers.get(i).awaitReady();
        }
        return nodes;
    }

    private ServerProcess launch(int node) throws IOException {
        Path configuration = directory.resolve("node-" + node + ".yaml");
        Files.writeString(configuration, """
            data: %s
            store:
              url: "%s"
              timeout: %s
            kek:
              uri: "file:%s"
            listeners:
              http: 127.0.0.1:0
              https: off
              socket: 127.0.0.1:0
              socket-tls: off
            """.formatted(data(node), store, timeout, directory.resolve("kek.key")));
        return ServerProcess.launch(
                directory.resolve("node-" + node + ".stderr"), List.of("--dev", "--config", configuration.toString()));
    }

    private Path data(int node) {
        return directory.resolve("node-" + node);
    }

    int count() {
        return servers.size();
    }

    ServerProcess get(int node) {
        return servers.get(node);
    }

    /// Starts a node again that has ended.
    void restart(int node) throws IOException, InterruptedException {
        servers.set(node, launch(node).awaitReady());
    }

    /// What an administrator is answered by a node.
    AdminReply.Answer admin(int node, AdminRequest request) throws AdminException {
        return new AdminClient(data(node)).call(request, _ -> {});
    }

    @Override
    public void close() {
        servers.forEach(ServerProcess::close);
    }
}
