package cardsecure.wallet;

import cardsecure.card.Pan;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Stands in for Apple while something is developed: makes tokens under a root of its own, which only who
/// trusts that root takes for real ones. Safe for threads.
public final class ApplePaySimulator {
    /// Who certifies merchants' keys in Apple's place.
    static final String INTERMEDIATE_NAME = "CN=Simulated intermediate for development";

    private static final Duration VALIDITY = Duration.ofDays(3650);
    private static final Duration MERCHANT_VALIDITY = Duration.ofDays(760);
    private static final int KEY_LENGTH = 16;
    private static final int TRANSACTION_LENGTH = 32;

    private final SecureRandom random;
    private final KeyPair intermediateKey;
    private final KeyPair leafKey;
    private final X509Certificate root;
    private final X509Certificate intermediate;
    private final X509Certificate leaf;

    /// Makes root, intermediate and leaf, all new.
    ///
    /// @param now they are valid from a day before, for ten years
    public ApplePaySimulator(SecureRandom random, Instant now) {
        this.random = random;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(P256.NAME), random);
            KeyPair rootKey = generator.generateKeyPair();
            this.intermediateKey = generator.generateKeyPair();
            this.leafKey = generator.generateKeyPair();
            X500Principal rootName = new X500Principal("CN=Simulated root for development");
            X500Principal intermediateName = new X500Principal(INTERMEDIATE_NAME);
            X500Principal leafName = new X500Principal("CN=Simulated leaf for development");
            this.root = certify(rootKey, rootName, rootKey.getPublic(), rootName, now, Optional.empty());
            this.intermediate = certify(
                    rootKey,
                    rootName,
                    intermediateKey.getPublic(),
                    intermediateName,
                    now,
                    Optional.of(AppleChain.INTERMEDIATE_MARK));
            this.leaf = certify(
                    intermediateKey,
                    intermediateName,
                    leafKey.getPublic(),
                    leafName,
                    now,
                    Optional.of(AppleChain.LEAF_MARK));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "certificates cannot be made", e);
        }
    }

    private X509Certificate certify(
            KeyPair issuerKey,
            X500Principal issuer,
            PublicKey key,
            X500Principal subject,
            Instant now,
            Optional<ASN1ObjectIdentifier> mark)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        Instant from = now.minus(Duration.ofDays(1));
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(63, random).add(BigInteger.ONE),
                Date.from(from),
                Date.from(from.plus(VALIDITY)),
                subject,
                key);
        boolean signsTokens = mark.equals(Optional.of(AppleChain.LEAF_MARK));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(!signsTokens));
        if (mark.isPresent()) {
            builder.addExtension(mark.get(), false, DERNull.INSTANCE);
        }
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey.getPrivate())));
    }

    /// The root that makes its tokens real ones: for [ApplePay].
    public X509Certificate root() {
        return root;
    }

    /// A certificate as Apple issues it for a merchant's key.
    ///
    /// @param merchantId the merchant identifier, `merchant.…`
    /// @param now it is valid from a day before, for 25 months
    public MerchantCertificate merchantCertificate(WalletKeyPair pair, String merchantId, Instant now) {
        Instant from = now.minus(Duration.ofDays(1));
        SecretBytes hash = SecretBytes.owning(Texts.sha256(merchantId.getBytes(StandardCharsets.UTF_8)));
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    intermediate.getSubjectX500Principal(),
                    new BigInteger(63, random).add(BigInteger.ONE),
                    Date.from(from),
                    Date.from(from.plus(MERCHANT_VALIDITY)),
                    new X500Principal("CN=Simulated merchant for development"),
                    pair.publicKey());
            builder.addExtension(MerchantCertificate.MERCHANT_ID_OID, false, new DERUTF8String(Texts.hex(hash)));
            return MerchantCertificate.parse(
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(intermediateKey.getPrivate()))
                            .getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "certificates cannot be made", e);
        }
    }

    /// A payload as Apple encrypts it.
    ///
    /// @param amount in the currency's smallest unit
    /// @param currency ISO 4217, three digits
    public SecretBytes payload(Pan pan, YearMonth expiry, long amount, String currency) {
        byte[] cryptogram = new byte[20];
        random.nextBytes(cryptogram);
        JsonText text = new JsonText();
        text.start();
        text.put("applicationPrimaryAccountNumber", pan.normalised());
        text.put(
                "applicationExpirationDate",
                String.format(
                        Locale.ROOT,
                        "%02d%02d%02d",
                        expiry.getYear() % 100,
                        expiry.getMonthValue(),
                        expiry.lengthOfMonth()));
        text.put("currencyCode", currency);
        text.put("transactionAmount", amount);
        text.put("deviceManufacturerIdentifier", "040010030273");
        text.put("paymentDataType", "3DSecure");
        text.start("paymentData");
        text.put("onlinePaymentCryptogram", Texts.encoded(SecretBytes.owning(cryptogram)));
        text.put("eciIndicator", "7");
        text.end();
        text.end();
        return text.finish();
    }

    /// A token for a merchant's key.
    ///
    /// @param payload what is encrypted, UTF-8
    /// @param applicationData a SHA-256, if the app is to have added something
    public ApplePayToken token(
            ApplePayKey key, SecretBytes payload, Instant signed, Optional<SecretBytes> applicationData) {
        byte[] transaction = new byte[TRANSACTION_LENGTH];
        random.nextBytes(transaction);
        Encrypted encrypted = switch (key.pair().algorithm()) {
            case EC_P256 -> agreed(key, payload);
            case RSA_2048 -> wrapped(key, payload);
        };
        return sign(
                new ApplePayToken(
                        encrypted.version(),
                        encrypted.data(),
                        SecretBytes.owning(new byte[0]),
                        encrypted.key(),
                        SecretBytes.owning(transaction),
                        applicationData,
                        Optional.of(key.pair().publicKeyHash())),
                signed);
    }

    private record Encrypted(ApplePayToken.Version version, SecretBytes key, SecretBytes data) {}

    private Encrypted agreed(ApplePayKey key, SecretBytes payload) {
        WalletKeyPair ephemeral = WalletKeyPair.generate(WalletKeyPair.Algorithm.EC_P256, random);
        byte[] shared = P256.agree(ephemeral.privateKey(), (java.security.interfaces.ECPublicKey)
                key.pair().publicKey());
        byte[] derived = AppleCipher.Agreed.derive(shared, key.merchantIdHash());
        return new Encrypted(
                ApplePayToken.Version.EC_V1,
                SecretBytes.owning(ephemeral.publicKey().getEncoded()),
                encrypt(derived, payload));
    }

    private Encrypted wrapped(ApplePayKey key, SecretBytes payload) {
        byte[] secret = new byte[KEY_LENGTH];
        random.nextBytes(secret);
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key.pair().publicKey(), AppleCipher.OAEP);
            return new Encrypted(
                    ApplePayToken.Version.RSA_V1, SecretBytes.owning(cipher.doFinal(secret)), encrypt(secret, payload));
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "RSA-OAEP is not to be had", e);
        }
    }

    private static SecretBytes encrypt(byte[] key, SecretBytes payload) {
        try {
            return SecretBytes.owning(
                    AppleCipher.newGcm(Cipher.ENCRYPT_MODE, key).doFinal(payload.reveal()));
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "AES-GCM is not to be had", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /// The same token, signed anew.
    ApplePayToken sign(ApplePayToken token, Instant signed) {
        try {
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            AttributeTable attributes = new AttributeTable(
                    new Attribute(CMSAttributes.signingTime, new DERSet(new Time(Date.from(signed)))));
            generator.addSignerInfoGenerator(new JcaSimpleSignerInfoGeneratorBuilder()
                    .setSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(attributes))
                    .build("SHA256withECDSA", leafKey.getPrivate(), leaf));
            generator.addCertificates(new JcaCertStore(List.of(leaf, intermediate)));
            byte[] signature = generator
                    .generate(new CMSProcessableByteArray(token.signedContent()), false)
                    .getEncoded();
            return new ApplePayToken(
                    token.version(),
                    token.data(),
                    SecretBytes.owning(signature),
                    token.key(),
                    token.transactionId(),
                    token.applicationData(),
                    token.publicKeyHash());
        } catch (GeneralSecurityException | IOException | CMSException | OperatorCreationException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "signatures cannot be made", e);
        }
    }
}
