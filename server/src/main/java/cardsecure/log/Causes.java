package cardsecure.log;

import cardsecure.store.StoreException;

/// What a failure's causes were, in one line and without their messages, which others have written and which might
/// quote what they were given. Only the project's own are known to be safe.
final class Causes {
    private static final int DEPTH_MAX = 8;

    private Causes() {}

    static String chain(Throwable cause) {
        StringBuilder chain = new StringBuilder();
        Throwable next = cause;
        for (int depth = 0; next != null && depth < DEPTH_MAX; depth++) {
            chain.append(depth == 0 ? "" : " < ").append(next.getClass().getSimpleName());
            if (next instanceof StoreException) {
                chain.append(" (").append(next.getMessage()).append(')');
            }
            StackTraceElement[] trace = next.getStackTrace();
            if (trace.length > 0) {
                chain.append(" at ").append(trace[0].getFileName()).append(':').append(trace[0].getLineNumber());
            }
            next = next.getCause();
        }
        return chain.toString();
    }
}
