package cardsecure.admin;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.net.ExtendedSocketOptions;

/// The server's end of the channel: a connection carries one request and its replies, on a virtual thread of its own.
public final class AdminServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger(AdminServer.class.getName());
    private static final int CONNECTIONS_MAX = 16;
    private static final int REQUEST_MAX = 64 * 1024;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration IO_TIMEOUT = Duration.ofSeconds(10);

    private final Path socket;
    private final AdminCommands commands;
    private final Duration ioTimeout;
    private final Semaphore free = new Semaphore(CONNECTIONS_MAX);
    private final Set<SocketChannel> silent = ConcurrentHashMap.newKeySet();
    private final ExecutorService connections = Executors.newVirtualThreadPerTaskExecutor();
    private final Deadlines deadlines = new Deadlines();
    private final ServerSocketChannel server;
    private final Object identity;
    private volatile boolean closed;

    private AdminServer(Path socket, AdminCommands commands, Duration ioTimeout) throws IOException {
        this.socket = socket;
        this.commands = commands;
        this.ioTimeout = ioTimeout;
        this.server = AdminSocket.bind(socket);
        this.identity = identity(socket);
    }

    /// Starts to listen.
    ///
    /// @param socket in a directory that [AdminSocket#prepareDirectory] has seen
    /// @throws AdminException if that cannot be, with what to do
    public static AdminServer start(Path socket, AdminCommands commands) throws IOException {
        return start(socket, commands, IO_TIMEOUT);
    }

    static AdminServer start(Path socket, AdminCommands commands, Duration ioTimeout) throws IOException {
        AdminServer started = new AdminServer(socket, commands, ioTimeout);
        Thread.ofPlatform().name("admin-accept").daemon(true).start(started::accept);
        return started;
    }

    private static Object identity(Path socket) throws IOException {
        return Objects.requireNonNullElse(
                Files.readAttributes(socket, BasicFileAttributes.class).fileKey(), socket);
    }

    private void accept() {
        try {
            while (!closed) {
                free.acquire();
                acceptOne();
            }
        } catch (ClosedChannelException | InterruptedException _) {
            LOG.log(Level.DEBUG, "the admin channel is closed");
        }
    }

    private void acceptOne() throws ClosedChannelException, InterruptedException {
        try {
            SocketChannel channel = server.accept();
            silent.add(channel);
            connections.execute(() -> serve(channel));
        } catch (ClosedChannelException e) {
            throw e;
        } catch (RejectedExecutionException _) {
            throw new ClosedChannelException();
        } catch (IOException e) {
            // Too many open files, say: it passes.
            LOG.log(Level.WARNING, "the admin channel takes no connection just now", e);
            free.release();
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            LineChannel lines = new LineChannel(channel);
            AdminReply.Answer answer;
            try {
                byte[] line = deadlines.within(ioTimeout, channel, () -> lines.readLine(REQUEST_MAX));
                silent.remove(channel);
                answer = answer(lines, channel, AdminCodec.request(line));
            } catch (LineChannel.TooLongException | IllegalArgumentException _) {
                answer = new AdminReply.Failed(
                        "the server does not understand the request",
                        "use the program in the version that the server has");
            }
            send(lines, channel, answer);
        } catch (IOException _) {
            LOG.log(Level.DEBUG, "a connection to the admin channel ended early");
        } finally {
            silent.remove(channel);
            free.release();
        }
    }

    private AdminReply.Answer answer(LineChannel lines, SocketChannel channel, AdminRequest request) {
        try {
            return commands.answer(request, user(channel), progress -> {
                try {
                    send(lines, channel, progress);
                } catch (IOException _) {
                    LOG.log(Level.DEBUG, "nobody is there to see the progress; the work goes on");
                }
            });
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "an administrator's request failed", e);
            return new AdminReply.Failed("the server failed", "its log says more");
        }
    }

    private void send(LineChannel lines, SocketChannel channel, AdminReply reply) throws IOException {
        deadlines.within(ioTimeout, channel, () -> {
            lines.writeLine(AdminCodec.encode(reply));
            return reply;
        });
    }

    /// Who is at the other end, as the system says.
    private static String user(SocketChannel channel) {
        try {
            return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        } catch (IOException | UnsupportedOperationException _) {
            return "-";
        }
    }

    /// Takes no more requests, lets those that run come to their end, and removes the socket.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        closeQuietly(server);
        silent.forEach(AdminServer::closeQuietly);
        connections.shutdown();
        try {
            if (!connections.awaitTermination(ioTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                connections.shutdownNow();
            }
        } catch (InterruptedException _) {
            connections.shutdownNow();
            Thread.currentThread().interrupt();
        }
        deadlines.close();
        removeOwn();
    }

    /// Removes the socket unless another server has put its own in the place.
    private void removeOwn() {
        try {
            if (Files.exists(socket) && identity(socket).equals(identity)) {
                Files.delete(socket);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the admin socket could not be removed; the next start does it", e);
        }
    }

    private static void closeQuietly(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception e) {
            LOG.log(Level.DEBUG, "a channel did not close", e);
        }
    }
}
