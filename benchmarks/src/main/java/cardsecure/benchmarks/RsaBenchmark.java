package cardsecure.benchmarks;

import cardsecure.crypto.Barrier;
import cardsecure.crypto.SealedSettings;
import cardsecure.keys.KeyRing;
import cardsecure.rsa.RsaKey;
import cardsecure.rsa.RsaKeyDirectory;
import cardsecure.rsa.RsaPadding;
import cardsecure.rsa.SiteRsaKeys;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.StoreException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What a decryption with 2,048 bits costs, one thread: the JDK's bare operation, and ours around it.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class RsaBenchmark {
    private static final OAEPParameterSpec OAEP =
            new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

    private final SecureRandom random = new SecureRandom();
    private final RsaKeyDirectory keys = directory();
    private final SiteRsaKeys pkcs1 = site(1, RsaPadding.PKCS1);
    private final SiteRsaKeys oaep = site(2, RsaPadding.OAEP_SHA256);
    private final SecretBytes forPkcs1 = encrypted(pkcs1);
    private final SecretBytes forOaep = encrypted(oaep);
    private final KeyPair bareKey = keyPair();
    private final Cipher bareCipher = bareCipher();
    private final byte[] forBare = forPkcs1.reveal().clone();

    /// For JMH.
    public RsaBenchmark() {
        // Under any modulus of this length.
        forBare[0] = 1;
    }

    private RsaKeyDirectory directory() {
        try {
            KeyRing ring = KeyRing.create(random, Instant.EPOCH);
            return new RsaKeyDirectory(
                    new SealedSettings(new MemoryTokenStore(), new Barrier(ring, SecureRandom::new)));
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    private SiteRsaKeys site(int number, RsaPadding padding) {
        try {
            keys.add(new SiteId(number), RsaKey.generate(2048, padding, Instant.EPOCH, random));
            return keys.of(new SiteId(number));
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SecretBytes encrypted(SiteRsaKeys keys) {
        try {
            RsaKey key = keys.all().getFirst();
            Cipher cipher = Cipher.getInstance(
                    key.padding() == RsaPadding.PKCS1 ? "RSA/ECB/PKCS1Padding" : "RSA/ECB/OAEPPadding");
            if (key.padding() == RsaPadding.PKCS1) {
                cipher.init(Cipher.ENCRYPT_MODE, key.publicKey());
            } else {
                cipher.init(Cipher.ENCRYPT_MODE, key.publicKey(), OAEP);
            }
            return SecretBytes.owning(cipher.doFinal(Samples.digits(1)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048, random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Cipher bareCipher() {
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, bareKey.getPrivate());
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The private key operation of the JDK, without any padding.
    @Benchmark
    public byte[] bare() throws GeneralSecurityException {
        return bareCipher.doFinal(forBare);
    }

    /// PKCS #1 v1.5 with implicit rejection.
    @Benchmark
    public Optional<SecretBytes> pkcs1() {
        return pkcs1.decrypt(forPkcs1, Optional::of);
    }

    /// OAEP.
    @Benchmark
    public Optional<SecretBytes> oaep() {
        return oaep.decrypt(forOaep, Optional::of);
    }
}
