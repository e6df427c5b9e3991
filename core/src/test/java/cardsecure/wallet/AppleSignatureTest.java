package cardsecure.wallet;

import static cardsecure.wallet.TestWallets.EC;
import static cardsecure.wallet.TestWallets.EXPIRY;
import static cardsecure.wallet.TestWallets.NOW;
import static cardsecure.wallet.TestWallets.PAN;
import static cardsecure.wallet.TestWallets.RANDOM;
import static cardsecure.wallet.TestWallets.RSA;
import static cardsecure.wallet.TestWallets.assertRefusedBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Signatures that are like Apple's but for one thing.
class AppleSignatureTest {
    private static final ApplePaySimulator APPLE = new ApplePaySimulator(RANDOM, NOW);
    private static final ApplePay FORGED =
            new ApplePay(AppleForge.ROOT, InstantSource.fixed(NOW), ApplePay.PAST, ApplePay.FUTURE);

    private static ApplePayToken token(ApplePayKey key) {
        return APPLE.token(key, APPLE.payload(PAN, EXPIRY, 1, "840"), NOW, Optional.empty());
    }

    @Test
    void anRsaLeafMaySignToo() {
        AppleForge forge = new AppleForge();
        forge.leaf = rsaLeaf(AppleForge.RSA_KEY);
        forge.signingKey = AppleForge.RSA_KEY;
        forge.algorithm = "SHA256withRSA";

        assertThat(FORGED.open(forge.sign(token(RSA)), List.of(RSA)).payload().pan())
                .isEqualTo(PAN);
        assertThat(FORGED.open(new AppleForge().sign(token(EC)), List.of(EC))
                        .payload()
                        .pan())
                .isEqualTo(PAN);
    }

    private static AppleForge.CertificateForge rsaLeaf(java.security.KeyPair key) {
        return new AppleForge.CertificateForge("leaf", key, "intermediate", AppleForge.INTERMEDIATE_KEY)
                .mark(AppleChain.LEAF_MARK);
    }

    private record Forgery(String name, WalletStep step, Consumer<AppleForge> change) {}

    private static Forgery forgery(String name, WalletStep step, Consumer<AppleForge> change) {
        return new Forgery(name, step, change);
    }

    private static AppleForge.CertificateForge leaf() {
        return rsaLeaf(AppleForge.LEAF_KEY);
    }

    private static AppleForge.CertificateForge intermediate() {
        return new AppleForge.CertificateForge("intermediate", AppleForge.INTERMEDIATE_KEY, "root", AppleForge.ROOT_KEY)
                .mark(AppleChain.INTERMEDIATE_MARK);
    }

    private static AppleForge.CertificateForge unmarked(
            String subject, String issuer, java.security.KeyPair issuerKey) {
        return new AppleForge.CertificateForge(subject, AppleForge.LEAF_KEY, issuer, issuerKey);
    }

    private static Stream<Forgery> certificates() {
        return Stream.of(
                forgery("no signer", WalletStep.APPLE_SIGNERS, forge -> forge.signers = 0),
                forgery("two signers", WalletStep.APPLE_SIGNERS, forge -> forge.signers = 2),
                forgery("encapsulated", WalletStep.APPLE_CMS, forge -> forge.encapsulated = true),
                forgery("no leaf", WalletStep.APPLE_CERTIFICATES, forge -> forge.withLeaf = false),
                forgery("no intermediate", WalletStep.APPLE_CERTIFICATES, f -> f.withIntermediate = false),
                forgery(
                        "an unmarked leaf",
                        WalletStep.APPLE_CERTIFICATES,
                        forge -> forge.leaf = unmarked("leaf", "intermediate", AppleForge.INTERMEDIATE_KEY)),
                forgery(
                        "an unmarked intermediate",
                        WalletStep.APPLE_CERTIFICATES,
                        forge -> forge.intermediate = unmarked("intermediate", "root", AppleForge.ROOT_KEY)),
                forgery("two leaves", WalletStep.APPLE_CERTIFICATES, forge -> forge.more.add(leaf())),
                forgery(
                        "two intermediates",
                        WalletStep.APPLE_CERTIFICATES,
                        forge -> forge.more.add(intermediate().authority(true))),
                forgery("nine certificates", WalletStep.APPLE_CERTIFICATES, forge -> {
                    for (int i = 0; i < 7; i++) {
                        forge.more.add(unmarked("more", "root", AppleForge.ROOT_KEY));
                    }
                }));
    }

    private static Stream<Forgery> algorithmsAndTimes() {
        return Stream.of(
                forgery("SHA-1", WalletStep.APPLE_ALGORITHM, f -> f.algorithm = "SHA1withECDSA"),
                forgery("SHA-384", WalletStep.APPLE_ALGORITHM, f -> f.algorithm = "SHA384withECDSA"),
                forgery("RSA with SHA-1", WalletStep.APPLE_ALGORITHM, forge -> {
                    forge.leaf = rsaLeaf(AppleForge.RSA_KEY);
                    forge.signingKey = AppleForge.RSA_KEY;
                    forge.algorithm = "SHA1withRSA";
                }),
                forgery("SHA-512", WalletStep.APPLE_ALGORITHM, f -> f.algorithm = "SHA512withECDSA"),
                forgery("no time", WalletStep.APPLE_SIGNING_TIME, forge -> forge.signingTimes = List.of()),
                forgery("two times", WalletStep.APPLE_SIGNING_TIME, f -> f.signingTimes = List.of(NOW, NOW)),
                forgery("no attributes", WalletStep.APPLE_SIGNING_TIME, forge -> forge.attributes = false));
    }

    private static Stream<Forgery> chains() {
        Instant before = NOW.minusSeconds(1000);
        Instant after = NOW.plusSeconds(1000);
        return Stream.of(
                forgery(
                        "a leaf that has expired",
                        WalletStep.APPLE_CHAIN,
                        forge -> forge.leaf = leaf().valid(before, NOW.minusSeconds(1))),
                forgery(
                        "a leaf that is not valid yet",
                        WalletStep.APPLE_CHAIN,
                        forge -> forge.leaf = leaf().valid(NOW.plusSeconds(1), after)),
                forgery(
                        "an intermediate that has expired",
                        WalletStep.APPLE_CHAIN,
                        forge -> forge.intermediate =
                                intermediate().authority(true).valid(before, NOW.minusSeconds(1))),
                forgery(
                        "an intermediate that is no authority",
                        WalletStep.APPLE_CHAIN,
                        forge -> forge.intermediate = intermediate()),
                forgery(
                        "another root",
                        WalletStep.APPLE_CHAIN,
                        forge -> forge.intermediate = new AppleForge.CertificateForge(
                                        "intermediate", AppleForge.INTERMEDIATE_KEY, "root", AppleForge.OTHER_KEY)
                                .authority(true)
                                .mark(AppleChain.INTERMEDIATE_MARK)),
                forgery(
                        "a leaf of another intermediate",
                        WalletStep.APPLE_CHAIN,
                        forge -> forge.leaf = new AppleForge.CertificateForge(
                                        "leaf", AppleForge.LEAF_KEY, "intermediate", AppleForge.OTHER_KEY)
                                .mark(AppleChain.LEAF_MARK)),
                forgery(
                        "a leaf of the root",
                        WalletStep.APPLE_CHAIN,
                        forge -> forge.leaf = new AppleForge.CertificateForge(
                                        "leaf", AppleForge.LEAF_KEY, "root", AppleForge.ROOT_KEY)
                                .mark(AppleChain.LEAF_MARK)),
                forgery("one certificate with both marks", WalletStep.APPLE_CHAIN, forge -> {
                    forge.leaf = leaf().mark(AppleChain.INTERMEDIATE_MARK);
                    forge.withIntermediate = false;
                }));
    }

    private static Stream<Forgery> keysAndTimes() {
        return Stream.of(
                forgery(
                        "a leaf that was signed with SHA-1",
                        WalletStep.APPLE_CHAIN,
                        forge -> forge.leaf = leaf().signedWith("SHA1withECDSA")),
                forgery(
                        "a leaf for certificates alone",
                        WalletStep.APPLE_CHAIN,
                        forge -> forge.leaf = leaf().usage(KeyUsage.keyCertSign)),
                forgery("a short RSA key", WalletStep.APPLE_CHAIN, forge -> {
                    forge.leaf = rsaLeaf(AppleForge.SHORT_KEY);
                    forge.signingKey = AppleForge.SHORT_KEY;
                    forge.algorithm = "SHA256withRSA";
                }),
                forgery(
                        "another signer",
                        WalletStep.APPLE_SIGNER,
                        forge -> forge.named =
                                Optional.of(unmarked("other", "intermediate", AppleForge.INTERMEDIATE_KEY))),
                forgery("another key", WalletStep.APPLE_SIGNATURE, f -> f.signingKey = AppleForge.OTHER_KEY),
                forgery(
                        "signed too long ago",
                        WalletStep.APPLE_WINDOW,
                        forge -> forge.signingTimes = List.of(NOW.minusSeconds(121))),
                forgery(
                        "signed in the future",
                        WalletStep.APPLE_WINDOW,
                        forge -> forge.signingTimes = List.of(NOW.plusSeconds(61))));
    }

    private static Attribute contentType(ASN1ObjectIdentifier type) {
        return new Attribute(CMSAttributes.contentType, new DERSet(type));
    }

    private static Attribute digest(int of) {
        byte[] digest = Texts.sha256(new byte[of]);
        return new Attribute(CMSAttributes.messageDigest, new DERSet(new DEROctetString(digest)));
    }

    private static Stream<Forgery> attributes() {
        return Stream.of(
                forgery(
                        "no content type",
                        WalletStep.APPLE_CONTENT,
                        forge -> forge.attributesChange = table -> table.remove(CMSAttributes.contentType)),
                forgery(
                        "another content type",
                        WalletStep.APPLE_CONTENT,
                        forge ->
                                forge.attributesChange = AppleForge.with(contentType(CMSObjectIdentifiers.signedData))),
                forgery(
                        "two content types",
                        WalletStep.APPLE_CONTENT,
                        forge -> forge.attributesChange = AppleForge.with(
                                contentType(CMSObjectIdentifiers.data), contentType(CMSObjectIdentifiers.data))),
                forgery(
                        "no digest",
                        WalletStep.APPLE_CONTENT,
                        forge -> forge.attributesChange = table -> table.remove(CMSAttributes.messageDigest)),
                forgery(
                        "the digest of something else",
                        WalletStep.APPLE_CONTENT,
                        forge -> forge.attributesChange = AppleForge.with(digest(1))),
                forgery(
                        "two digests",
                        WalletStep.APPLE_CONTENT,
                        forge -> forge.attributesChange = table -> {
                            ASN1EncodableVector all = table.toASN1EncodableVector();
                            all.add(digest(1));
                            return new AttributeTable(all);
                        }));
    }

    private static Stream<Forgery> names() {
        return Stream.of(
                forgery("ECDSA by its name, and RSA", WalletStep.APPLE_SIGNATURE, forge -> {
                    forge.leaf = rsaLeaf(AppleForge.RSA_KEY);
                    forge.signingKey = AppleForge.RSA_KEY;
                    forge.algorithm = "SHA256withRSA";
                    forge.namedAlgorithm = Optional.of(new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256));
                }),
                forgery(
                        "RSA by its name, and ECDSA",
                        WalletStep.APPLE_SIGNATURE,
                        forge -> forge.namedAlgorithm =
                                Optional.of(new AlgorithmIdentifier(PKCSObjectIdentifiers.sha256WithRSAEncryption))),
                forgery("RSA-PSS", WalletStep.APPLE_ALGORITHM, forge -> {
                    AlgorithmIdentifier sha256 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
                    forge.leaf = rsaLeaf(AppleForge.RSA_KEY);
                    forge.signingKey = AppleForge.RSA_KEY;
                    forge.algorithm = "SHA256withRSA";
                    forge.namedAlgorithm = Optional.of(new AlgorithmIdentifier(
                            PKCSObjectIdentifiers.id_RSASSA_PSS,
                            new RSASSAPSSparams(
                                    sha256,
                                    new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, sha256),
                                    new ASN1Integer(32),
                                    RSASSAPSSparams.DEFAULT_TRAILER_FIELD)));
                }),
                forgery("a signer by its key", WalletStep.APPLE_SIGNER, forge -> forge.namedByKey = true),
                forgery(
                        "an intermediate that certifies nobody",
                        WalletStep.APPLE_CHAIN,
                        forge -> forge.intermediate =
                                intermediate().authority(true).usage(KeyUsage.digitalSignature)));
    }

    @TestFactory
    Stream<DynamicTest> aSignatureThatIsUnlikeApplesInOneThingIsRefusedByThatStep() {
        return Stream.of(certificates(), algorithmsAndTimes(), chains(), keysAndTimes(), attributes(), names())
                .flatMap(each -> each)
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> {
                    AppleForge forge = new AppleForge();
                    each.change().accept(forge);
                    ApplePayToken token = forge.sign(token(EC));
                    assertRefusedBy(each.step(), () -> FORGED.open(token, List.of(EC)));
                }));
    }
}
