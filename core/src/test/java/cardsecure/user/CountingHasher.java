package cardsecure.user;

import cardsecure.secret.SecretBytes;
import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Argon2id at its least cost, which counts how often it had to work, and can be held up.
public final class CountingHasher implements PasswordHasher {
    /// What the tests' users have.
    public static final PasswordHash.Cost LEAST = new PasswordHash.Cost(8, 1, 1);

    private final Argon2id argon2id = new Argon2id(LEAST, new SecureRandom());
    private final AtomicInteger checks = new AtomicInteger();
    private volatile CountDownLatch opened = new CountDownLatch(0);

    @Override
    public PasswordHash hash(SecretBytes password) {
        return argon2id.hash(password);
    }

    @Override
    public boolean matches(SecretBytes password, PasswordHash hash) {
        checks.incrementAndGet();
        try {
            opened.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return argon2id.matches(password, hash);
    }

    @Override
    public PasswordHash ofNobody() {
        return argon2id.ofNobody();
    }

    /// How often a password was checked.
    public int checks() {
        return checks.get();
    }

    /// Lets no check end until the latch is opened.
    public CountDownLatch holdUp() {
        opened = new CountDownLatch(1);
        return opened;
    }
}
