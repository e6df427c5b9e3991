package cardsecure.socket;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketException;

/// What a connection is at, and until when it may be. Its own thread says what it begins; the watchdog's
/// thread, and the one that stops the front, close the connection under it. Whoever is first wins: a connection
/// that has been cut begins nothing any more, and one that works on a request is not cut for having been late
/// before.
final class Watch {
    private enum State {
        READING,
        WORKING,
        WRITING,
        CUT
    }

    private final Closeable connection;
    private State state = State.WORKING;
    private long deadline;

    /// Watches a connection, which is working until it says something else.
    ///
    /// @param connection whose closing does not wait for anything
    Watch(Closeable connection) {
        this.connection = connection;
    }

    /// From here on it waits for its peer to send something.
    ///
    /// @param until by [System#nanoTime]
    /// @throws SocketException if it has been cut
    void reading(long until) throws SocketException {
        begin(State.READING, until);
    }

    /// From here on it waits for the vault, which has limits of its own.
    void working() throws SocketException {
        begin(State.WORKING, 0);
    }

    /// From here on it waits for its peer to take something.
    void writing(long until) throws SocketException {
        begin(State.WRITING, until);
    }

    private synchronized void begin(State next, long until) throws SocketException {
        if (state == State.CUT) {
            throw new SocketException("the connection was cut");
        }
        state = next;
        deadline = until;
    }

    /// Cuts it if its time is over.
    ///
    /// @return whether it was
    synchronized boolean cutIfLate(long now) {
        boolean late = switch (state) {
            case READING, WRITING -> now - deadline > 0;
            case WORKING, CUT -> false;
        };
        if (late) {
            cut();
        }
        return late;
    }

    /// Cuts it if no request of its peer's is worked on or being answered.
    synchronized void cutIfReading() {
        if (state == State.READING) {
            cut();
        }
    }

    /// Cuts it, whatever it is at.
    synchronized void cut() {
        state = State.CUT;
        try {
            connection.close();
        } catch (IOException _) {
            // Then its peer has closed it, which is all that is wanted.
        }
    }
}
