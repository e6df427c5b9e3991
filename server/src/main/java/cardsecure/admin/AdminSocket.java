package cardsecure.admin;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.kek.PrivateFile;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/// The file that the channel goes through, and the directory it is in. Both are the owner's alone: the system thereby
/// says who is an administrator.
public final class AdminSocket {
    private static final String NAME = "admin.sock";
    /// What Linux has room for, 108 bytes with the NUL at the end.
    private static final int PATH_MAX = 107;
    private static final int BACKLOG = 256;

    private AdminSocket() {}

    /// The socket of a data directory.
    public static Path in(Path data) {
        return data.resolve(NAME);
    }

    /// Makes the data directory, for its owner alone, or sees that it is so.
    ///
    /// @throws Refusal `0044` if others may enter it, or it cannot be made
    public static void prepareDirectory(Path data) {
        try {
            PrivateFile.createDirectories(data);
            Set<PosixFilePermission> others = EnumSet.copyOf(Files.getPosixFilePermissions(data));
            others.removeAll(PosixFilePermissions.fromString("rwx------"));
            if (!others.isEmpty()) {
                // It is not narrowed here: it may be a directory that was named by mistake, such as /tmp.
                throw new Refusal(
                        ErrorCode.CONFIG_ITEM_BAD,
                        "data directory " + data + " is open to other users: chmod 700 " + data
                                + ", or name another with --data");
            }
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    "data directory " + data + " cannot be made or read: name another with --data",
                    e);
        }
    }

    /// The address of a socket.
    ///
    /// @throws AdminException for a path that is too long
    static UnixDomainSocketAddress address(Path socket) throws AdminException {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > PATH_MAX) {
            throw new AdminException(
                    "the path " + socket + " has " + length + " bytes; that of a Unix socket has " + PATH_MAX
                            + " at most",
                    "name a data directory with a shorter path, relative ones too, with --data");
        }
        return UnixDomainSocketAddress.of(socket);
    }

    /// Binds the socket, in the place of one that a dead server left.
    static ServerSocketChannel bind(Path socket) throws IOException {
        UnixDomainSocketAddress address = address(socket);
        removeStale(socket, address);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(address, BACKLOG);
            // Nobody can have come in between: nobody else may enter the directory.
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            return server;
        } catch (IOException e) {
            server.close();
            throw new AdminException(
                    "the admin socket " + socket + " cannot be made: " + e.getMessage(),
                    "let the user that the server runs as write the data directory",
                    e);
        }
    }

    private static void removeStale(Path socket, UnixDomainSocketAddress address) throws IOException {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new AdminException(
                    socket + " is there and is no socket", "move it away, or name another data directory with --data");
        }
        if (answers(address)) {
            throw new AdminException(
                    "another server runs on this data directory: it answers at " + socket,
                    "stop it first, or name another data directory with --data");
        }
        Files.delete(socket);
    }

    /// Connects without waiting: a server that does not accept, because it is stopped, would else hold the
    /// caller up for as long as it is.
    static SocketChannel connect(UnixDomainSocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            channel.connect(address);
            channel.configureBlocking(true);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// Only a refused connection says that nobody is there; a server that is too busy to be connected to is.
    private static boolean answers(UnixDomainSocketAddress address) {
        try (SocketChannel probe = connect(address)) {
            return probe.isConnected();
        } catch (ConnectException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }
}
