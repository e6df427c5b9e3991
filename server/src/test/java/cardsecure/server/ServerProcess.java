package cardsecure.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The program as operators run it: `cardsecure serve` in a JVM of its own.
public final class ServerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String END = "(end of output)";

    private final Process process;
    private final Path errors;
    private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
    private final List<String> said = new ArrayList<>();
    private int port;
    private int httpsPort;
    private int socketPort;
    private int rfcPort;

    private ServerProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        Thread.ofVirtual().start(this::readOutput);
    }

    /// The command line of the program, without arguments. The options make it start sooner, and are no others' affair.
    public static List<String> program() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                // Not the tests' own set-up of the log, which would win on the class path.
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                "cardsecure.server.Main");
    }

    /// Starts a server, and does not wait.
    ///
    /// @param errors takes its standard error; what stands in it stays
    static ServerProcess launch(Path errors, List<String> arguments) throws IOException {
        return launch(errors, arguments, Map.of());
    }

    /// As [#launch], with more in its environment.
    static ServerProcess launch(Path errors, List<String> arguments, Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>(program());
        command.add("serve");
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        builder.environment().putAll(environment);
        return new ServerProcess(builder.start(), errors);
    }

    /// A development server on a data directory and any free port, ready to serve. Its standard error goes to a file
    /// beside the directory.
    static ServerProcess start(Path data, String... options) throws IOException, InterruptedException {
        return launchDev(data, options).awaitReady();
    }

    /// On any free port, and nothing at the usual ports, which other tests may be trying.
    static final List<String> HTTP_ALONE =
            List.of("--http", "127.0.0.1:0", "--https", "off", "--socket", "off", "--socket-tls", "off");

    /// As [#start], without waiting.
    static ServerProcess launchDev(Path data, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--dev", "--data", data.toString()));
        arguments.addAll(HTTP_ALONE);
        arguments.addAll(List.of(options));
        return launch(data.resolveSibling(data.getFileName() + ".stderr"), arguments);
    }

    private void readOutput() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(output::add);
        } catch (IOException | UncheckedIOException e) {
            output.add("(unreadable output: " + e.getMessage() + ")");
        }
        output.add(END);
    }

    /// Waits until it serves.
    ServerProcess awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!said.contains("ready")) {
            String line = output.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null || line.equals(END)) {
                process.destroyForcibly();
                throw new AssertionError("the server did not get ready; it said " + said + " and " + errors());
            }
            said.add(line);
            if (line.startsWith("listening http ")) {
                port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
            }
            if (line.startsWith("listening https ")) {
                httpsPort = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
            }
            if (line.startsWith("listening socket ")) {
                socketPort = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
            }
            if (line.startsWith("listening rfc ")) {
                rfcPort = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
            }
        }
        assertThat(port).as("the port of `listening http`").isPositive();
        return this;
    }

    /// Its port for HTTP.
    int port() {
        return port;
    }

    /// Its port for HTTPS, if it has one.
    int httpsPort() {
        return httpsPort;
    }

    /// Its port for the socket, if it has one.
    int socketPort() {
        return socketPort;
    }

    /// Its port for RFC, if it has one.
    int rfcPort() {
        return rfcPort;
    }

    long pid() {
        return process.pid();
    }

    /// A new connection to it.
    Client client() throws IOException {
        return Client.to(port);
    }

    /// What it wrote to standard error, it and its forerunners.
    String errors() {
        try {
            return Files.exists(errors) ? Files.readString(errors) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All lines of its standard output, once it has ended.
    List<String> output() throws InterruptedException {
        while (said.isEmpty() || !said.getLast().equals(END)) {
            String line = output.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(line).as("the end of the output").isNotNull();
            said.add(line);
        }
        return said.subList(0, said.size() - 1);
    }

    /// Whether it ends within a time.
    boolean endsWithin(Duration time) throws InterruptedException {
        return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Its exit code, once it has ended by itself.
    int exitCode() throws InterruptedException {
        assertThat(endsWithin(PATIENCE)).as("it ends; it said " + errors()).isTrue();
        return process.exitValue();
    }

    /// `kill -9`.
    void kill9() throws InterruptedException {
        process.destroyForcibly();
        exitCode();
    }

    /// `kill`: it must end as if nothing were wrong.
    void terminate() throws InterruptedException {
        // No other thread can reap it in between, so that the signal goes to nobody else.
        process.destroy();
        assertThat(exitCode())
                .as("the exit code after SIGTERM; it said " + errors())
                .isZero();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
