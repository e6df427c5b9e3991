package cardsecure.wallet;

import static cardsecure.wallet.TestWallets.EC;
import static cardsecure.wallet.TestWallets.EXPIRY;
import static cardsecure.wallet.TestWallets.NOW;
import static cardsecure.wallet.TestWallets.PAN;
import static cardsecure.wallet.TestWallets.RANDOM;
import static cardsecure.wallet.TestWallets.assertRefusedBy;
import static cardsecure.wallet.TestWallets.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import cardsecure.Refusals;
import cardsecure.secret.SecretBytes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// The order of [WalletStep], which the document has too, is that in which the steps are made: where everything
/// is wrong at once the first one is named, and when that is put right, the next.
class WalletStepOrderTest {
    private static final ApplePaySimulator APPLE = new ApplePaySimulator(RANDOM, NOW);
    private static final GooglePaySimulator GOOGLE = new GooglePaySimulator(RANDOM, NOW);
    private static final GooglePaySimulator STRANGER = new GooglePaySimulator(RANDOM, NOW);
    private static final Instant LATE = NOW.minusSeconds(121);

    /// No certificate is found yet, or no key is there.
    private static final Set<WalletStep> ABOUT_NO_KEY = EnumSet.of(
            WalletStep.APPLE_CMS,
            WalletStep.APPLE_SIGNERS,
            WalletStep.APPLE_CERTIFICATES,
            WalletStep.APPLE_EPHEMERAL_KEY,
            WalletStep.APPLE_MERCHANT_KEY,
            WalletStep.GOOGLE_SIGNED_MESSAGE,
            WalletStep.GOOGLE_EPHEMERAL_KEY,
            WalletStep.GOOGLE_RECIPIENT_KEY);

    /// By the start of its SHA-256, as lists of keys have it.
    private static void assertNamesWhatItIsAbout(WalletStep step, ThrowingCallable refused) {
        if (!ABOUT_NO_KEY.contains(step)) {
            assertThat(Refusals.of(refused).reason()).containsPattern("[0-9a-f]{8}…");
        }
    }

    /// Apple's signature and who looks at it, as wrong as they still are.
    private static final class Wrongs {
        final AppleForge forge = new AppleForge();
        boolean otherRoot = true;
        boolean otherContent = true;
        boolean noKey = true;
        boolean noPoint = true;
        boolean otherKey = true;
        String message = "no JSON";

        Wrongs() {
            forge.encapsulated = true;
            forge.signers = 2;
            forge.withIntermediate = false;
            forge.algorithm = "SHA384withECDSA";
            forge.signingTimes = List.of();
            forge.named = Optional.of(new AppleForge.CertificateForge(
                    "other", AppleForge.OTHER_KEY, "intermediate", AppleForge.INTERMEDIATE_KEY));
            forge.signingKey = AppleForge.OTHER_KEY;
        }

        void open() {
            ApplePayToken made = APPLE.token(EC, secret(message), NOW, Optional.empty());
            if (noPoint) {
                made = AppleForge.withKey(made, SecretBytes.owning(new byte[91]));
            }
            ApplePayToken signed = AppleForge.withoutHash(forge.sign(made));
            ApplePayToken token =
                    otherContent ? AppleForge.withTransaction(signed, SecretBytes.owning(new byte[32])) : signed;
            new ApplePay(
                            otherRoot ? APPLE.root() : AppleForge.ROOT,
                            InstantSource.fixed(NOW),
                            ApplePay.PAST,
                            ApplePay.FUTURE)
                    .open(token, noKey ? List.of() : List.of(otherKey ? TestWallets.EC_OTHER : EC));
        }
    }

    /// What is wrong in every way fails at the first step, and at the next one when that is mended.
    private static void assertFailsStepByStep(Map<WalletStep, Runnable> mended, ThrowingCallable open) {
        assertThat(List.copyOf(mended.keySet())).isSortedAccordingTo(Comparator.naturalOrder());
        mended.forEach((step, mend) -> {
            assertRefusedBy(step, open);
            assertNamesWhatItIsAbout(step, open);
            mend.run();
        });
        assertThatCode(open).doesNotThrowAnyException();
    }

    @Test
    void applesStepsAreMadeInTheirOrder() {
        Wrongs wrongs = new Wrongs();
        Map<WalletStep, Runnable> mended = new LinkedHashMap<>();
        mended.put(WalletStep.APPLE_CMS, () -> wrongs.forge.encapsulated = false);
        mended.put(WalletStep.APPLE_SIGNERS, () -> wrongs.forge.signers = 1);
        mended.put(WalletStep.APPLE_CERTIFICATES, () -> wrongs.forge.withIntermediate = true);
        mended.put(WalletStep.APPLE_ALGORITHM, () -> wrongs.forge.algorithm = "SHA256withECDSA");
        mended.put(WalletStep.APPLE_SIGNING_TIME, () -> wrongs.forge.signingTimes = List.of(LATE));
        mended.put(WalletStep.APPLE_CHAIN, () -> wrongs.otherRoot = false);
        mended.put(WalletStep.APPLE_SIGNER, () -> wrongs.forge.named = Optional.empty());
        mended.put(WalletStep.APPLE_CONTENT, () -> wrongs.otherContent = false);
        mended.put(WalletStep.APPLE_SIGNATURE, () -> wrongs.forge.signingKey = AppleForge.LEAF_KEY);
        mended.put(WalletStep.APPLE_WINDOW, () -> wrongs.forge.signingTimes = List.of(NOW));
        mended.put(WalletStep.APPLE_EPHEMERAL_KEY, () -> wrongs.noPoint = false);
        mended.put(WalletStep.APPLE_MERCHANT_KEY, () -> wrongs.noKey = false);
        mended.put(WalletStep.APPLE_DECRYPTION, () -> wrongs.otherKey = false);
        mended.put(
                WalletStep.APPLE_PAYLOAD,
                () -> wrongs.message = TestWallets.text(APPLE.payload(PAN, EXPIRY, 1, "840")));

        assertFailsStepByStep(mended, wrongs::open);
    }

    /// Google's token and who looks at it, likewise.
    private static final class GoogleWrongs {
        Instant now = NOW.plusSeconds(3650L * 86_400);
        GooglePaySimulator roots = STRANGER;
        Instant intermediateUntil = NOW;
        String recipient = "merchant:other";
        String signedMessage = "no JSON";
        List<WalletKeyPair> keys = List.of();
        Optional<String> merchant = Optional.of("m1");

        void open() {
            GooglePayToken token = GooglePayToken.parse(GOOGLE.signed(
                    GooglePayToken.Version.EC_V2,
                    "merchant:1",
                    signedMessage,
                    GOOGLE.intermediate(),
                    Optional.of(GOOGLE.intermediate(GooglePayToken.Version.EC_V2, intermediateUntil))));
            new GooglePay(GooglePayRootKeys.parse(roots.rootKeys().reveal()), InstantSource.fixed(now))
                    .open(token, new GooglePayRecipient(recipient, keys, merchant));
        }

        void encrypt(String message) {
            signedMessage = GOOGLE.encrypted(GooglePayToken.Version.EC_V2, EC.pair(), secret(message));
        }
    }

    private static String message(Instant expires) {
        return TestWallets.text(GOOGLE.message(PAN, EXPIRY, true, "one", expires, Optional.empty()));
    }

    @Test
    void googlesStepsAreMadeInTheirOrder() {
        GoogleWrongs wrongs = new GoogleWrongs();
        String noPoint = GOOGLE.encrypted(GooglePayToken.Version.EC_V2, EC.pair(), secret("{}"))
                .replaceFirst("\"ephemeralPublicKey\":\"[^\"]*\"", "\"ephemeralPublicKey\":\"AAAA\"");
        Map<WalletStep, Runnable> mended = new LinkedHashMap<>();
        mended.put(WalletStep.GOOGLE_ROOT_KEY, () -> wrongs.now = NOW);
        mended.put(WalletStep.GOOGLE_INTERMEDIATE_SIGNATURE, () -> wrongs.roots = GOOGLE);
        mended.put(WalletStep.GOOGLE_INTERMEDIATE_KEY, () -> wrongs.intermediateUntil = NOW.plusSeconds(9));
        mended.put(WalletStep.GOOGLE_SIGNATURE, () -> wrongs.recipient = "merchant:1");
        mended.put(WalletStep.GOOGLE_SIGNED_MESSAGE, () -> wrongs.signedMessage = noPoint);
        mended.put(WalletStep.GOOGLE_EPHEMERAL_KEY, () -> wrongs.encrypt("{}"));
        mended.put(WalletStep.GOOGLE_RECIPIENT_KEY, () -> wrongs.keys = List.of(TestWallets.EC_OTHER.pair()));
        mended.put(WalletStep.GOOGLE_MAC, () -> wrongs.keys = List.of(EC.pair()));
        mended.put(WalletStep.GOOGLE_MESSAGE, () -> wrongs.encrypt(message(NOW)));
        mended.put(WalletStep.GOOGLE_EXPIRATION, () -> wrongs.encrypt(message(NOW.plusSeconds(9))));
        mended.put(WalletStep.GOOGLE_MERCHANT, () -> wrongs.merchant = Optional.empty());

        assertFailsStepByStep(mended, wrongs::open);
    }

    @Test
    void whatEveryoneCanSeeComesFirst() {
        List<WalletStep> visible = new ArrayList<>(List.of(WalletStep.values()));
        visible.removeIf(step -> step.code() == WalletStep.REPLAY.code());
        assertThat(visible)
                .containsExactlyElementsOf(List.of(WalletStep.values()).subList(0, visible.size()));
    }
}
