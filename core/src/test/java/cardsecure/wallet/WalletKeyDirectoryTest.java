package cardsecure.wallet;

import static cardsecure.wallet.TestWallets.NOW;
import static cardsecure.wallet.TestWallets.RANDOM;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.keys.KeyRing;
import cardsecure.site.SiteId;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.StoreException;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.junit.jupiter.api.Test;

class WalletKeyDirectoryTest {
    private static final SiteId SITE = new SiteId(7);
    private static final SiteId OTHER = new SiteId(8);
    private static final KeyPair ISSUER = AppleForge.pair("EC", 256);
    private static final String HASH = "ab".repeat(32);

    private final MemoryTokenStore store = new MemoryTokenStore();
    private final Barrier barrier = new Barrier(KeyRing.create(new Random(1), Instant.EPOCH), SecureRandom::new);
    private final WalletKeyDirectory keys = open(WalletKind.APPLE);

    private WalletKeyDirectory open(WalletKind wallet) {
        try {
            return new WalletKeyDirectory(new SealedSettings(store, barrier), wallet);
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    private static WalletKey key(ApplePayKey of) {
        return WalletKey.of(of.pair(), NOW);
    }

    /// What Apple would send for a key.
    private static byte[] certificate(PublicKey key, String hash, Instant expires) {
        return certificate("CN=issuer", key, hash, expires);
    }

    private static byte[] certificate(String issuer, PublicKey key, String hash, Instant expires) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Principal(issuer),
                    BigInteger.valueOf(expires.getEpochSecond()),
                    Date.from(NOW.minusSeconds(9)),
                    Date.from(expires),
                    new X500Principal("CN=shop"),
                    key);
            builder.addExtension(new ASN1ObjectIdentifier("1.2.840.113635.100.6.32"), false, new DERUTF8String(hash));
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(ISSUER.getPrivate())))
                    .getEncoded();
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MerchantCertificate certificate(ApplePayKey key, Instant expires) {
        return MerchantCertificate.parse(certificate(key.pair().publicKey(), HASH, expires));
    }

    @Test
    void keysAreThereAtOnceAndAfterARestartWithAllThatIsKnownOfThem() throws StoreException {
        keys.add(SITE, key(TestWallets.EC));
        keys.add(SITE, key(TestWallets.RSA));
        keys.certify(SITE, certificate(TestWallets.EC, NOW.plusSeconds(60)));

        for (WalletKeyDirectory each : List.of(keys, open(WalletKind.APPLE))) {
            assertThat(each.of(SITE)).extracting(WalletKey::number).containsExactly(2, 1);
            assertThat(each.of(SITE)).extracting(WalletKey::created).containsOnly(NOW);
            assertThat(each.of(SITE))
                    .extracting(WalletKey::sha256)
                    .containsExactly(
                            Texts.hex(TestWallets.RSA.pair().publicKeyHash()),
                            Texts.hex(TestWallets.EC.pair().publicKeyHash()));
            assertThat(each.of(SITE))
                    .extracting(key -> key.state(NOW))
                    .containsExactly(WalletKey.State.WITHOUT_CERTIFICATE, WalletKey.State.CERTIFIED);
            assertThat(each.of(SITE).getLast().state(NOW.plusSeconds(60))).isEqualTo(WalletKey.State.EXPIRED);
            assertThat(each.applePay(SITE))
                    .singleElement()
                    .satisfies(
                            key -> assertThat(Texts.hex(key.merchantIdHash())).isEqualTo(HASH));
            assertThat(each.googlePay(SITE)).hasSize(1);
            assertThat(each.of(OTHER)).isEmpty();
        }
        assertThat(open(WalletKind.GOOGLE).of(SITE)).isEmpty();
    }

    @Test
    void theTokenOfGalaOpensWithItsImportedCertificate() throws StoreException, IOException {
        Instant then = Instant.parse("2021-09-01T19:03:06Z");
        keys.add(SITE, WalletKey.of(TestWallets.privateKey("applepay/gala/private_key.pem"), then));
        keys.certify(SITE, MerchantCertificate.parse(TestWallets.vector("applepay/gala/certificate.pem")));
        ApplePay pay = new ApplePay(ApplePay.appleRoot(), InstantSource.fixed(then), ApplePay.PAST, ApplePay.FUTURE);
        ApplePayToken token = ApplePayToken.ofJson(TestWallets.secretVector("applepay/gala/token.json"));

        assertThat(pay.open(token, open(WalletKind.APPLE).applePay(SITE))
                        .payload()
                        .amount())
                .contains(100L);
        MerchantCertificate certificate = keys.of(SITE).getFirst().certificate().orElseThrow();
        assertThat(certificate.expires()).isEqualTo(Instant.parse("2023-09-30T14:15:08Z"));
        assertThat(certificate.namesApple()).isTrue();
    }

    /// What Apple itself issued is above.
    @Test
    void whoIssuedACertificateIsToldByTheName() {
        String apple = "CN=Apple Worldwide Developer Relations Certification Authority,OU=G3,O=Apple Inc.,C=US";
        for (String issuer : List.of(
                apple,
                "CN=issuer",
                "CN=Apple Root CA - G3,OU=Apple Certification Authority,O=Apple Inc.,C=US",
                apple.replace("Apple Inc.", "Apfel"),
                apple.replace("OU=G3,", ""),
                apple.replace("OU=G3", "O=Apfel"),
                apple.replace("OU=G3", "CN=Apfel"),
                apple.replace(",O=Apple Inc.", ""),
                apple.replace("CN=", "OU="))) {
            assertThat(MerchantCertificate.parse(
                                    certificate(issuer, TestWallets.EC.pair().publicKey(), HASH, NOW))
                            .namesApple())
                    .as(issuer)
                    .isEqualTo(issuer.equals(apple) || issuer.equals(apple.replace("OU=G3,", "")));
        }
    }

    @Test
    void aRequestIsForTheKeyAndSignedWithIt()
            throws GeneralSecurityException, IOException, OperatorCreationException, PKCSException {
        for (ApplePayKey each : List.of(TestWallets.EC, TestWallets.RSA)) {
            String pem = key(each).certificateRequest("shop \"\\ ,+=<>#; Ümit");
            PKCS10CertificationRequest request;
            try (PEMParser parser = new PEMParser(new StringReader(pem))) {
                request = (PKCS10CertificationRequest) parser.readObject();
            }

            assertThat(request.getSubjectPublicKeyInfo().getEncoded())
                    .isEqualTo(each.pair().publicKey().getEncoded());
            assertThat(request.isSignatureValid(new JcaContentVerifierProviderBuilder()
                            .build(each.pair().publicKey())))
                    .isTrue();
            assertThat(request.getSubject().getRDNs()).hasSize(1);
            assertThat(request.getSubject().getRDNs()[0].getFirst().getValue().toString())
                    .isEqualTo("shop \"\\ ,+=<>#; Ümit");
        }
    }

    @Test
    void aCertificateBelongsToAKeyOfTheSite() throws StoreException {
        keys.add(SITE, key(TestWallets.EC));
        keys.add(OTHER, key(TestWallets.EC_OTHER));

        assertThat(Refusals.codeOf(() -> keys.certify(SITE, certificate(TestWallets.EC_OTHER, NOW))))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        assertThat(keys.certify(SITE, certificate(TestWallets.EC, NOW)).number())
                .isEqualTo(1);
        assertThat(keys.certify(SITE, certificate(TestWallets.EC, NOW.plusSeconds(1)))
                        .number())
                .isEqualTo(1);
        assertThat(keys.of(SITE)).hasSize(1);
    }

    @Test
    void whatIsNoMerchantsCertificateIsRefused() throws GeneralSecurityException {
        byte[] good = certificate(TestWallets.EC.pair().publicKey(), HASH, NOW);
        X509Certificate other = AppleForge.ROOT;
        String pem = "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(good) + "\n";
        for (byte[] bad : List.of(
                new byte[0],
                Arrays.copyOf(good, good.length - 1),
                pem.getBytes(StandardCharsets.US_ASCII),
                other.getEncoded(),
                new byte[20_000],
                certificate(TestWallets.EC.pair().publicKey(), "ab", NOW),
                certificate(TestWallets.EC.pair().publicKey(), "xy".repeat(32), NOW))) {
            assertThat(Refusals.codeOf(() -> MerchantCertificate.parse(bad))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        }
        assertThat(MerchantCertificate.parse(
                        ("words\n" + pem + "-----END CERTIFICATE-----\n").getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(MerchantCertificate.parse(good));
    }

    @Test
    void aCertificateThatExpiresIsToldOfUntilThereIsALaterOne() throws StoreException {
        Duration month = Duration.ofDays(30);
        keys.add(SITE, key(TestWallets.EC));
        keys.add(SITE, key(TestWallets.EC_OTHER));
        keys.certify(SITE, certificate(TestWallets.EC, NOW.plus(month)));

        assertThat(keys.expiring(NOW.minusSeconds(1), month)).isEmpty();
        assertThat(keys.expiring(NOW, month).get(SITE))
                .extracting(WalletKey::number)
                .containsExactly(1);
        assertThat(keys.expiring(NOW.plus(Duration.ofDays(99)), month)).containsKey(SITE);

        keys.certify(SITE, certificate(TestWallets.EC_OTHER, NOW.plus(Duration.ofDays(300))));

        assertThat(keys.expiring(NOW, month)).isEmpty();
    }

    @Test
    void aNumberIsNeverGivenAgainAndASiteHasEightKeysAtMost() throws StoreException {
        for (int i = 1; i <= WalletKeyDirectory.SITE_MAX; i++) {
            assertThat(keys.add(SITE, key(TestWallets.EC)).number()).isEqualTo(i);
        }
        assertThat(Refusals.codeOf(() -> keys.add(SITE, key(TestWallets.EC)))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        assertThat(keys.remove(SITE, 8)).isEqualTo(7);
        assertThat(Refusals.codeOf(() -> keys.remove(SITE, 8))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        assertThat(open(WalletKind.APPLE).add(SITE, key(TestWallets.EC)).number())
                .isEqualTo(9);
    }

    @Test
    void theyGoWithTheirSite() throws StoreException {
        keys.add(SITE, key(TestWallets.EC));
        keys.add(OTHER, key(TestWallets.EC));
        keys.removeAll(SITE);

        assertThat(keys.of(SITE)).isEmpty();
        assertThat(store.settingNames("")).containsExactly("apple-keys/0000000008");
    }

    @Test
    void theStoreSeesNothingOfThemAndCannotMoveThem() throws StoreException {
        keys.add(SITE, key(TestWallets.EC));
        byte[] sealed = store.setting("apple-keys/0000000007").orElseThrow().bytes();
        byte[] pkcs8 = TestWallets.EC.pair().privateKey().getEncoded();
        store.setSetting("google-keys/0000000007", Optional.empty(), store.setting("apple-keys/0000000007"));

        assertThat(HexFormat.of().formatHex(sealed))
                .doesNotContain(HexFormat.of().formatHex(Arrays.copyOfRange(pkcs8, pkcs8.length - 32, pkcs8.length)));
        assertThat(Refusals.codeOf(() -> new WalletKeyDirectory(new SealedSettings(store, barrier), WalletKind.GOOGLE)))
                .isEqualTo(ErrorCode.DECRYPTION_FAILURE);
    }

    @Test
    void googleGetsThePoint() {
        WalletKeyPair pair = WalletKeyPair.generate(WalletKeyPair.Algorithm.EC_P256, RANDOM);
        byte[] point = Base64.getDecoder().decode(pair.publicPointText().orElseThrow());

        assertThat(point).hasSize(65).startsWith(4);
        assertThat(P256.publicKey(point)).contains((java.security.interfaces.ECPublicKey) pair.publicKey());
        assertThat(TestWallets.RSA.pair().publicPointText()).isEmpty();
    }
}
