package cardsecure.user;

import java.util.Arrays;
import java.util.Base64;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is kept of a password: enough to know it again, too dear to guess from. Argon2id (RFC 9106), written as a PHC
/// string: `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`.
public final class PasswordHash {
    private static final int SALT_LENGTH = 16;
    private static final int HASH_LENGTH = 32;
    private static final Pattern PHC =
            Pattern.compile("\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=([0-9]{1,2})"
                    + "\\$([A-Za-z0-9+/]{22})\\$([A-Za-z0-9+/]{43})");

    /// What a hash costs.
    ///
    /// @param memoryKib memory, 8 to 1,048,576 KiB
    /// @param passes how often all of it is gone through
    /// @param lanes how many parts of it could be done at once
    public record Cost(int memoryKib, int passes, int lanes) {
        /// The OWASP's first choice: 19 MiB, 2 passes, 1 lane.
        public static final Cost USUAL = new Cost(19 * 1024, 2, 1);

        private static final int MEMORY_MAX = 1 << 20;

        /// Checks the parts.
        ///
        /// @throws IllegalArgumentException for what Argon2 does not allow, or no machine should be asked for
        public Cost {
            if (memoryKib < 8 * lanes || memoryKib > MEMORY_MAX || passes < 1 || lanes < 1) {
                throw new IllegalArgumentException("a hash with costs that cannot be");
            }
        }
    }

    private final Cost cost;
    private final byte[] salt;
    private final byte[] hash;

    /// Takes its parts.
    ///
    /// @param salt taken over
    /// @param hash taken over
    PasswordHash(Cost cost, byte[] salt, byte[] hash) {
        this.cost = cost;
        this.salt = salt;
        this.hash = hash;
    }

    static byte[] newSalt(RandomGenerator random) {
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        return salt;
    }

    /// One that no password has, but that costs as much to find that out.
    static PasswordHash ofNobody(Cost cost, RandomGenerator random) {
        byte[] hash = new byte[HASH_LENGTH];
        random.nextBytes(hash);
        return new PasswordHash(cost, newSalt(random), hash);
    }

    /// The hash of a PHC string.
    ///
    /// @throws IllegalArgumentException for another text
    public static PasswordHash parse(String phc) {
        Matcher matcher = PHC.matcher(phc);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a password's hash is an Argon2id PHC string");
        }
        Cost cost = new Cost(number(matcher, 1), number(matcher, 2), number(matcher, 3));
        Base64.Decoder base64 = Base64.getDecoder();
        return new PasswordHash(cost, base64.decode(matcher.group(4)), base64.decode(matcher.group(5)));
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    /// The PHC string. Whoever has it can try passwords on it, so it belongs into the sealed store and nowhere else.
    public String phc() {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + cost.memoryKib + ",t=" + cost.passes + ",p=" + cost.lanes + "$"
                + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }

    Cost cost() {
        return cost;
    }

    byte[] salt() {
        return salt;
    }

    byte[] hash() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PasswordHash that
                && cost.equals(that.cost)
                && Arrays.equals(salt, that.salt)
                && Arrays.equals(hash, that.hash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(salt);
    }

    @Override
    public String toString() {
        return "PasswordHash[argon2id]";
    }
}
