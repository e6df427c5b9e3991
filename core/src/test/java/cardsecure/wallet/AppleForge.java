package cardsecure.wallet;

import cardsecure.secret.SecretBytes;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSAttributeTableGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

/// Makes signatures that are like Apple's but for one thing. Every part can be changed before [#sign].
final class AppleForge {
    static final KeyPair ROOT_KEY = pair("EC", 256);
    static final KeyPair OTHER_KEY = pair("EC", 256);
    static final KeyPair INTERMEDIATE_KEY = pair("EC", 256);
    static final KeyPair LEAF_KEY = pair("EC", 256);
    static final KeyPair RSA_KEY = pair("RSA", 2048);
    static final KeyPair SHORT_KEY = pair("RSA", 1024);

    static final X509Certificate ROOT = new CertificateForge("root", ROOT_KEY, "root", ROOT_KEY)
            .authority(true)
            .make();

    /// What may be another than Apple has it.
    CertificateForge intermediate = new CertificateForge("intermediate", INTERMEDIATE_KEY, "root", ROOT_KEY)
            .authority(true)
            .mark(AppleChain.INTERMEDIATE_MARK);

    CertificateForge leaf =
            new CertificateForge("leaf", LEAF_KEY, "intermediate", INTERMEDIATE_KEY).mark(AppleChain.LEAF_MARK);
    List<CertificateForge> more = new ArrayList<>();
    boolean withLeaf = true;
    boolean withIntermediate = true;
    int signers = 1;
    boolean attributes = true;
    boolean encapsulated;
    String algorithm = "SHA256withECDSA";
    KeyPair signingKey = LEAF_KEY;
    Optional<CertificateForge> named = Optional.empty();
    List<Instant> signingTimes = List.of(TestWallets.NOW);

    /// What is done to the signed attributes before they are signed.
    UnaryOperator<AttributeTable> attributesChange = UnaryOperator.identity();

    /// Another algorithm's name than that of the signature.
    Optional<AlgorithmIdentifier> namedAlgorithm = Optional.empty();

    /// Whether the signer is named by a key identifier, instead of by issuer and serial number.
    boolean namedByKey;

    static KeyPair pair(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A certificate to be.
    static final class CertificateForge {
        private final String subject;
        private final KeyPair key;
        private final String issuer;
        private final KeyPair issuerKey;
        private boolean authority;
        private int usage;
        private String algorithm = "SHA256withECDSA";
        private final List<ASN1ObjectIdentifier> marks = new ArrayList<>();
        private Instant from = TestWallets.NOW.minus(Duration.ofDays(10));
        private Instant until = TestWallets.NOW.plus(Duration.ofDays(10));

        CertificateForge(String subject, KeyPair key, String issuer, KeyPair issuerKey) {
            this.subject = subject;
            this.key = key;
            this.issuer = issuer;
            this.issuerKey = issuerKey;
        }

        CertificateForge authority(boolean is) {
            authority = is;
            return this;
        }

        CertificateForge usage(int bits) {
            usage = bits;
            return this;
        }

        CertificateForge mark(ASN1ObjectIdentifier mark) {
            marks.add(mark);
            return this;
        }

        CertificateForge signedWith(String name) {
            algorithm = name;
            return this;
        }

        CertificateForge valid(Instant first, Instant last) {
            from = first;
            until = last;
            return this;
        }

        X509Certificate make() {
            try {
                JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                        new X500Principal("CN=" + issuer),
                        BigInteger.valueOf(System.identityHashCode(this) + 1L),
                        Date.from(from),
                        Date.from(until),
                        new X500Principal("CN=" + subject),
                        key.getPublic());
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
                if (usage != 0) {
                    builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
                }
                for (ASN1ObjectIdentifier mark : marks) {
                    builder.addExtension(mark, false, DERNull.INSTANCE);
                }
                return new JcaX509CertificateConverter()
                        .getCertificate(
                                builder.build(new JcaContentSignerBuilder(algorithm).build(issuerKey.getPrivate())));
            } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// The token with a signature as it was ordered.
    ApplePayToken sign(ApplePayToken token) {
        return withSignature(token, signature(token.signedContent()));
    }

    byte[] signature(byte[] content) {
        try {
            X509Certificate leafCertificate = leaf.make();
            List<X509Certificate> certificates = new ArrayList<>();
            if (withLeaf) {
                certificates.add(leafCertificate);
            }
            if (withIntermediate) {
                certificates.add(intermediate.make());
            }
            more.forEach(each -> certificates.add(each.make()));
            X509Certificate signer = named.map(CertificateForge::make).orElse(leafCertificate);
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            for (int i = 0; i < signers; i++) {
                JcaSignerInfoGeneratorBuilder builder =
                        new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build());
                if (attributes) {
                    builder.setSignedAttributeGenerator(signedAttributes());
                } else {
                    builder.setDirectSignature(true);
                }
                ContentSigner signs = signs();
                generator.addSignerInfoGenerator(
                        namedByKey ? builder.build(signs, new byte[20]) : builder.build(signs, signer));
            }
            generator.addCertificates(new JcaCertStore(certificates));
            return generator
                    .generate(new CMSProcessableByteArray(content), encapsulated)
                    .getEncoded();
        } catch (GeneralSecurityException | IOException | CMSException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private ContentSigner signs() throws OperatorCreationException {
        ContentSigner signs = new JcaContentSignerBuilder(algorithm).build(signingKey.getPrivate());
        return namedAlgorithm
                .<ContentSigner>map(name -> new Renamed(signs, name))
                .orElse(signs);
    }

    private record Renamed(ContentSigner signer, AlgorithmIdentifier name) implements ContentSigner {
        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return name;
        }

        @Override
        public OutputStream getOutputStream() {
            return signer.getOutputStream();
        }

        @Override
        public byte[] getSignature() {
            return signer.getSignature();
        }
    }

    /// An attribute in the place of those of its kind.
    static UnaryOperator<AttributeTable> with(Attribute... instead) {
        return table -> {
            ASN1EncodableVector all = table.remove(instead[0].getAttrType()).toASN1EncodableVector();
            for (Attribute each : instead) {
                all.add(each);
            }
            return new AttributeTable(all);
        };
    }

    private CMSAttributeTableGenerator signedAttributes() {
        return parameters -> {
            AttributeTable table = new DefaultSignedAttributeTableGenerator().getAttributes(parameters);
            ASN1EncodableVector all = table.remove(CMSAttributes.signingTime).toASN1EncodableVector();
            for (Instant each : signingTimes) {
                all.add(new Attribute(CMSAttributes.signingTime, new DERSet(new Time(Date.from(each)))));
            }
            return attributesChange.apply(new AttributeTable(all));
        };
    }

    static ApplePayToken withSignature(ApplePayToken token, byte[] signature) {
        return new ApplePayToken(
                token.version(),
                token.data(),
                SecretBytes.owning(signature),
                token.key(),
                token.transactionId(),
                token.applicationData(),
                token.publicKeyHash());
    }

    static ApplePayToken withoutHash(ApplePayToken token) {
        return withHash(token, null);
    }

    static ApplePayToken withHash(ApplePayToken token, @Nullable SecretBytes hash) {
        return new ApplePayToken(
                token.version(),
                token.data(),
                token.signature(),
                token.key(),
                token.transactionId(),
                token.applicationData(),
                Optional.ofNullable(hash));
    }

    static ApplePayToken withData(ApplePayToken token, SecretBytes data) {
        return new ApplePayToken(
                token.version(),
                data,
                token.signature(),
                token.key(),
                token.transactionId(),
                token.applicationData(),
                token.publicKeyHash());
    }

    static ApplePayToken withKey(ApplePayToken token, SecretBytes key) {
        return new ApplePayToken(
                token.version(),
                token.data(),
                token.signature(),
                key,
                token.transactionId(),
                token.applicationData(),
                token.publicKeyHash());
    }

    static ApplePayToken withTransaction(ApplePayToken token, SecretBytes transactionId) {
        return new ApplePayToken(
                token.version(),
                token.data(),
                token.signature(),
                token.key(),
                transactionId,
                token.applicationData(),
                token.publicKeyHash());
    }

    static ApplePayToken withApplicationData(ApplePayToken token, Optional<SecretBytes> hash) {
        return new ApplePayToken(
                token.version(),
                token.data(),
                token.signature(),
                token.key(),
                token.transactionId(),
                hash,
                token.publicKeyHash());
    }
}
