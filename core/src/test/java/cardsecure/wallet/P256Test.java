package cardsecure.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.secret.SecretBytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPrivateKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The curve against a part of Wycheproof's cases, in the resources of the tests.
class P256Test {
    private static final HexFormat HEX = HexFormat.of();
    private static final String SIGNER = "3059301306072a8648ce3d020106082a8648ce3d030107034200042927b10512bae3eddcfe46"
            + "7828128bad2903269919f7086069c8c4df6c732838c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e73"
            + "41513e";

    private static List<String[]> cases(String name) throws IOException {
        try (InputStream in = P256Test.class.getResourceAsStream("/wycheproof/" + name)) {
            BufferedReader lines = new BufferedReader(
                    new InputStreamReader(java.util.Objects.requireNonNull(in), StandardCharsets.US_ASCII));
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", -1))
                    .toList();
        }
    }

    /// Where Wycheproof leaves open whether a malformed key is taken, it is not.
    @TestFactory
    Stream<DynamicTest> agreementsAreAsWycheproofHasThem() throws IOException {
        return cases("ecdh_secp256r1.txt").stream()
                .map(each -> DynamicTest.dynamicTest("case " + each[0], () -> {
                    Optional<ECPublicKey> key = P256.publicKeyOfInfo(HEX.parseHex(each[1]));
                    if (each[4].equals("valid")) {
                        assertThat(HEX.formatHex(P256.agree(privateKey(each[2]), key.orElseThrow())))
                                .isEqualTo(each[3]);
                    } else {
                        assertThat(key).isEmpty();
                    }
                }));
    }

    private static ECPrivateKey privateKey(String hex) throws GeneralSecurityException {
        ECPublicKey some = (ECPublicKey) TestWallets.EC.pair().publicKey();
        return (ECPrivateKey) KeyFactory.getInstance("EC")
                .generatePrivate(new ECPrivateKeySpec(new BigInteger(hex, 16), some.getParams()));
    }

    @TestFactory
    Stream<DynamicTest> signaturesAreAsWycheproofHasThem() throws IOException {
        ECPublicKey key = P256.publicKeyOfInfo(HEX.parseHex(SIGNER)).orElseThrow();
        byte[] message = HEX.parseHex("313233343030");
        return cases("ecdsa_secp256r1_sha256.txt").stream()
                .map(each -> DynamicTest.dynamicTest("case " + each[0], () -> {
                    byte[] signature = each[1].equals("-") ? new byte[0] : HEX.parseHex(each[1]);
                    assertThat(P256.verifies(key, message, signature)).isEqualTo(each[2].equals("valid"));
                }));
    }

    @Test
    void pointsThatAreNotOnTheCurveAreNoKeys() {
        byte[] point = P256.point((ECPublicKey) TestWallets.EC.pair().publicKey());
        for (int i = 0; i < point.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = point.clone();
                changed[i] ^= (byte) (1 << bit);
                assertThat(P256.publicKey(changed)).isEmpty();
            }
        }
        assertThat(P256.publicKey(point)).isPresent();
        assertThat(P256.publicKey(new byte[65])).isEmpty();
        assertThat(P256.publicKey(Arrays.copyOf(new byte[] {4}, 65))).isEmpty();
        assertThat(P256.publicKey(Arrays.copyOf(point, 64))).isEmpty();
        assertThat(P256.publicKey(new byte[0])).isEmpty();
    }

    /// `x + p` is the same number modulo the prime and another encoding.
    @Test
    void coordinatesBeyondThePrimeAreNoKeys() {
        byte[] point = HEX.parseHex("04" + "ff".repeat(64));

        assertThat(P256.publicKey(point)).isEmpty();
    }

    @Test
    void aPublicKeyIsComputedFromAPrivateOne() {
        WalletKeyPair pair = TestWallets.EC.pair();
        byte[] pkcs8 = pair.privateKey().getEncoded();
        WalletKeyPair again = WalletKeyPair.of(pair.algorithm(), SecretBytes.owning(pkcs8));

        assertThat(again.publicKey()).isEqualTo(pair.publicKey());
        assertThat(again.publicKeyHash()).isEqualTo(pair.publicKeyHash());
        assertThat(P256.verifies(
                        pair.publicKey(),
                        new byte[3],
                        GooglePaySimulator.sign(again, new byte[3]).reveal()))
                .isTrue();
    }
}
