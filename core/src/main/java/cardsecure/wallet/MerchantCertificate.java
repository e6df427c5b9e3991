package cardsecure.wallet;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/// A merchant's payment processing certificate, as Apple issues it for a certificate request (`apple_pay.cer`).
/// It is public; what is needed of it is the hash of the merchant identifier, and when it expires.
public final class MerchantCertificate {
    /// Where the certificate has the hash: 64 hex digits.
    private static final String MERCHANT_ID = "1.2.840.113635.100.6.32";

    static final ASN1ObjectIdentifier MERCHANT_ID_OID = new ASN1ObjectIdentifier(MERCHANT_ID);

    private static final String AUTHORITIES = "Apple Worldwide Developer Relations ";
    private static final int LENGTH_MAX = 16_384;
    private static final String HEADER = "-----BEGIN CERTIFICATE-----";
    private static final String FOOTER = "-----END CERTIFICATE-----";

    private final X509Certificate certificate;
    private final SecretBytes merchantIdHash;

    private MerchantCertificate(X509Certificate certificate, SecretBytes merchantIdHash) {
        this.certificate = certificate;
        this.merchantIdHash = merchantIdHash;
    }

    /// Reads a certificate. Whether Apple issued it is not proved ([#namesApple]): with one that it did not,
    /// nothing decrypts.
    ///
    /// @param file DER, or PEM
    /// @throws Refusal `0044` if it is none, or none for merchants
    public static MerchantCertificate parse(byte[] file) {
        try {
            X509Certificate certificate = AppleChain.certificate(der(file));
            byte[] extension = Optional.ofNullable(certificate.getExtensionValue(MERCHANT_ID))
                    .orElseThrow(
                            () -> bad("it has no merchant identifier, so it is no payment processing certificate"));
            return new MerchantCertificate(certificate, hash(extension));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException _) {
            throw bad("it is no certificate in DER or PEM, or is damaged");
        }
    }

    private static byte[] der(byte[] file) {
        if (file.length > LENGTH_MAX) {
            throw bad("it has " + file.length + " bytes");
        }
        String text = new String(file, StandardCharsets.ISO_8859_1);
        int start = text.indexOf(HEADER);
        if (start < 0) {
            return file;
        }
        int end = text.indexOf(FOOTER, start);
        if (end < 0) {
            throw bad("its PEM has no end");
        }
        return Base64.getMimeDecoder().decode(text.substring(start + HEADER.length(), end));
    }

    private static SecretBytes hash(byte[] extension) throws IOException {
        ASN1Primitive inner = ASN1Primitive.fromByteArray(
                ASN1OctetString.getInstance(extension).getOctets());
        if (inner instanceof ASN1String text && text.getString().length() == 2 * Texts.HASH_LENGTH) {
            return SecretBytes.owning(HexFormat.of().parseHex(text.getString()));
        }
        throw bad("its merchant identifier is not a hash");
    }

    private static Refusal bad(String why) {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, "the certificate cannot be imported: " + why);
    }

    /// The public key that it is for.
    public PublicKey publicKey() {
        return certificate.getPublicKey();
    }

    /// From then on Apple encrypts nothing for it.
    public Instant expires() {
        return certificate.getNotAfter().toInstant();
    }

    /// Whether the issuer bears the name of one of Apple's authorities for developers: "Apple Worldwide Developer
    /// Relations CA - G2" and its like (Apple, "Apple PKI"). That tells a mix-up, and proves nothing: the
    /// authority's own certificate does not come with this one, so its signature cannot be verified.
    public boolean namesApple() {
        X500Name issuer =
                X500Name.getInstance(certificate.getIssuerX500Principal().getEncoded());
        return only(issuer, BCStyle.O).equals("Apple Inc.")
                && only(issuer, BCStyle.CN).startsWith(AUTHORITIES);
    }

    private static String only(X500Name name, ASN1ObjectIdentifier type) {
        RDN[] found = name.getRDNs(type);
        return found.length == 1 ? IETFUtils.valueToString(found[0].getFirst().getValue()) : "";
    }

    /// Whether it was made to try something out, and Apple encrypts nothing for it.
    public boolean isSimulated() {
        return certificate.getIssuerX500Principal().equals(new X500Principal(ApplePaySimulator.INTERMEDIATE_NAME));
    }

    /// SHA-256 of the merchant identifier, in hex.
    public String merchantIdHashText() {
        return Texts.hex(merchantIdHash);
    }

    SecretBytes merchantIdHash() {
        return merchantIdHash;
    }

    byte[] encoded() {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MerchantCertificate that && certificate.equals(that.certificate);
    }

    @Override
    public int hashCode() {
        return certificate.hashCode();
    }

    /// The serial number, and the start of its SHA-256.
    @Override
    public String toString() {
        return Texts.nameOf(certificate);
    }
}
