package cardsecure;

import org.junit.jupiter.api.Assumptions;

/// What a test needs of the machine that runs it.
public final class Needs {
    private Needs() {}

    /// Skips the test, by saying what is missing and how to get it; fails it where nothing may be skipped
    /// (`-Dskips.allowed=false`).
    public static void require(boolean there, String missing) {
        if (!there && "false".equals(System.getProperty("skips.allowed"))) {
            throw new AssertionError("nothing may be skipped here: " + missing);
        }
        Assumptions.assumeTrue(there, missing);
    }
}
