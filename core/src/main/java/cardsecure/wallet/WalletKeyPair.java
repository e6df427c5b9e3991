package cardsecure.wallet;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A key pair that a wallet encrypts for. Its private half does not leave this package.
public final class WalletKeyPair {
    private static final int RSA_BITS = 2048;

    /// The kinds of key.
    public enum Algorithm {
        /// Apple's EC_v1, and Google.
        EC_P256("EC", 'E'),
        /// Apple's RSA_v1, 2048 bits, as Apple has it in China.
        RSA_2048("RSA", 'R');

        private final String label;
        private final char letter;

        Algorithm(String label, char letter) {
            this.label = label;
            this.letter = letter;
        }

        /// The name, for people: `EC`, `RSA`.
        public String label() {
            return label;
        }

        char letter() {
            return letter;
        }

        static Optional<Algorithm> of(char letter) {
            return Arrays.stream(values()).filter(each -> each.letter == letter).findFirst();
        }
    }

    private final Algorithm algorithm;
    private final PrivateKey privateKey;
    private final PublicKey publicKey;

    private WalletKeyPair(Algorithm algorithm, PrivateKey privateKey, PublicKey publicKey) {
        this.algorithm = algorithm;
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /// A new key pair. One of RSA takes up to a second.
    public static WalletKeyPair generate(Algorithm algorithm, SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.label());
            switch (algorithm) {
                case EC_P256 -> generator.initialize(new ECGenParameterSpec(P256.NAME), random);
                case RSA_2048 -> generator.initialize(RSA_BITS, random);
            }
            return of(algorithm, generator.generateKeyPair().getPrivate());
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "wallet keys cannot be made", e);
        }
    }

    /// The key pair of a private key's bytes; its public half is computed.
    ///
    /// @param pkcs8 PKCS #8; of RSA with the primes
    /// @throws IllegalArgumentException for bytes that are no such key
    public static WalletKeyPair of(Algorithm algorithm, SecretBytes pkcs8) {
        try {
            KeyFactory factory = KeyFactory.getInstance(algorithm.label());
            return of(algorithm, factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8.reveal())));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("these bytes are no private key of " + algorithm.label(), e);
        }
    }

    private static WalletKeyPair of(Algorithm algorithm, PrivateKey key) throws GeneralSecurityException {
        return switch (key) {
            case ECPrivateKey ec -> new WalletKeyPair(algorithm, ec, P256.publicKeyOf(ec));
            case RSAPrivateCrtKey rsa
            when rsa.getModulus().bitLength() == RSA_BITS ->
                new WalletKeyPair(
                        algorithm,
                        rsa,
                        KeyFactory.getInstance("RSA")
                                .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent())));
            default -> throw new IllegalArgumentException("a private key of another kind or length");
        };
    }

    /// What kind of key it is.
    public Algorithm algorithm() {
        return algorithm;
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    /// The public half.
    public PublicKey publicKey() {
        return publicKey;
    }

    /// The public half as Google wants it: the point in Base64; none for a key of RSA.
    public Optional<String> publicPointText() {
        return publicKey instanceof ECPublicKey ec
                ? Optional.of(Texts.encoded(SecretBytes.owning(P256.point(ec))))
                : Optional.empty();
    }

    /// SHA-256 of the SubjectPublicKeyInfo: Apple's publicKeyHash.
    public SecretBytes publicKeyHash() {
        return SecretBytes.owning(Texts.sha256(publicKey.getEncoded()));
    }

    /// The key for the log: its kind, and the start of its public half's hash, as `cardsecure apple list` shows
    /// it.
    String name() {
        return "key " + algorithm.label() + " "
                + Texts.shortened(publicKeyHash().reveal());
    }

    /// Keys for the log.
    static String names(List<WalletKeyPair> pairs) {
        return pairs.stream().map(WalletKeyPair::name).collect(Collectors.joining(", "));
    }

    /// The public half as clients encrypt with it: X.509 SubjectPublicKeyInfo, Base64 on one line.
    public String publicKeyText() {
        return Texts.encoded(SecretBytes.owning(publicKey.getEncoded()));
    }

    /// The kind, and the start of the public key's hash.
    @Override
    public String toString() {
        return "WalletKeyPair[" + algorithm.label() + ", "
                + Texts.shortened(publicKeyHash().reveal()) + "]";
    }
}
