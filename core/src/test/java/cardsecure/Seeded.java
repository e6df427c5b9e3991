package cardsecure;

import java.util.Random;

/// Properties over random cases. A failure says with which seed the case comes again.
public final class Seeded {
    private Seeded() {}

    /// A property of one random case.
    @FunctionalInterface
    public interface Property {
        /// Fails if the property does not hold.
        void check(Random random) throws Exception;
    }

    /// Checks `property` for `cases` cases; for one only, if `-Dseed=` names it.
    public static void forAll(int cases, Property property) {
        Long given = Long.getLong("seed");
        long first = given == null ? new Random().nextLong() : given;
        for (int i = 0; i < (given == null ? cases : 1); i++) {
            long seed = first + i;
            try {
                property.check(new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("case " + i + " fails; it comes again with -Dseed=" + seed, e);
            }
        }
    }
}
