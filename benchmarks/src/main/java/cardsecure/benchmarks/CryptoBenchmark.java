package cardsecure.benchmarks;

import cardsecure.card.Domain;
import cardsecure.card.Pan;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.Binding;
import cardsecure.crypto.CallerCipher;
import cardsecure.crypto.CallerCiphertext;
import cardsecure.crypto.Fingerprinter;
import cardsecure.keys.KeyRing;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.Fingerprint;
import cardsecure.store.SealedData;
import cardsecure.store.TokenPlace;
import cardsecure.token.Token;
import cardsecure.token.TokenFormat;
import cardsecure.token.TokenGenerator;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What each new card costs in cryptography: one fingerprint, one token, one seal; and what a known one costs: one
/// fingerprint, one opening.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CryptoBenchmark {
    private static final SiteId SITE = new SiteId(1);

    private final SecureRandom random = new SecureRandom();
    private final KeyRing ring = KeyRing.create(random, Instant.EPOCH);
    private final Barrier barrier = new Barrier(ring, SecureRandom::new);
    private final CallerCipher callerCipher = new CallerCipher(ring, SecureRandom::new);
    private final Fingerprinter fingerprinter = new Fingerprinter(ring.fingerprintKeys());
    private final TokenGenerator generator = new TokenGenerator(random);
    private final TokenFormat numeric = new TokenFormat.Numeric();
    private final Pan pan = Samples.pan(123_456_789);
    private final Binding binding =
            new Binding.Row(new TokenPlace(SITE, Domain.CARD, generator.draw(numeric, pan.visibleDigits())));
    private final SealedData sealed = barrier.seal(binding, pan.normalised());
    private final SecretBytes ciphertext =
            SecretBytes.copyOf(callerCipher.encrypt(SITE, pan).text().getBytes(StandardCharsets.US_ASCII));

    /// For JMH.
    public CryptoBenchmark() {}

    /// [Barrier#seal].
    @Benchmark
    public SealedData seal() {
        return barrier.seal(binding, pan.normalised());
    }

    /// [Barrier#open].
    @Benchmark
    public SecretBytes open() {
        return barrier.open(binding, sealed);
    }

    /// [CallerCipher#encrypt], as text.
    @Benchmark
    public String encryptForCaller() {
        return callerCipher.encrypt(SITE, pan).text();
    }

    /// [CallerCipher#decrypt], of text.
    @Benchmark
    public Pan decryptForCaller() {
        return callerCipher.decrypt(SITE, CallerCiphertext.parse(ciphertext));
    }

    /// [Fingerprinter#candidates].
    @Benchmark
    public List<Fingerprint> fingerprint() {
        return fingerprinter.candidates(SITE, pan);
    }

    /// [TokenGenerator#draw], numeric, from the generator that the server has.
    @Benchmark
    public Token drawNumeric() {
        return generator.draw(numeric, pan.visibleDigits());
    }
}
