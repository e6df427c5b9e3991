package cardsecure.vault;

import static cardsecure.TestCards.secret;

import cardsecure.limit.Rate;
import cardsecure.site.Right;
import cardsecure.site.Site;
import cardsecure.store.StoreException;
import cardsecure.user.Authenticator;
import cardsecure.user.CountingHasher;
import cardsecure.user.Login;
import cardsecure.user.User;
import cardsecure.user.UserDirectory;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// Users with cheap passwords, and a clock that stands until it is moved.
final class TestLogins {
    static final String PASSWORD = "correct horse battery";
    static final Authenticator.Limits LIMITS =
            new Authenticator.Limits(1, 2, Duration.ofSeconds(10), Rate.parse("6/m:3"), Rate.parse("12/m:5"));

    final CountingHasher hasher = new CountingHasher();
    final Authenticator authenticator;

    private final UserDirectory users;
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000);

    TestLogins(UserDirectory users) {
        this.users = users;
        this.authenticator = new Authenticator(users, hasher, LIMITS, new SecureRandom(), this::nanos);
    }

    long nanos() {
        return nanos.get();
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /// Adds a user with the usual password.
    void add(Site site, String name, Right... rights) throws StoreException {
        users.add(new User(site.id(), name, new Login.Password(hasher.hash(secret(PASSWORD))), Set.of(rights)));
    }
}
