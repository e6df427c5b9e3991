package cardsecure.user;

import cardsecure.crypto.Argon2;
import cardsecure.secret.SecretBytes;
import java.security.MessageDigest;
import java.security.SecureRandom;

/// Hashes passwords by [Argon2].
public final class Argon2id implements PasswordHasher {
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
        return new Argon2(cost.memoryKib(), cost.passes(), cost.lanes()).derive(password, salt);
    }
}
