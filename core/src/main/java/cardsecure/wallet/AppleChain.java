package cardsecure.wallet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;

/// The certificates of a token's signature: leaf, intermediate, and the root that is ours and never the
/// token's.
///
/// @param leaf whose key signed
/// @param intermediate that the root signed
record AppleChain(X509Certificate leaf, X509Certificate intermediate) {
    /// Marks who signs tokens; its value does not matter.
    static final ASN1ObjectIdentifier LEAF_MARK = new ASN1ObjectIdentifier("1.2.840.113635.100.6.29");
    /// Marks who certifies those who sign tokens.
    static final ASN1ObjectIdentifier INTERMEDIATE_MARK = new ASN1ObjectIdentifier("1.2.840.113635.100.6.2.14");

    private static final int CERTIFICATES_MAX = 8;
    private static final int RSA_BITS_MIN = 2048;
    private static final int DIGITAL_SIGNATURE = 0;

    /// ECDSA and RSA with SHA-256, SHA-384, SHA-512 (RFC 5758, RFC 4055).
    private static final Set<String> ALGORITHMS = Set.of(
            "1.2.840.10045.4.3.2",
            "1.2.840.10045.4.3.3",
            "1.2.840.10045.4.3.4",
            "1.2.840.113549.1.1.11",
            "1.2.840.113549.1.1.12",
            "1.2.840.113549.1.1.13");

    /// The chain among a signature's certificates.
    static AppleChain of(Collection<X509CertificateHolder> certificates) {
        if (certificates.size() > CERTIFICATES_MAX) {
            throw WalletStep.APPLE_CERTIFICATES.refusal(certificates.size() + " certificates");
        }
        return new AppleChain(
                marked(certificates, LEAF_MARK, "leaf"), marked(certificates, INTERMEDIATE_MARK, "intermediate"));
    }

    private static X509Certificate marked(
            Collection<X509CertificateHolder> certificates, ASN1ObjectIdentifier mark, String what) {
        List<X509CertificateHolder> found = new ArrayList<>();
        for (X509CertificateHolder certificate : certificates) {
            if (certificate.getExtension(mark) != null) {
                found.add(certificate);
            }
        }
        if (found.size() != 1) {
            throw WalletStep.APPLE_CERTIFICATES.refusal(
                    found.size() + " of " + certificates.size() + " certificates are marked as " + what);
        }
        try {
            return certificate(found.getFirst().getEncoded());
        } catch (IOException | GeneralSecurityException _) {
            throw WalletStep.APPLE_CERTIFICATES.refusal("the certificate that is marked as " + what + " is malformed");
        }
    }

    static X509Certificate certificate(byte[] encoded) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }

    /// Verifies that the root certified the intermediate, and it the leaf, and that both were valid at a moment
    /// (RFC 5280). Whether one was revoked is not asked: Apple's lists are not to be had without the Internet.
    void verify(X509Certificate root, Instant moment) {
        String path = "leaf " + Texts.nameOf(leaf) + ", intermediate " + Texts.nameOf(intermediate) + ", root "
                + Texts.nameOf(root);
        for (X509Certificate each : List.of(leaf, intermediate)) {
            if (!ALGORITHMS.contains(each.getSigAlgOID())) {
                throw WalletStep.APPLE_CHAIN.refusal("an algorithm that is not allowed signed " + Texts.nameOf(each));
            }
        }
        if (!Optional.ofNullable(leaf.getKeyUsage())
                .map(usage -> usage[DIGITAL_SIGNATURE])
                .orElse(true)) {
            throw WalletStep.APPLE_CHAIN.refusal("the key of " + Texts.nameOf(leaf) + " is not for signatures");
        }
        if (leaf.getPublicKey() instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < RSA_BITS_MIN) {
            throw WalletStep.APPLE_CHAIN.refusal("the RSA key of " + Texts.nameOf(leaf) + " is too short");
        }
        try {
            CertPath certificates =
                    CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf, intermediate));
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(moment));
            CertPathValidator.getInstance("PKIX").validate(certificates, parameters);
        } catch (GeneralSecurityException | RuntimeException _) {
            throw WalletStep.APPLE_CHAIN.refusal("no valid path at the signing time: " + path);
        }
    }
}
