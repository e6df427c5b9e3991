package cardsecure.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.admin.AdminFixture;
import cardsecure.store.StoreException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.Test;

/// The life of a wallet's keys, from the request for a certificate to their removal.
class WalletKeyTranscriptTest extends CliTranscript {
    /// What Apple makes of a request.
    private static byte[] certificate(Path request, Instant expires)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        return certificate(
                "CN=Apple Worldwide Developer Relations CA - G2,OU=Apple Certification Authority,O=Apple Inc.,C=US",
                request,
                expires);
    }

    private static byte[] certificate(String by, Path request, Instant expires)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair issuer = generator.generateKeyPair();
        try (PEMParser parser = new PEMParser(Files.newBufferedReader(request))) {
            PKCS10CertificationRequest asked = (PKCS10CertificationRequest) parser.readObject();
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    new X500Name(by),
                    BigInteger.ONE,
                    Date.from(Instant.now().minus(Duration.ofDays(1))),
                    Date.from(expires),
                    asked.getSubject(),
                    asked.getSubjectPublicKeyInfo());
            builder.addExtension(
                    new ASN1ObjectIdentifier("1.2.840.113635.100.6.32"), false, new DERUTF8String("ab".repeat(32)));
            return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate()))
                    .getEncoded();
        }
    }

    private Run on(String command) {
        return run((command + " --data=" + data()).split(" "));
    }

    @Test
    void appleFromTheRequestToTheRemoval() throws Exception {
        Path request = directory.resolve("shop.csr");
        Path file = directory.resolve("apple_pay.cer");
        try (AdminFixture server = AdminFixture.on(data())) {
            play("$ site add shop\nsite shop added, number 1\n");
            play("""
                $ apple list --site shop
                the site has no key for Apple Pay; `cardsecure apple csr --site shop` makes one
                """);
            assertThat(on("apple csr --site shop --out " + request).text())
                    .startsWith("EC key 1 of shop, SHA-256 ")
                    .contains(request + " is the request");
            assertThat(on("apple csr --site shop --out " + request).text())
                    .startsWith("! cardsecure: error: " + request + " is there already");
            assertThat(on("apple list --site shop").text()).contains("without certificate");
            // One that was lost, for the same key.
            Path again = directory.resolve("again.csr");
            assertThat(on("apple csr --site shop --key 1 --out " + again).text())
                    .startsWith("EC key 1 of shop, SHA-256 ")
                    .contains(again + " is the request");
            assertThat(on("apple csr --site shop --key 2 --out " + directory.resolve("none.csr"))
                            .text())
                    .startsWith("! cardsecure: error: the site has no key of that number");
            assertThat(on("apple csr --site shop --key 1 --rsa --out none.csr").text())
                    .startsWith("! cardsecure: error: --rsa is for a new key");
            Files.write(file, certificate("CN=issuer", again, Instant.now().plus(Duration.ofDays(600))));
            assertThat(on("apple import --site shop " + file).text())
                    .startsWith("key 1 of shop has certificate 1 ")
                    .contains("warning: by its issuer's name the certificate is none of Apple's");

            Files.write(file, certificate(request, Instant.now().plus(Duration.ofDays(700))));
            assertThat(on("apple import --site shop " + file).text())
                    .startsWith("key 1 of shop has certificate 1 (SHA-256 ")
                    .doesNotContain("warning");
            assertThat(on("apple list --site shop").text()).contains("  certified  ");

            Files.write(file, certificate(request, Instant.now().plus(Duration.ofDays(7))));
            assertThat(on("apple import --site shop " + file).text())
                    .contains("warning: the certificate of key 1 expires or has expired");
            assertThat(on("apple list --site shop --json").text())
                    .contains("\"merchantIdHash\" : \"" + "ab".repeat(32) + "\"");
            play("""
                $ apple remove --site shop --key 2
                ! cardsecure: error: the site has no key of that number
                ! hint: `cardsecure apple list` shows those it has
                exit 1
                $ apple remove --site shop --key 1
                key 1 of shop removed
                warning: shop has no key for this wallet any more: its payloads get 0024
                """);
            assertThat(on("apple import --site shop " + file).exit()).isEqualTo(1);
            assertThat(server.audit()).anyMatch(line -> line.startsWith("apple key shop: key 1, EC, SHA-256 "));
        }
    }

    @Test
    void whatIsNoCertificateOfTheSitesIsRefused() throws IOException, StoreException {
        Path file = Files.writeString(directory.resolve("none.cer"), "none");
        try (AdminFixture server = AdminFixture.on(data())) {
            play("$ site add shop\nsite shop added, number 1\n");
            assertThat(on("apple import --site shop " + file).text())
                    .contains("the certificate cannot be imported: it is no certificate in DER or PEM");
            assertThat(on("apple import --site shop " + directory.resolve("nowhere"))
                            .text())
                    .contains("does not exist");
            assertThat(server.audit()).hasSize(1);
        }
    }

    @Test
    void aServerThatIsNotForTryingOutMakesNoPayloads() throws IOException, StoreException {
        try (AdminFixture server = AdminFixture.on(data())) {
            play("$ site add shop\nsite shop added, number 1\n");
            for (String wallet : List.of("apple-pay", "google-pay")) {
                play("$ simulate " + wallet + """
                     --site shop --form
                    ! cardsecure: error: this server believes no simulated wallets
                    ! hint: `cardsecure serve --dev` does, on a vault for trying out
                    exit 1
                    """);
            }
            Run both = on("simulate google-pay --site shop --form --devicedata");
            assertThat(both.exit()).isEqualTo(2);
            assertThat(both.text()).contains("mutually exclusive");
            assertThat(on("apple list --site shop").text()).startsWith("the site has no key for Apple Pay");
            assertThat(server.audit()).hasSize(1);
        }
    }

    @Test
    void googleFromTheKeyToTheRemoval() throws IOException, StoreException {
        try (AdminFixture server = AdminFixture.on(data())) {
            play("$ site add shop\nsite shop added, number 1\n");
            List<String> made = on("google key-new --site shop").lines();

            assertThat(made).hasSize(3);
            assertThat(Base64.getDecoder().decode(made.get(1))).hasSize(65);
            assertThat(made.get(2)).startsWith("warning: shop has a gateway's google-recipient and no google-merchant");
            assertThat(on("google list --site shop").text())
                    .startsWith("  1  ")
                    .contains("  " + made.get(1) + "  ")
                    .containsPattern("  [0-9a-f]{64}$");
            assertThat(on("site set shop google-test=on google-merchant=m1").text())
                    .contains("google-test: off -> on", "google-merchant: (none) -> m1")
                    .contains("warning: this site believes Google's keys for tests now");
            assertThat(on("site set shop google-merchant=m2").text()).doesNotContain("warning");
            assertThat(on("google key-new --site shop").lines()).hasSize(2);
            assertThat(on("google remove --site shop --key 1").text()).startsWith("key 1 of shop removed");
            assertThat(on("google list --site nowhere").exit()).isEqualTo(1);
            assertThat(server.audit()).contains("google remove shop/1: removed");
        }
    }
}
