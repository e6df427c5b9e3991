package cardsecure.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.card.Pan;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Base64;
import java.util.HexFormat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/// What the tests of wallets share: published files, keys that are made once a run, and a fixed moment.
final class TestWallets {
    static final SecureRandom RANDOM = new SecureRandom();
    static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    static final YearMonth EXPIRY = YearMonth.of(2030, 12);
    static final Pan PAN = Pan.parse(TestCards.secret(TestCards.VISA_ONES));
    static final String MERCHANT_ID = "merchant.example.shop";

    static final ApplePayKey EC = appleKey(WalletKeyPair.Algorithm.EC_P256);
    static final ApplePayKey EC_OTHER = appleKey(WalletKeyPair.Algorithm.EC_P256);
    static final ApplePayKey RSA = appleKey(WalletKeyPair.Algorithm.RSA_2048);

    private static final Path VECTORS =
            Path.of(System.getProperty("repository.root", "..")).resolve("../shared/vectors");

    private TestWallets() {}

    private static ApplePayKey appleKey(WalletKeyPair.Algorithm algorithm) {
        return new ApplePayKey(
                WalletKeyPair.generate(algorithm, RANDOM),
                SecretBytes.owning(Texts.sha256(MERCHANT_ID.getBytes(StandardCharsets.UTF_8))));
    }

    static byte[] vector(String name) {
        Path file = VECTORS.resolve(name);
        assumeTrue(
                Files.exists(file), () -> "vectors are missing: ../shared/vectors/" + name + " beside the repository");
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SecretBytes secretVector(String name) {
        return SecretBytes.owning(vector(name));
    }

    static X509Certificate certificate(String name) throws GeneralSecurityException {
        return AppleChain.certificate(vector(name));
    }

    static WalletKeyPair privateKey(String name) throws IOException {
        String pem = new String(vector(name), StandardCharsets.US_ASCII);
        String key = pem.substring(pem.lastIndexOf("-----BEGIN"));
        try (PEMParser parser = new PEMParser(new StringReader(key))) {
            PEMKeyPair pair = (PEMKeyPair) parser.readObject();
            return WalletKeyPair.of(
                    WalletKeyPair.Algorithm.EC_P256,
                    SecretBytes.owning(pair.getPrivateKeyInfo().getEncoded()));
        }
    }

    /// The hash of the merchant identifier, out of a merchant's certificate: an OCTET STRING of `0C 40` and
    /// hex.
    static SecretBytes merchantIdHash(X509Certificate certificate) {
        byte[] value = certificate.getExtensionValue("1.2.840.113635.100.6.32");
        String hex = new String(value, 4, 64, StandardCharsets.US_ASCII);
        return SecretBytes.owning(HexFormat.of().parseHex(hex));
    }

    static WalletKeyPair pkcs8(String base64) {
        return WalletKeyPair.of(
                WalletKeyPair.Algorithm.EC_P256,
                SecretBytes.owning(Base64.getDecoder().decode(base64)));
    }

    /// Asserts that a step, and no other, refuses, and says nothing of the payload.
    static void assertRefusedBy(WalletStep step, ThrowingCallable refused) {
        Refusal refusal = Refusals.of(refused);
        assertThat(WalletStep.of(refusal)).as(refusal.reason()).contains(step);
        assertThat(refusal.code()).isEqualTo(step.code());
        assertThat(refusal.getCause()).isNull();
        for (String card : TestCards.CARDS) {
            assertThat(refusal.reason()).doesNotContain(card);
        }
    }

    static String text(SecretBytes secret) {
        return TestCards.text(secret);
    }

    static SecretBytes secret(String text) {
        return TestCards.secret(text);
    }
}
