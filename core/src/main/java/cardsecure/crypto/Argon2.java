package cardsecure.crypto;

import cardsecure.secret.SecretBytes;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// Argon2id (RFC 9106), version 0x13: makes 32 bytes of what somebody remembers, at a cost that whoever guesses pays
/// each time.
///
/// @param memoryKib memory, 8 to 1,048,576 KiB
/// @param passes how often all of it is gone through
/// @param lanes how many parts of it could be done at once
public record Argon2(int memoryKib, int passes, int lanes) {
    /// Bytes that it makes.
    public static final int LENGTH = 32;

    /// The most memory that a machine is asked for, in KiB.
    public static final int MEMORY_MAX = 1 << 20;

    private static final int PASSES_MAX = 1000;

    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException for what Argon2 does not allow, or no machine should be asked for
    public Argon2 {
        boolean fits = memoryKib >= 8 * lanes && memoryKib <= MEMORY_MAX && lanes >= 1;
        if (!fits || passes < 1 || passes > PASSES_MAX) {
            throw new IllegalArgumentException("costs that cannot be");
        }
    }

    /// The 32 bytes of a secret, a fresh array.
    ///
    /// @param salt public, another for each secret
    public byte[] derive(SecretBytes secret, byte[] salt) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build());
        byte[] derived = new byte[LENGTH];
        generator.generateBytes(secret.reveal(), derived);
        return derived;
    }
}
