package cardsecure.benchmarks;

import cardsecure.audit.ErrorIds;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.CallerCipher;
import cardsecure.crypto.Fingerprinter;
import cardsecure.crypto.SealedSettings;
import cardsecure.crypto.ShortLivedKeys;
import cardsecure.keys.KeyRing;
import cardsecure.rsa.RsaWorkers;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.site.SiteSetting;
import cardsecure.store.GroupCommit;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.StoreException;
import cardsecure.token.TokenGenerator;
import cardsecure.vault.Call;
import cardsecure.vault.Caller;
import cardsecure.vault.Credentials;
import cardsecure.vault.EncryptedData;
import cardsecure.vault.EncryptedSources;
import cardsecure.vault.Gate;
import cardsecure.vault.Reply;
import cardsecure.vault.ShortLivedData;
import cardsecure.vault.SiteDirectory;
import cardsecure.vault.SiteSelector;
import cardsecure.vault.Tokenizer;
import cardsecure.vault.Vault;
import cardsecure.wallet.WalletTrust;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/// Whole requests without a front, on a store in memory: what the vault itself allows. Many threads, because the
/// group commit gathers; `-t 1` shows what handing one request over costs.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Threads(32)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class VaultBenchmark {
    private static final Caller CALLER = new Caller(
            InetAddress.ofLiteral("127.0.0.1"), true, new SiteSelector.Named("bench"), new Credentials.None());
    private static final int QUEUE_MAX = 4096;
    private static final int BATCH_MAX = 512;

    private final MemoryTokenStore store = new MemoryTokenStore();
    private final GroupCommit commits = new GroupCommit(store, QUEUE_MAX, BATCH_MAX);
    private final Vault vault = vault();
    private final AtomicLong cards = new AtomicLong();
    private final Call.Decoded known = call("CE", Samples.digits(cards.getAndIncrement()));
    private final Call.Decoded token = call("CV", token(vault.handle(CALLER, known)));
    private final Call.Decoded binView = new Call.Decoded(Optional.of("CT"), token.data(), false);
    private final Call.Decoded echo = call("HI", "abcdefgh".getBytes(StandardCharsets.US_ASCII));

    /// For JMH.
    public VaultBenchmark() {}

    private Vault vault() {
        SecureRandom random = new SecureRandom();
        KeyRing ring = KeyRing.create(random, Instant.EPOCH);
        Barrier barrier = new Barrier(ring, SecureRandom::new);
        try {
            SealedSettings settings = new SealedSettings(store, barrier);
            SiteDirectory sites = new SiteDirectory(store, commits, settings);
            sites.add("bench", site -> SiteSetting.OPEN.set(site, "tokenize,verify,bin"));
            Tokenizer tokenizer = new Tokenizer(
                    store, commits, barrier, new Fingerprinter(ring.fingerprintKeys()), new TokenGenerator(random));
            Gate gate = Gate.usual(sites.users(), 10_000, new SecureRandom());
            EncryptedData encrypted =
                    new EncryptedData(sites.rsaKeys(), RsaWorkers.usual(), _ -> {}, InstantSource.system());
            CallerCipher cipher = new CallerCipher(ring, SecureRandom::new);
            return new Vault(
                    sites,
                    tokenizer,
                    new ShortLivedData(
                            store, commits, new ShortLivedKeys(settings, SecureRandom::new), InstantSource.system()),
                    EncryptedSources.of(sites, encrypted, WalletTrust::nobody, InstantSource.system(), true),
                    cipher,
                    gate,
                    InstantSource.system(),
                    _ -> {},
                    new ErrorIds(new SplittableRandom()));
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Call.Decoded call(String action, byte[] data) {
        return new Call.Decoded(Optional.of(action), Optional.of(SecretBytes.copyOf(data)), false);
    }

    private static byte[] token(Reply reply) {
        return switch (reply) {
            case Reply.Tokenized tokenized -> tokenized.token().bytes();
            case Reply.Told _,
                    Reply.Revealed _,
                    Reply.Encrypted _,
                    Reply.Decrypted _,
                    Reply.Refused _,
                    Reply.CredentialsNeeded _,
                    Reply.TooManyRequests _,
                    Reply.Overloaded _ -> throw new IllegalStateException("no token: " + reply);
        };
    }

    /// Fails early where a change to the vault would have it measure refusals.
    @Setup(Level.Trial)
    public void check() {
        for (Call call : new Call[] {known, token, binView, echo}) {
            if (vault.handle(CALLER, call) instanceof Reply.Refused refused) {
                throw new IllegalStateException("refused: " + refused);
            }
        }
    }

    /// Gives back what the last round took, or the heap would be measured in the end.
    @TearDown(Level.Iteration)
    public void forget() {
        if (cards.get() > 1) {
            store.destroyTokens(new SiteId(1));
        }
    }

    /// Ends the thread that writes.
    @TearDown(Level.Trial)
    public void close() {
        commits.close();
    }

    /// `CE` of a card that was never seen.
    @Benchmark
    public Reply tokenizeNew() {
        return vault.handle(CALLER, call("CE", Samples.digits(cards.getAndIncrement())));
    }

    /// `CE` of a card that is known.
    @Benchmark
    public Reply tokenizeKnown() {
        return vault.handle(CALLER, known);
    }

    /// `CV` of a token that is known.
    @Benchmark
    public Reply verify() {
        return vault.handle(CALLER, token);
    }

    /// `CT` of a token that is known.
    @Benchmark
    public Reply binView() {
        return vault.handle(CALLER, binView);
    }

    /// `HI`.
    @Benchmark
    public Reply echo() {
        return vault.handle(CALLER, echo);
    }
}
