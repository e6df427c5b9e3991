package cardsecure.wallet;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.jspecify.annotations.Nullable;

/// Apple's signature of a token (CMS, RFC 5652), all of it public: no key of a site is used here.
final class AppleSignature {
    /// ECDSA for EC_v1, RSA for RSA_v1, by either of the names that CMS has for it. SHA-1 is in none.
    private static final Set<ASN1ObjectIdentifier> ALGORITHMS = Set.of(
            X9ObjectIdentifiers.ecdsa_with_SHA256,
            PKCSObjectIdentifiers.sha256WithRSAEncryption,
            PKCSObjectIdentifiers.rsaEncryption);

    private final CMSSignedData cms;
    private final byte[] content;

    private AppleSignature(CMSSignedData cms, byte[] content) {
        this.cms = cms;
        this.content = content;
    }

    /// What a signature says.
    ///
    /// @param time when it was made
    /// @param leaf whose key made it
    record Signed(Instant time, X509Certificate leaf) {}

    /// Verifies a token's signature.
    ///
    /// @return when it was signed, and by whom
    static Signed verify(ApplePayToken token, X509Certificate root) {
        byte[] content = token.signedContent();
        return new AppleSignature(read(token.signature().reveal(), content), content).verify(root);
    }

    private static CMSSignedData read(byte[] encoded, byte[] content) {
        try {
            ContentInfo info = ContentInfo.getInstance(ASN1Primitive.fromByteArray(encoded));
            if (!CMSObjectIdentifiers.signedData.equals(info.getContentType())) {
                throw WalletStep.APPLE_CMS.refusal("a CMS structure of another type than signed data");
            }
            ContentInfo signed = SignedData.getInstance(info.getContent()).getEncapContentInfo();
            if (!CMSObjectIdentifiers.data.equals(signed.getContentType()) || signed.getContent() != null) {
                throw WalletStep.APPLE_CMS.refusal("the signature is not detached, or of another type than data");
            }
            return new CMSSignedData(new CMSProcessableByteArray(content), info);
        } catch (cardsecure.error.Refusal e) {
            throw e;
        } catch (IOException | CMSException | RuntimeException _) {
            throw WalletStep.APPLE_CMS.refusal("the signature is no CMS, of " + encoded.length + " bytes");
        }
    }

    private Signed verify(X509Certificate root) {
        SignerInformation signer = onlySigner();
        AppleChain chain = AppleChain.of(certificates());
        requireAlgorithms(signer, chain.leaf());
        Instant signed = signingTime(signer, chain.leaf());
        chain.verify(root, signed);
        requireSigner(signer, chain.leaf());
        requireContent(signer, chain.leaf());
        requireSignature(signer, chain.leaf());
        return new Signed(signed, chain.leaf());
    }

    private SignerInformation onlySigner() {
        Collection<SignerInformation> signers;
        try {
            signers = cms.getSignerInfos().getSigners();
        } catch (RuntimeException _) {
            throw WalletStep.APPLE_CMS.refusal("the signers are malformed");
        }
        if (signers.size() != 1) {
            throw WalletStep.APPLE_SIGNERS.refusal(signers.size() + " signers");
        }
        return signers.iterator().next();
    }

    private Collection<org.bouncycastle.cert.X509CertificateHolder> certificates() {
        try {
            return cms.getCertificates().getMatches(null);
        } catch (RuntimeException _) {
            throw WalletStep.APPLE_CERTIFICATES.refusal("the certificates are malformed");
        }
    }

    private static void requireAlgorithms(SignerInformation signer, X509Certificate leaf) {
        boolean allowed = NISTObjectIdentifiers.id_sha256.equals(
                        signer.getDigestAlgorithmID().getAlgorithm())
                && ALGORITHMS.contains(
                        signer.toASN1Structure().getDigestEncryptionAlgorithm().getAlgorithm());
        if (!allowed) {
            throw WalletStep.APPLE_ALGORITHM.refusal("neither ECDSA nor RSA with SHA-256; by " + Texts.nameOf(leaf));
        }
    }

    private static Instant signingTime(SignerInformation signer, X509Certificate leaf) {
        try {
            ASN1Encodable time = onlyValue(signer, CMSAttributes.signingTime);
            if (time != null) {
                return Time.getInstance(time).getDate().toInstant();
            }
        } catch (RuntimeException _) {
            // A time that is none.
        }
        throw WalletStep.APPLE_SIGNING_TIME.refusal("there is not exactly one signing time; by " + Texts.nameOf(leaf));
    }

    /// The value of a signed attribute that stands there once and has one.
    private static @Nullable ASN1Encodable onlyValue(SignerInformation signer, ASN1ObjectIdentifier type) {
        @Nullable AttributeTable attributes = signer.getSignedAttributes();
        if (attributes == null) {
            return null;
        }
        ASN1EncodableVector all = attributes.getAll(type);
        if (all.size() != 1) {
            return null;
        }
        ASN1Encodable[] values = Attribute.getInstance(all.get(0)).getAttributeValues();
        return values.length == 1 ? values[0] : null;
    }

    private static void requireSigner(SignerInformation signer, X509Certificate leaf) {
        try {
            if (signer.getSID().match(new JcaX509CertificateHolder(leaf))) {
                return;
            }
        } catch (GeneralSecurityException | RuntimeException _) {
            // Then it is not the one.
        }
        throw WalletStep.APPLE_SIGNER.refusal("the signer is another than the leaf " + Texts.nameOf(leaf));
    }

    private void requireContent(SignerInformation signer, X509Certificate leaf) {
        try {
            boolean data = CMSObjectIdentifiers.data.equals(onlyValue(signer, CMSAttributes.contentType));
            ASN1Encodable digest = onlyValue(signer, CMSAttributes.messageDigest);
            boolean same = digest != null
                    && MessageDigest.isEqual(ASN1OctetString.getInstance(digest).getOctets(), Texts.sha256(content));
            if (data && same) {
                return;
            }
        } catch (RuntimeException _) {
            // Attributes that are none.
        }
        throw WalletStep.APPLE_CONTENT.refusal("the signature of " + Texts.nameOf(leaf) + " is over something else");
    }

    private static void requireSignature(SignerInformation signer, X509Certificate leaf) {
        try {
            if (signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(leaf))) {
                return;
            }
        } catch (CMSException | OperatorCreationException | RuntimeException _) {
            // Malformed is as wrong as wrong.
        }
        throw WalletStep.APPLE_SIGNATURE.refusal("the signature is not that of " + Texts.nameOf(leaf));
    }
}
