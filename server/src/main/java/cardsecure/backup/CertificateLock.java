package cardsecure.backup;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSAuthEnvelopedData;
import org.bouncycastle.cms.CMSAuthEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.Recipient;
import org.bouncycastle.cms.RecipientInfoGenerator;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyTransAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.bouncycastle.operator.jcajce.JcaAlgorithmParametersConverter;

/// Encrypts a backup for the holder of a certificate's key, as CMS AuthEnvelopedData (RFC 5083):
/// AES-256-GCM, its key by RSA-OAEP with SHA-256 or by ECDH. `openssl cms -decrypt` opens it as well.
public final class CertificateLock implements BackupLock {
    private static final int RSA_BITS_MIN = 2048;
    private static final int EC_BITS_MIN = 256;
    private static final int KEY_ENCIPHERMENT = 2;
    private static final int KEY_AGREEMENT = 4;
    private static final int SUBJECT_MAX = 200;

    /// For what the JDK has not: CMS names its key agreement by algorithms that only this provider knows.
    private static final Provider PROVIDER = new BouncyCastleProvider();

    private final X509Certificate certificate;

    private CertificateLock(X509Certificate certificate) {
        this.certificate = certificate;
    }

    /// For the first certificate of a PEM file.
    ///
    /// @throws Refusal `0044` if there is none that is fit
    public static CertificateLock of(String pem, Instant now) {
        X509Certificate certificate;
        try {
            certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
        } catch (CertificateException e) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "the certificate is none: it is a PEM file's first", e);
        }
        if (certificate == null) {
            throw BackupLock.unfit("the certificate's file has none: it has -----BEGIN CERTIFICATE-----");
        }
        boolean rsa = certificate.getPublicKey() instanceof RSAPublicKey key
                && key.getModulus().bitLength() >= RSA_BITS_MIN;
        boolean ec = certificate.getPublicKey() instanceof ECPublicKey key
                && key.getParams().getOrder().bitLength() >= EC_BITS_MIN;
        if (!rsa && !ec) {
            throw BackupLock.unfit("the certificate's key is not fit: RSA from 2048 bits, or EC from 256 bits");
        }
        boolean[] usage = certificate.getKeyUsage();
        if (usage != null && !usage[rsa ? KEY_ENCIPHERMENT : KEY_AGREEMENT]) {
            throw BackupLock.unfit("the certificate is not for " + (rsa ? "keyEncipherment" : "keyAgreement")
                    + ", its key usage says: have one issued that is");
        }
        if (certificate.getNotAfter().toInstant().isBefore(now)) {
            throw BackupLock.unfit("the certificate has expired: name one that is good");
        }
        return new CertificateLock(certificate);
    }

    @Override
    public String name() {
        String subject = certificate.getSubjectX500Principal().getName().replaceAll("[^\\x20-\\x7E]", "?");
        String shown = subject.length() <= SUBJECT_MAX ? subject : subject.substring(0, SUBJECT_MAX);
        return ("certificate " + sha256() + " " + shown).strip();
    }

    private String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "the certificate cannot be encoded", e);
        }
    }

    @Override
    public String label() {
        return CMS;
    }

    @Override
    public byte[] seal(SecretBytes content) {
        try {
            CMSAuthEnvelopedDataGenerator generator = new CMSAuthEnvelopedDataGenerator();
            generator.addRecipientInfoGenerator(recipient());
            OutputAEADEncryptor encryptor =
                    (OutputAEADEncryptor) new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_GCM)
                            .setProvider(PROVIDER)
                            .build();
            return generator
                    .generate(new CMSProcessableByteArray(content.reveal()), encryptor)
                    .getEncoded();
        } catch (CMSException | GeneralSecurityException | IOException e) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "the backup cannot be encrypted for this certificate", e);
        }
    }

    private RecipientInfoGenerator recipient() throws GeneralSecurityException {
        if (certificate.getPublicKey() instanceof ECPublicKey key) {
            KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC", PROVIDER);
            pairs.initialize(key.getParams());
            KeyPair once = pairs.generateKeyPair();
            return new JceKeyAgreeRecipientInfoGenerator(
                            CMSAlgorithm.ECDH_SHA256KDF, once.getPrivate(), once.getPublic(), CMSAlgorithm.AES256_WRAP)
                    .addRecipient(certificate)
                    .setProvider(PROVIDER);
        }
        AlgorithmIdentifier oaep = new JcaAlgorithmParametersConverter()
                .getAlgorithmIdentifier(
                        PKCSObjectIdentifiers.id_RSAES_OAEP,
                        new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
        return new JceKeyTransRecipientInfoGenerator(certificate, oaep).setProvider(PROVIDER);
    }

    /// Opens by a certificate's private key.
    public static BackupUnlock unlock(PrivateKey key) {
        return (_, bytes) -> {
            try {
                for (RecipientInformation each : new CMSAuthEnvelopedData(bytes).getRecipientInfos()) {
                    return SecretBytes.owning(each.getContent(opener(key)));
                }
                throw new CMSException("no recipient");
            } catch (CMSException | RuntimeException e) {
                // Whatever the library stumbles over in bytes that may be anybody's.
                throw new Refusal(
                        ErrorCode.KEYSTORE_IMPORT_FAILURE,
                        "the key backup does not open: wrong key, or a damaged file",
                        e);
            }
        };
    }

    private static Recipient opener(PrivateKey key) {
        return key.getAlgorithm().startsWith("EC")
                ? new JceKeyAgreeAuthEnvelopedRecipient(key).setProvider(PROVIDER)
                : new JceKeyTransAuthEnvelopedRecipient(key).setProvider(PROVIDER);
    }
}
