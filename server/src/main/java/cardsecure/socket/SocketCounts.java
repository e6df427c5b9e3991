package cardsecure.socket;

/// What has become of a listener's connections since the start.
///
/// @param accepted that were served, or still are
/// @param waited of them, because the listener was full when they came
/// @param refused because the listener was full
/// @param turnedAway because the listener does not allow their address
/// @param cutOff because the peer was too slow, or silent for too long
public record SocketCounts(long accepted, long waited, long refused, long turnedAway, long cutOff) {}
