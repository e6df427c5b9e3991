package cardsecure.socket;

import java.time.Duration;

/// How long a connection may take for each of its steps, so that a slow or silent peer costs no more than its place.
///
/// @param idle between an answer and the next frame's first byte
/// @param frame from a frame's first byte to its last
/// @param opening for all that comes before the first frame: a proxy's header, the TLS handshake
/// @param reply for the peer to take an answer
/// @param linger for the peer to read the last answer before the connection is closed
/// @param look how often all that is looked at, and so how much later than told a connection may end
record SocketTimes(Duration idle, Duration frame, Duration opening, Duration reply, Duration linger, Duration look) {

    /// The usual times.
    ///
    /// @param idle no other time is longer
    static SocketTimes of(Duration idle) {
        return new SocketTimes(
                idle,
                shorter(idle, Duration.ofSeconds(30)),
                shorter(idle, Duration.ofSeconds(10)),
                shorter(idle, Duration.ofSeconds(30)),
                shorter(idle, Duration.ofSeconds(2)),
                shorter(idle.dividedBy(4).plusMillis(1), Duration.ofSeconds(1)));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
