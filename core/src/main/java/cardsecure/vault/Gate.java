package cardsecure.vault;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.limit.Rate;
import cardsecure.limit.RateLimiter;
import cardsecure.limit.Subnet;
import cardsecure.site.Right;
import cardsecure.site.Site;
import cardsecure.site.SiteId;
import cardsecure.user.Argon2id;
import cardsecure.user.Authenticator;
import cardsecure.user.Authenticator.Attempt;
import cardsecure.user.Authenticator.Verdict;
import cardsecure.user.PasswordHash;
import cardsecure.user.User;
import cardsecure.user.UserDirectory;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// Who may come in: how many at a time, from where, how often, and with which rights. Safe for threads.
public final class Gate {
    private static final int CALLERS_MAX = 65_536;
    private static final int SITES_MAX = 65_536;

    /// Who is held to a caller's rate.
    private sealed interface Visitor {
        /// An address of whose user nothing is known.
        record Somebody(SiteId site, Subnet address) implements Visitor {}

        /// A user, from wherever.
        record Known(SiteId site, String user) implements Visitor {}
    }

    /// What happened at the gate since the start, and what happens there now.
    ///
    /// @param inFlight requests that are worked on
    /// @param overloaded turned away because there were too many of them, or of logins
    /// @param overRate turned away because a site or a caller asked too often
    /// @param wrongAddress refused because of where they came from
    /// @param failedLogins names with wrong passwords
    public record Counts(int inFlight, long overloaded, long overRate, long wrongAddress, long failedLogins) {}

    private final UserDirectory users;
    private final Authenticator authenticator;
    private final RateLimiter<SiteId> siteRates;
    private final RateLimiter<Visitor> callerRates;
    private final int inFlightMax;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder overloaded = new LongAdder();
    private final LongAdder overRate = new LongAdder();
    private final LongAdder wrongAddress = new LongAdder();

    /// Takes its parts.
    ///
    /// @param inFlightMax requests that are worked on at a time, whatever front they came by
    /// @param nanoClock as [System#nanoTime]
    public Gate(
            UserDirectory users,
            Authenticator authenticator,
            int inFlightMax,
            SecureRandom random,
            LongSupplier nanoClock) {
        this.users = users;
        this.authenticator = authenticator;
        this.inFlightMax = inFlightMax;
        this.siteRates = new RateLimiter<>(SITES_MAX, nanoClock, random.nextLong());
        this.callerRates = new RateLimiter<>(CALLERS_MAX, nanoClock, random.nextLong());
    }

    /// A gate with the usual costs and limits of logins.
    ///
    /// @param inFlightMax requests that are worked on at a time, whatever front they came by
    public static Gate usual(UserDirectory users, int inFlightMax, SecureRandom random) {
        Authenticator authenticator = new Authenticator(
                users,
                new Argon2id(PasswordHash.Cost.USUAL, random),
                Authenticator.Limits.of(Runtime.getRuntime().availableProcessors()),
                random,
                System::nanoTime);
        return new Gate(users, authenticator, inFlightMax, random, System::nanoTime);
    }

    /// Lets one more request in; each that is in has to [#leave].
    ///
    /// @throws Denial if there are too many
    void enter() {
        if (inFlight.incrementAndGet() > inFlightMax) {
            inFlight.decrementAndGet();
            throw overload("too many requests are worked on");
        }
    }

    void leave() {
        inFlight.decrementAndGet();
    }

    /// What is asked of a caller before anything of its request is looked at.
    ///
    /// @return who it is, if that is known without work
    /// @throws Refusal `0047` for an address that the site does not allow
    /// @throws Denial if it, or the whole site, asks too often
    Optional<User> admit(Site site, Caller caller) {
        if (!site.addresses().isEmpty()
                && site.addresses().stream().noneMatch(range -> range.contains(caller.address()))) {
            wrongAddress.increment();
            throw new Refusal(ErrorCode.UNAUTHORIZED_HOST, "the site allows no callers from this address");
        }
        Optional<User> user = recall(site, caller);
        // A caller that asks too often does not use up what the others may ask.
        site.callerRate().ifPresent(rate -> {
            Visitor visitor = user.<Visitor>map(known -> new Visitor.Known(site.id(), known.name()))
                    .orElseGet(() -> new Visitor.Somebody(site.id(), Subnet.of(caller.address())));
            require(callerRates, visitor, rate, "the caller asks too often");
        });
        site.rate().ifPresent(rate -> require(siteRates, site.id(), rate, "the site's callers ask too often"));
        return user;
    }

    private <K> void require(RateLimiter<K> limiter, K key, Rate rate, String reason) {
        long wait = limiter.take(key, rate);
        if (wait > 0) {
            throw tooMany(Duration.ofNanos(wait), reason);
        }
    }

    private Optional<User> recall(Site site, Caller caller) {
        return switch (caller.credentials()) {
            case Credentials.None _ -> Optional.empty();
            case Credentials.Basic basic -> authenticator.recall(attempt(site, caller, basic));
            case Credentials.Certificate(var certificate) -> users.find(site.id(), certificate);
        };
    }

    /// Who a caller is that [#admit] did not know; nobody, if it showed nothing, or a certificate that is no user's.
    ///
    /// @throws Denial for wrong credentials, or too many
    Optional<User> identify(Site site, Caller caller) {
        return switch (caller.credentials()) {
            case Credentials.None _, Credentials.Certificate _ -> Optional.empty();
            case Credentials.Basic basic ->
                switch (authenticator.prove(attempt(site, caller, basic))) {
                    case Verdict.Proven(User user) -> Optional.of(user);
                    case Verdict.Wrong _ -> throw new Denial(new Denial.Kind.Credentials(), "wrong credentials");
                    case Verdict.Wait(Duration time) -> throw tooMany(time, "too many failed logins");
                    case Verdict.Busy _ -> throw overload("too many logins wait to be checked");
                };
        };
    }

    private static Attempt attempt(Site site, Caller caller, Credentials.Basic basic) {
        return new Attempt(site.id(), Subnet.of(caller.address()), basic.user(), basic.password());
    }

    /// Lets a caller do an action.
    ///
    /// @throws Refusal `0071` for one that may not decrypt, or over a connection that others can read
    /// @throws Denial for one that needs credentials, or better ones
    static void authorize(Site site, Caller caller, Optional<User> user, Action action) {
        Optional<Right> right = action.kind().right();
        if (right.isEmpty()) {
            return;
        }
        Right needed = right.get();
        boolean open = site.openRights().contains(needed) && caller.openRights().contains(needed);
        boolean granted =
                open || user.map(known -> known.rights().contains(needed)).orElse(false);
        if (!granted) {
            throw lacking(needed, caller, user);
        }
        if (needed == Right.DECRYPT && !caller.confidential()) {
            throw new Refusal(ErrorCode.UNAUTHORIZED_DECRYPT, "clear data leave by TLS or loopback only");
        }
    }

    private static RuntimeException lacking(Right needed, Caller caller, Optional<User> user) {
        String who = user.map(known -> "user " + known.name()).orElseGet(() -> switch (caller.credentials()) {
            case Credentials.None _, Credentials.Basic _ -> "a caller without credentials";
            case Credentials.Certificate _ -> "a caller whose certificate is no user's";
        });
        String reason = who + " has not the right to " + needed.label();
        return needed == Right.DECRYPT
                ? new Refusal(ErrorCode.UNAUTHORIZED_DECRYPT, reason)
                : new Denial(new Denial.Kind.Credentials(), reason);
    }

    private Denial tooMany(Duration wait, String reason) {
        overRate.increment();
        return new Denial(new Denial.Kind.TooMany(wait), reason);
    }

    /// A caller is turned away because of what others ask for.
    Denial overload(String reason) {
        overloaded.increment();
        return new Denial(new Denial.Kind.Overload(), reason);
    }

    /// What happened here.
    public Counts counts() {
        return new Counts(
                inFlight.get(), overloaded.sum(), overRate.sum(), wrongAddress.sum(), authenticator.failures());
    }
}
