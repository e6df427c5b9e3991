package cardsecure.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A vault in a directory, its configuration, and what operators do with them: start the program, type commands.
final class KeyProgram {
    private final Path directory;
    private final Map<String, String> environment;

    /// What a command said, and its exit code.
    record Said(int exit, String text) {}

    KeyProgram(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    Path data() {
        return directory.resolve("data");
    }

    /// Writes the configuration: the KEK, and a port.
    void configure(String kekUri) throws IOException {
        configure(kekUri, "rocksdb:");
    }

    /// As [#configure(String)], with a store elsewhere.
    void configure(String kekUri, String store) throws IOException {
        Files.writeString(configuration(), """
            data: %s
            kek:
              uri: "%s"
            store:
              url: "%s"
            listeners:
              http: 127.0.0.1:0
              https: off
              socket: off
              socket-tls: off
            """.formatted(data(), kekUri, store));
    }

    Path configuration() {
        return directory.resolve("cardsecure.yaml");
    }

    ServerProcess launch() throws IOException {
        return ServerProcess.launch(
                directory.resolve("stderr"),
                List.of("--dev", "--config", configuration().toString()),
                environment);
    }

    ServerProcess start() throws IOException, InterruptedException {
        return launch().awaitReady();
    }

    /// The one line that a start says which fails.
    String failedStart() throws IOException, InterruptedException {
        Files.deleteIfExists(directory.resolve("stderr"));
        try (ServerProcess server = launch()) {
            assertThat(server.exitCode()).as(server.errors()).isEqualTo(1);
            List<String> lines = server.errors()
                    .lines()
                    .filter(line -> !line.startsWith("WARNING: "))
                    .toList();
            assertThat(lines).hasSize(1);
            return lines.getFirst();
        }
    }

    /// Runs `cardsecure key …`.
    Said key(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("key"));
        all.addAll(List.of(arguments));
        return run(all.toArray(String[]::new));
    }

    /// Runs any command.
    Said run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(ServerProcess.program());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }

    /// Runs it on the running server, and expects it to be done.
    String keyDone(String command, String... arguments) throws IOException, InterruptedException {
        Said said = key(withData(command, arguments));
        assertThat(said.exit()).as(said.text()).isZero();
        return said.text();
    }

    /// Runs it, and expects it to fail.
    String keyFails(String command, String... arguments) throws IOException, InterruptedException {
        Said said = key(withData(command, arguments));
        assertThat(said.exit()).as(said.text()).isEqualTo(1);
        return said.text();
    }

    private String[] withData(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command, "--data", data().toString()));
        all.addAll(List.of(arguments));
        return all.toArray(String[]::new);
    }

    /// A file that its owner alone may read.
    Path secret(String name, String content) throws IOException {
        Path file = directory.resolve(name);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, content + "\n");
    }
}
