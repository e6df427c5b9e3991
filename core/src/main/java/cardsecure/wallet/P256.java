package cardsecure.wallet;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.KeyAgreement;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.crypto.ec.CustomNamedCurves;

/// The curve P-256 (NIST SP 800-186, secp256r1), as both wallets use it.
final class P256 {
    static final String NAME = "secp256r1";

    /// Bytes of a point: `04 | x (32) | y (32)` (SEC 1, 2.3.3).
    static final int POINT_LENGTH = 65;

    private static final int COORDINATE_LENGTH = 32;

    /// What stands before the point in a SubjectPublicKeyInfo (RFC 5480).
    private static final byte[] INFO_PREFIX =
            HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

    private static final ECParameterSpec CURVE = curve();
    private static final BigInteger PRIME = ((ECFieldFp) CURVE.getCurve().getField()).getP();

    private P256() {}

    private static ECParameterSpec curve() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(NAME));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    /// The key of a point, if it is one of the curve.
    static Optional<ECPublicKey> publicKey(byte[] point) {
        if (point.length != POINT_LENGTH || point[0] != 4) {
            return Optional.empty();
        }
        BigInteger x = new BigInteger(1, point, 1, COORDINATE_LENGTH);
        BigInteger y = new BigInteger(1, point, 1 + COORDINATE_LENGTH, COORDINATE_LENGTH);
        return isOnCurve(x, y) ? Optional.of(key(new ECPoint(x, y))) : Optional.empty();
    }

    /// The key of a SubjectPublicKeyInfo in the one form that both wallets write.
    static Optional<ECPublicKey> publicKeyOfInfo(byte[] info) {
        boolean prefixed = info.length == INFO_PREFIX.length + POINT_LENGTH
                && Arrays.equals(info, 0, INFO_PREFIX.length, INFO_PREFIX, 0, INFO_PREFIX.length);
        return prefixed ? publicKey(Arrays.copyOfRange(info, INFO_PREFIX.length, info.length)) : Optional.empty();
    }

    /// `y² = x³ + ax + b` with both under the prime; the point at infinity has no such form. The order is a
    /// prime, so there is no small subgroup to be in.
    private static boolean isOnCurve(BigInteger x, BigInteger y) {
        if (x.compareTo(PRIME) >= 0 || y.compareTo(PRIME) >= 0) {
            return false;
        }
        BigInteger right = x.multiply(x)
                .add(CURVE.getCurve().getA())
                .multiply(x)
                .add(CURVE.getCurve().getB())
                .mod(PRIME);
        return y.multiply(y).mod(PRIME).equals(right);
    }

    private static ECPublicKey key(ECPoint point) {
        try {
            return (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, CURVE));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has keys of P-256", e);
        }
    }

    /// The point of a key.
    static byte[] point(ECPublicKey key) {
        byte[] info = key.getEncoded();
        return Arrays.copyOfRange(info, info.length - POINT_LENGTH, info.length);
    }

    /// The public half of a private key.
    ///
    /// @throws IllegalArgumentException for a key of another curve
    static ECPublicKey publicKeyOf(ECPrivateKey key) {
        if (!isOurs(key.getParams())) {
            throw new IllegalArgumentException("a private key of another curve than P-256");
        }
        byte[] point = CustomNamedCurves.getByName(NAME)
                .getG()
                .multiply(key.getS())
                .normalize()
                .getEncoded(false);
        return publicKey(point).orElseThrow(() -> new IllegalArgumentException("a private key that is out of range"));
    }

    private static boolean isOurs(ECParameterSpec other) {
        return other.getCurve().equals(CURVE.getCurve())
                && other.getGenerator().equals(CURVE.getGenerator())
                && other.getOrder().equals(CURVE.getOrder());
    }

    /// The x coordinate of what both keys come to (SP 800-56A, 5.7.1.2): 32 bytes, the caller's to overwrite.
    static byte[] agree(PrivateKey own, ECPublicKey other) {
        try {
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(own);
            agreement.doPhase(other, true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "ECDH is not to be had", e);
        }
    }

    /// Whether a signature (ECDSA, SHA-256, DER) is right. One that is malformed is wrong.
    static boolean verifies(PublicKey key, byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(key);
            verifier.update(message);
            return isDer(signature) && verifier.verify(signature);
        } catch (GeneralSecurityException | IOException | RuntimeException _) {
            return false;
        }
    }

    /// The JDK reads numbers that miss the zero before a high bit; by DER they are negative.
    private static boolean isDer(byte[] signature) throws IOException {
        ASN1Sequence numbers = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(signature));
        return numbers.size() == 2
                && ASN1Integer.getInstance(numbers.getObjectAt(0)).getValue().signum() > 0
                && ASN1Integer.getInstance(numbers.getObjectAt(1)).getValue().signum() > 0
                && Arrays.equals(numbers.getEncoded(ASN1Encoding.DER), signature);
    }
}
