package cardsecure.vault;

import static cardsecure.TestCards.secret;
import static cardsecure.TestCards.text;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.ErrorIds;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.CallerCipher;
import cardsecure.crypto.Fingerprinter;
import cardsecure.crypto.SealedSettings;
import cardsecure.crypto.ShortLivedKeys;
import cardsecure.keys.DataKeys;
import cardsecure.keys.KeyRing;
import cardsecure.rsa.RsaKey;
import cardsecure.rsa.RsaWorkers;
import cardsecure.site.Site;
import cardsecure.site.SiteSetting;
import cardsecure.store.GroupCommit;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import cardsecure.token.TokenGenerator;
import cardsecure.wallet.WalletTrust;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// A whole vault in memory with two sites that may do everything, and answers as clients see them.
final class TestVault implements AutoCloseable {
    static final String SITE = "fts";
    static final String OTHER = "other";
    static final int IN_FLIGHT_MAX = 300;
    static final Caller CALLER =
            new Caller(InetAddress.ofLiteral("192.0.2.1"), true, new SiteSelector.Named(SITE), new Credentials.None());

    final TokenStore store;
    final SiteDirectory sites;
    final List<AuditEvent> events = new CopyOnWriteArrayList<>();
    final TestLogins logins;
    final Gate gate;

    final EncryptedData encrypted;

    final ShortLivedData shortLived;

    final RsaWorkers workers = new RsaWorkers(1, 4, 5);

    /// What time it is there.
    final AtomicReference<Instant> time = new AtomicReference<>(Instant.parse("2014-01-01T00:00:01Z"));

    /// Whom it believes, in the name of Apple and Google.
    WalletTrust trust = WalletTrust.nobody();

    private final GroupCommit commits;
    private final CallerCipher cipher;
    private final Vault vault;
    private KeyRing ring = KeyRing.create(new Random(1), Instant.EPOCH);

    TestVault() throws StoreException {
        this(new MemoryTokenStore(), new SecureRandom());
    }

    /// A vault on a store of its own, with another source of tokens.
    TestVault(TokenStore store, RandomGenerator tokens) throws StoreException {
        this(store, tokens, 1000);
    }

    /// The same, with room for so many writes that wait.
    TestVault(TokenStore store, RandomGenerator tokens, int queueMax) throws StoreException {
        this(store, tokens, queueMax, new LooksNowAndThen());
    }

    /// The same, which knows how many data are known.
    TestVault(TokenStore store, RandomGenerator tokens, int queueMax, KnownShare knownShare) throws StoreException {
        Barrier barrier = new Barrier(ring, SecureRandom::new);
        this.store = store;
        this.commits = new GroupCommit(store, queueMax, 100);
        SealedSettings settings = new SealedSettings(store, barrier);
        this.sites = new SiteDirectory(store, commits, settings);
        if (sites.all().isEmpty()) {
            sites.add(SITE, TestVault::everythingOn);
            sites.add(OTHER, TestVault::everythingOn);
        }
        Fingerprinter fingerprinter = new Fingerprinter(ring.fingerprintKeys());
        Tokenizer tokenizer =
                new Tokenizer(store, commits, barrier, fingerprinter, new TokenGenerator(tokens), knownShare);
        this.logins = new TestLogins(sites.users());
        this.gate = new Gate(sites.users(), logins.authenticator, IN_FLIGHT_MAX, new SecureRandom(), logins::nanos);
        this.encrypted = new EncryptedData(sites.rsaKeys(), workers, events::add, () -> Instant.EPOCH);
        this.cipher = new CallerCipher(ring, SecureRandom::new);
        this.shortLived =
                new ShortLivedData(store, commits, new ShortLivedKeys(settings, SecureRandom::new), time::get);
        this.vault = new Vault(
                sites,
                tokenizer,
                shortLived,
                EncryptedSources.of(sites, encrypted, () -> trust, time::get, true),
                cipher,
                gate,
                time::get,
                events::add,
                new ErrorIds(new Random(1)));
    }

    /// A vault that looks for what comes before it inserts it.
    static TestVault thatLooks(TokenStore store) throws StoreException {
        return new TestVault(store, new SecureRandom(), 1000, new KnownShare());
    }

    private static Site everythingOn(Site site) {
        Site allDomains = SiteSetting.DOMAINS.set(site, "C,A,P,S");
        return SiteSetting.OPEN.set(allDomains, "tokenize,verify,purge,bin,encrypt,decrypt");
    }

    /// Changes a setting of the first site.
    void set(SiteSetting setting, String value) throws StoreException {
        UnaryOperator<Site> change = site -> setting.set(site, value);
        sites.change(SITE, change);
    }

    /// Changes the keys for callers, in use at once.
    void changeCallerKeys(UnaryOperator<DataKeys> change) {
        ring = ring.withCallerKeys(change);
        cipher.follow(ring);
    }

    Reply handle(Caller caller, Call call) {
        return vault.handle(caller, call);
    }

    /// The answer of the first site, as [#shown].
    String answer(String action, String data) {
        return answer(SITE, action, data);
    }

    String answer(String site, String action, String data) {
        Caller caller = new Caller(
                InetAddress.ofLiteral("192.0.2.1"), true, new SiteSelector.Named(site), new Credentials.None());
        return shown(handle(caller, new Call.Decoded(Optional.of(action), Optional.of(secret(data)), false)));
    }

    String answerUnique(String action, String data) {
        return shown(handle(CALLER, new Call.Decoded(Optional.of(action), Optional.of(secret(data)), true)));
    }

    /// What so many calls at once are answered.
    Set<String> answersAtOnce(int calls, String action, String data) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> all = Collections.nCopies(calls, () -> answer(action, data));
            Set<String> answers = new HashSet<>();
            for (Future<String> call : threads.invokeAll(all)) {
                answers.add(call.get());
            }
            return answers;
        }
    }

    String answerWithKey(String action, String data, String keyId) {
        Parameters parameters = Parameters.none().withKeyId(keyId);
        return shown(handle(CALLER, new Call.Decoded(Optional.of(action), Optional.of(secret(data)), parameters)));
    }

    /// Gives a site one more RSA key.
    void addRsaKey(String site, RsaKey key) throws StoreException {
        sites.rsaKeys().add(sites.named(site).orElseThrow().id(), key);
    }

    /// The data of a reply as text, or the error as it goes over the wire.
    static String shown(Reply reply) {
        return switch (reply) {
            case Reply.Tokenized tokenized -> tokenized.token().text();
            case Reply.Told told -> told.text();
            case Reply.Revealed revealed -> text(revealed.data());
            case Reply.Encrypted encrypted -> encrypted.ciphertext();
            case Reply.Decrypted decrypted -> text(decrypted.data());
            case Reply.Refused refused -> refused.code().wire();
            case Reply.CredentialsNeeded _ -> "credentials needed";
            case Reply.TooManyRequests _ -> "too many requests";
            case Reply.Overloaded _ -> "overloaded";
        };
    }

    @Override
    public void close() {
        workers.close();
        commits.close();
        store.close();
    }
}
