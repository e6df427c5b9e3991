package cardsecure.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// An authority of one's own, for development and tests: its certificate, and the key that signs others.
record CertificateAuthority(X509Certificate certificate, PrivateKey key) {
    private static final Period YEARS = Period.ofYears(10);
    private static final int SERIAL_BITS = 127;

    /// From when on a certificate made now is valid: before now, for clients whose clocks are slow.
    private static final Period ALREADY = Period.ofDays(1);

    /// What is issued: a certificate and its key.
    record Issued(X509Certificate certificate, PrivateKey key) {}

    /// What a certificate is good for.
    enum Use {
        SERVER,
        CLIENT;

        private ExtendedKeyUsage purpose() {
            return new ExtendedKeyUsage(
                    switch (this) {
                        case SERVER -> KeyPurposeId.id_kp_serverAuth;
                        case CLIENT -> KeyPurposeId.id_kp_clientAuth;
                    });
        }
    }

    /// A new authority, for ten years.
    static CertificateAuthority create(String name, Instant now) {
        KeyPair pair = ecPair();
        X500Principal principal = named(name);
        JcaX509v3CertificateBuilder builder = builder(principal, now, YEARS, principal, pair);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("no certificate could be made", e);
        }
        return new CertificateAuthority(signed(builder, pair.getPrivate()), pair.getPrivate());
    }

    /// A certificate for a new EC key.
    ///
    /// @param hosts names and addresses that it is for
    Issued issue(String name, List<String> hosts, Use use, Instant now, Period validity) {
        return issue(name, hosts, use, now, validity, ecPair());
    }

    /// A certificate for a key that there is.
    Issued issue(String name, List<String> hosts, Use use, Instant now, Period validity, KeyPair pair) {
        JcaX509v3CertificateBuilder builder =
                builder(certificate.getSubjectX500Principal(), now, validity, named(name), pair);
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, use.purpose());
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    extensions.createAuthorityKeyIdentifier(certificate.getPublicKey()));
            if (!hosts.isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, alternatives(hosts));
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("no certificate could be made", e);
        }
        return new Issued(signed(builder, key), pair.getPrivate());
    }

    private static GeneralNames alternatives(List<String> hosts) {
        List<ASN1Encodable> names = new ArrayList<>();
        for (String host : hosts) {
            names.add(new GeneralName(isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host));
        }
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private static boolean isAddress(String host) {
        try {
            return InetAddress.ofLiteral(host) != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Principal issuer, Instant now, Period validity, X500Principal subject, KeyPair pair) {
        Instant from = now.minus(ALREADY);
        Instant until = now.atZone(ZoneOffset.UTC).plus(validity).toInstant();
        BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE);
        return new JcaX509v3CertificateBuilder(
                issuer, serial, Date.from(from), Date.from(until), subject, pair.getPublic());
    }

    private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey key) {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("no certificate could be signed", e);
        }
    }

    private static KeyPair ecPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no P-256", e);
        }
    }

    private static X500Principal named(String name) {
        return new X500Principal("CN=" + name + ", O=CardSecure");
    }

    /// A certificate as PEM.
    static String pem(X509Certificate certificate) {
        return written(certificate);
    }

    /// A key as PEM, PKCS#8.
    static String pem(PrivateKey key) {
        try {
            return written(new JcaPKCS8Generator(key, null));
        } catch (IOException e) {
            throw new IllegalStateException("a key could not be written", e);
        }
    }

    private static String written(Object part) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(part);
        } catch (IOException e) {
            throw new IllegalStateException("a string could not be written to", e);
        }
        return text.toString();
    }
}
