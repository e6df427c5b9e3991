package cardsecure.user;

import cardsecure.secret.SecretBytes;
import java.security.MessageDigest;
import java.security.SecureRandom;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// Argon2id (RFC 9106), version 0x13.
public final class Argon2id implements PasswordHasher {
    private static final int HASH_LENGTH = 32;

    private final PasswordHash.Cost cost;
    private final SecureRandom random;

    /// Takes its parts.
    ///
    /// @param cost of new hashes; old ones keep theirs
    public Argon2id(PasswordHash.Cost cost, SecureRandom random) {
        this.cost = cost;
        this.random = random;
    }

    @Override
    public PasswordHash hash(SecretBytes password) {
        byte[] salt = PasswordHash.newSalt(random);
        return new PasswordHash(cost, salt, compute(password, cost, salt));
    }

    @Override
    public boolean matches(SecretBytes password, PasswordHash hash) {
        return MessageDigest.isEqual(compute(password, hash.cost(), hash.salt()), hash.hash());
    }

    @Override
    public PasswordHash ofNobody() {
        return PasswordHash.ofNobody(cost, random);
    }

    static byte[] compute(SecretBytes password, PasswordHash.Cost cost, byte[] salt) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKib())
                .withIterations(cost.passes())
                .withParallelism(cost.lanes())
                .withSalt(salt)
                .build());
        byte[] hash = new byte[HASH_LENGTH];
        generator.generateBytes(password.reveal(), hash);
        return hash;
    }
}
