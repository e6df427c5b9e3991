package cardsecure.http;

/// Where each request of a connection begins. Two things are seen to there which the web server does not know. Empty
/// lines in front of a request are skipped, a few of them: old clients put one behind a body (RFC 9112, section 2.2).
/// And a method in small letters is told from the known one, since methods are case-sensitive (RFC 9110, section 9.1)
/// and the web server makes capitals of them. For the connection's own thread.
final class RequestStart {
    /// How far ahead one has to look: a few empty lines, and the longest method that is known.
    static final int LOOK_AHEAD = 16;

    private static final int EMPTY_MAX = 8;
    private static final int METHOD_MAX = "OPTIONS".length();

    private int skipped;
    private int methodSeen;
    private boolean inCapitals = true;

    /// Says that what comes next is the start of a request.
    void expect() {
        skipped = 0;
        methodSeen = 0;
        inCapitals = true;
    }

    /// Looks at what comes next.
    ///
    /// @param length of what has come; nothing if it is negative
    /// @return how many bytes to leave out at the front
    int look(byte[] bytes, int length) {
        if (methodSeen >= METHOD_MAX) {
            return 0;
        }
        int from = 0;
        if (methodSeen == 0) {
            while (from < length && skipped < EMPTY_MAX && (bytes[from] == '\r' || bytes[from] == '\n')) {
                from++;
                skipped++;
            }
        }
        for (int i = from; i < length && methodSeen < METHOD_MAX; i++) {
            methodSeen = bytes[i] == ' ' ? METHOD_MAX : methodSeen + 1;
            inCapitals &= bytes[i] < 'a' || bytes[i] > 'z';
        }
        return from;
    }

    /// Whether the method of the request that has come is in capitals, as all that are known.
    boolean inCapitals() {
        return inCapitals;
    }
}
