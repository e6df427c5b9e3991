package cardsecure.admin;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/// The administrator's end of the channel.
public final class AdminClient {
    /// Of what may take long: to remove a site with all its tokens, to count all rows.
    private static final Duration REPLY_TIMEOUT = Duration.ofMinutes(10);

    /// Of what does not. A database that does not answer has failed by then, unless its `timeout` is long.
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    private final Path data;
    private final Duration readTimeout;

    /// A client of the server that runs on a data directory.
    public AdminClient(Path data) {
        this(data, READ_TIMEOUT);
    }

    /// @param readTimeout how long the answer may take to what only reads
    AdminClient(Path data, Duration readTimeout) {
        this.data = data;
        this.readTimeout = readTimeout;
    }

    /// The server's answer to a request.
    ///
    /// @param progress told what the server says before
    /// @throws AdminException if no server runs, or it went away, with what to do
    public AdminReply.Answer call(AdminRequest request, Consumer<AdminReply.Progress> progress) throws AdminException {
        Path socket = AdminSocket.in(data);
        UnixDomainSocketAddress address = AdminSocket.address(socket);
        Duration timeout = timeout(request);
        try (Deadlines deadlines = new Deadlines();
                SocketChannel channel = connect(address)) {
            LineChannel lines = new LineChannel(channel);
            deadlines.within(timeout, channel, () -> {
                lines.writeLine(AdminCodec.encode(request));
                return true;
            });
            while (true) {
                byte[] line = deadlines.within(timeout, channel, () -> lines.readLine(LineChannel.LINE_MAX));
                switch (AdminCodec.reply(line)) {
                    case AdminReply.Progress step -> progress.accept(step);
                    case AdminReply.Answer answer -> {
                        return answer;
                    }
                }
            }
        } catch (AdminException e) {
            throw e;
        } catch (ClosedChannelException e) {
            throw new AdminException(
                    "the server at " + socket + " does not answer: nothing came in " + timeout.toSeconds() + " s",
                    outcome(request) + "the server hangs, or waits for its store, and its log may say why",
                    e);
        } catch (IOException | IllegalArgumentException e) {
            throw new AdminException(
                    "the server at " + socket + " gave no answer that this program understands",
                    outcome(request) + "the server's log says more",
                    e);
        }
    }

    private Duration timeout(AdminRequest request) {
        boolean counts = request instanceof AdminRequest.KeyList(boolean rows) && rows;
        return request.onlyReads() && !counts ? readTimeout : REPLY_TIMEOUT;
    }

    private static String outcome(AdminRequest request) {
        return request.onlyReads()
                ? "nothing was changed; "
                : "what was asked may be done or not: look, with `cardsecure status` first; ";
    }

    private SocketChannel connect(UnixDomainSocketAddress address) throws AdminException {
        Path socket = address.getPath();
        try {
            return AdminSocket.connect(address);
        } catch (IOException e) {
            if (e instanceof ConnectException || Files.notExists(socket)) {
                throw new AdminException(
                        "no server runs on data directory " + data,
                        "start one with `cardsecure serve --data " + data + "`, or name the running one's with --data",
                        e);
            }
            if (!Files.isWritable(socket)) {
                throw new AdminException(
                        "the socket " + socket + " is another user's",
                        "run this as the user that the server runs as",
                        e);
            }
            throw new AdminException(
                    "the server at " + socket + " takes no connection just now: " + e.getMessage(),
                    "try again; if it stays so, the server hangs, and its log may say why",
                    e);
        }
    }
}
