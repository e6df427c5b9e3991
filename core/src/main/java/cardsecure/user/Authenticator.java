package cardsecure.user;

import cardsecure.crypto.Pool;
import cardsecure.limit.Rate;
import cardsecure.limit.RateLimiter;
import cardsecure.limit.Subnet;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Finds out whether a password is a user's. Checking one is dear by design, so what was proven is remembered, few are
/// checked at once, and who fails too often waits. Safe for threads.
///
/// Nobody learns whether it was the name or the password that is wrong: both get the same work and the same answer, and
/// failures are held against names that nobody has, too.
public final class Authenticator {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int PROVEN_MAX = 10_000;
    private static final int FAILED_MAX = 65_536;

    /// What a flood of wrong passwords can cost, and how fast one can be guessed.
    ///
    /// @param atOnce passwords that are checked at the same time
    /// @param waitingMax requests that wait for their check
    /// @param patience how long one waits
    /// @param failuresOfAddress failures of one address, after which it waits
    /// @param failuresOfUser failures with one name, from wherever, after which they wait
    public record Limits(int atOnce, int waitingMax, Duration patience, Rate failuresOfAddress, Rate failuresOfUser) {

        /// Half of the machine at most: the other half answers those that have proven who they are.
        public static Limits of(int processors) {
            return new Limits(
                    Math.max(1, processors / 2),
                    64,
                    Duration.ofSeconds(5),
                    new Rate(6, Rate.Per.MINUTE, 10),
                    new Rate(12, Rate.Per.MINUTE, 20));
        }
    }

    /// A name and a password that somebody sent.
    ///
    /// @param from where from
    public record Attempt(SiteId site, Subnet from, String name, SecretBytes password) {
        private Claim claim() {
            return new Claim(site, name);
        }
    }

    /// What came of an [Attempt].
    public sealed interface Verdict {
        /// The password is the user's.
        record Proven(User user) implements Verdict {}

        /// It is not, or there is no such user.
        record Wrong() implements Verdict {}

        /// There were too many failures before; nothing was checked.
        record Wait(Duration time) implements Verdict {}

        /// Too many others wait; nothing was checked.
        record Busy() implements Verdict {}
    }

    private record Claim(SiteId site, String name) {}

    /// A user's password, once proven, under a key of this process, and the hash that it was proven against: when the
    /// user changes or goes, so does that.
    private record Proof(PasswordHash hash, SecretBytes mac) {}

    private final UserDirectory users;
    private final PasswordHasher hasher;
    private final Limits limits;
    private final PasswordHash nobody;
    private final Pool<Mac> macs;
    private final Map<Claim, Proof> proven = new ConcurrentHashMap<>();
    private final Semaphore free;
    private final AtomicInteger present = new AtomicInteger();
    private final RateLimiter<Subnet> failedAddresses;
    private final RateLimiter<Claim> failedClaims;
    private final LongAdder failures = new LongAdder();

    /// Takes its parts.
    ///
    /// @param nanoClock as [System#nanoTime]
    public Authenticator(
            UserDirectory users, PasswordHasher hasher, Limits limits, SecureRandom random, LongSupplier nanoClock) {
        this.users = users;
        this.hasher = hasher;
        this.limits = limits;
        this.nobody = hasher.ofNobody();
        this.free = new Semaphore(limits.atOnce(), true);
        this.failedAddresses = new RateLimiter<>(FAILED_MAX, nanoClock, random.nextLong());
        this.failedClaims = new RateLimiter<>(FAILED_MAX, nanoClock, random.nextLong());
        byte[] key = new byte[32];
        random.nextBytes(key);
        SecretKeySpec spec = new SecretKeySpec(key, ALGORITHM);
        this.macs = new Pool<>(() -> newMac(spec));
    }

    private static Mac newMac(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }

    /// The user, if this name and password were proven before. Cheap.
    public Optional<User> recall(Attempt attempt) {
        SecretBytes mac = mac(attempt);
        Optional<User> user = users.find(attempt.site(), attempt.name());
        Proof proof = proven.get(attempt.claim());
        return proof != null && proof.mac.equals(mac)
                ? user.filter(known -> known.login().equals(new Login.Password(proof.hash)))
                : Optional.empty();
    }

    /// Whether the password is the user's. Dear, unless it was proven before.
    public Verdict prove(Attempt attempt) {
        Optional<Verdict> cheap = withoutCheck(attempt);
        if (cheap.isPresent()) {
            return cheap.get();
        }
        try {
            return present.incrementAndGet() > limits.atOnce() + limits.waitingMax()
                    ? new Verdict.Busy()
                    : proveInTurn(attempt);
        } finally {
            present.decrementAndGet();
        }
    }

    private Verdict proveInTurn(Attempt attempt) {
        try {
            if (!free.tryAcquire(limits.patience().toNanos(), TimeUnit.NANOSECONDS)) {
                return new Verdict.Busy();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Verdict.Busy();
        }
        try {
            // Who waited before it may have settled the matter.
            return withoutCheck(attempt).orElseGet(() -> check(attempt));
        } finally {
            free.release();
        }
    }

    private Optional<Verdict> withoutCheck(Attempt attempt) {
        Optional<User> known = recall(attempt);
        if (known.isPresent()) {
            return Optional.of(new Verdict.Proven(known.get()));
        }
        long wait = Math.max(
                failedAddresses.wait(attempt.from(), limits.failuresOfAddress()),
                failedClaims.wait(attempt.claim(), limits.failuresOfUser()));
        return wait == 0 ? Optional.empty() : Optional.of(new Verdict.Wait(Duration.ofNanos(wait)));
    }

    private Verdict check(Attempt attempt) {
        Optional<PasswordHash> hash = users.find(attempt.site(), attempt.name())
                .map(User::login)
                .filter(Login.Password.class::isInstance)
                .map(login -> ((Login.Password) login).hash());
        if (hasher.matches(attempt.password(), hash.orElse(nobody)) && hash.isPresent()) {
            remember(attempt, hash.get());
            Optional<User> user = recall(attempt);
            if (user.isPresent()) {
                return new Verdict.Proven(user.get());
            }
            // The user was changed or removed just now: what it had counts no more.
        }
        failures.increment();
        failedAddresses.take(attempt.from(), limits.failuresOfAddress());
        failedClaims.take(attempt.claim(), limits.failuresOfUser());
        return new Verdict.Wrong();
    }

    private void remember(Attempt attempt, PasswordHash hash) {
        if (proven.size() >= PROVEN_MAX) {
            // Anyone's: it costs that user one more check.
            proven.keySet().stream().findAny().ifPresent(proven::remove);
        }
        proven.put(attempt.claim(), new Proof(hash, mac(attempt)));
    }

    private SecretBytes mac(Attempt attempt) {
        byte[] name = attempt.name().getBytes(StandardCharsets.UTF_8);
        Mac mac = macs.take();
        mac.update(ByteBuffer.allocate(8)
                .putInt(attempt.site().number())
                .putInt(name.length)
                .flip());
        mac.update(name);
        SecretBytes result = SecretBytes.owning(mac.doFinal(attempt.password().reveal()));
        macs.give(mac);
        return result;
    }

    /// How many logins have failed since the start.
    public long failures() {
        return failures.sum();
    }
}
