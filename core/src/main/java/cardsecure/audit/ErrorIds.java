package cardsecure.audit;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// Makes the ids by which a reply and its log line are found together: ten hexadecimal digits. As safe for threads as
/// its generator.
public final class ErrorIds {
    private static final int LENGTH = 10;

    private final RandomGenerator random;

    /// Takes its parts.
    ///
    /// @param random need not be strong: an id is no secret
    public ErrorIds(RandomGenerator random) {
        this.random = random;
    }

    /// Another id.
    public String next() {
        return HexFormat.of().toHexDigits(random.nextLong(), LENGTH);
    }
}
