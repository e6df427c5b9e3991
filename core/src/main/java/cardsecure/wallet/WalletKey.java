package cardsecure.wallet;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/// A wallet's key pair of a site, and what can be said of it.
///
/// @param number counted from 1 in each site and wallet, and never given again; 0 before the key is a site's
/// @param created when it was made
/// @param certificate Apple's for it, when it was imported
public record WalletKey(int number, WalletKeyPair pair, Instant created, Optional<MerchantCertificate> certificate) {
    private static final int PEM_LINE = 64;

    /// A key that no site has yet.
    public static WalletKey of(WalletKeyPair pair, Instant created) {
        return new WalletKey(0, pair, created, Optional.empty());
    }

    WalletKey numbered(int newNumber) {
        return new WalletKey(newNumber, pair, created, certificate);
    }

    WalletKey certified(MerchantCertificate imported) {
        return new WalletKey(number, pair, created, Optional.of(imported));
    }

    /// Where the key stands.
    public State state(Instant now) {
        return certificate
                .map(imported -> now.isBefore(imported.expires()) ? State.CERTIFIED : State.EXPIRED)
                .orElse(State.WITHOUT_CERTIFICATE);
    }

    /// Where a key stands.
    public enum State {
        /// Made; for Apple Pay nothing can be decrypted with it yet, for Google Pay nothing is missing.
        WITHOUT_CERTIFICATE,
        /// Its certificate was imported and is valid.
        CERTIFIED,
        /// Its certificate has expired. It goes on decrypting what was encrypted before.
        EXPIRED
    }

    /// The key as it is used for Apple Pay; none without a certificate.
    public Optional<ApplePayKey> applePay() {
        return certificate.map(imported -> new ApplePayKey(pair, imported.merchantIdHash()));
    }

    /// The SHA-256 of the public half (SubjectPublicKeyInfo), in hex.
    public String sha256() {
        return Texts.hex(pair.publicKeyHash());
    }

    /// A request for a certificate (PKCS #10, RFC 2986), PEM, to upload at Apple's.
    ///
    /// @param name of whom, in the subject; Apple puts its own there
    public String certificateRequest(String name) {
        try {
            byte[] request = new JcaPKCS10CertificationRequestBuilder(
                            new X500Principal("CN=" + quoted(name)), pair.publicKey())
                    .build(new JcaContentSignerBuilder(
                                    switch (pair.algorithm()) {
                                        case EC_P256 -> "SHA256withECDSA";
                                        case RSA_2048 -> "SHA256withRSA";
                                    })
                            .build(pair.privateKey()))
                    .getEncoded();
            return "-----BEGIN CERTIFICATE REQUEST-----\n"
                    + Base64.getMimeEncoder(PEM_LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                            .encodeToString(request)
                    + "\n-----END CERTIFICATE REQUEST-----\n";
        } catch (IOException | OperatorCreationException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "certificate requests cannot be made", e);
        }
    }

    /// A value of a name (RFC 4514), whatever stands in it.
    private static String quoted(String name) {
        return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
