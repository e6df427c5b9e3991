package cardsecure.wallet;

import static cardsecure.wallet.TestWallets.EC;
import static cardsecure.wallet.TestWallets.EXPIRY;
import static cardsecure.wallet.TestWallets.NOW;
import static cardsecure.wallet.TestWallets.PAN;
import static cardsecure.wallet.TestWallets.RANDOM;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Seeded;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Payloads that are cut off or changed anywhere: refused, or read as what they still are, and nothing else.
class HostileWalletTest {
    private static final ApplePaySimulator APPLE = new ApplePaySimulator(RANDOM, NOW);
    private static final GooglePaySimulator GOOGLE = new GooglePaySimulator(RANDOM, NOW);
    private static final ApplePay APPLE_PAY =
            new ApplePay(APPLE.root(), InstantSource.fixed(NOW), ApplePay.PAST, ApplePay.FUTURE);
    private static final GooglePay GOOGLE_PAY =
            new GooglePay(GooglePayRootKeys.parse(GOOGLE.rootKeys().reveal()), InstantSource.fixed(NOW));
    private static final GooglePayRecipient RECIPIENT =
            new GooglePayRecipient("merchant:1", List.of(EC.pair()), Optional.empty());
    private static final ApplePayToken TOKEN =
            APPLE.token(EC, APPLE.payload(PAN, EXPIRY, 1, "840"), NOW, Optional.empty());

    private static SecretBytes google(GooglePayToken.Version version) {
        return GOOGLE.token(
                version,
                RECIPIENT.id(),
                EC.pair(),
                GOOGLE.message(PAN, EXPIRY, true, "one", NOW.plusSeconds(1), Optional.empty()));
    }

    /// Opens what `text` is, if it is anything. Whatever opens is the card that went in.
    static boolean opensApple(SecretBytes text) {
        try {
            ApplePayToken token = ApplePayToken.of(WalletParameters.parse(text));
            assertThat(APPLE_PAY.open(token, List.of(EC)).payload().pan()).isEqualTo(PAN);
            return true;
        } catch (Refusal e) {
            assertThat(WalletStep.of(e)).as(e.reason()).isPresent();
            return false;
        }
    }

    static boolean opensGoogle(SecretBytes text) {
        try {
            GooglePayToken token =
                    GooglePayToken.parse(WalletParameters.parse(text).data());
            assertThat(GOOGLE_PAY.open(token, RECIPIENT).payload().pan()).isEqualTo(PAN);
            return true;
        } catch (Refusal e) {
            assertThat(WalletStep.of(e)).as(e.reason()).isPresent();
            return false;
        }
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        byte[] changed = bytes.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(changed.length);
            switch (random.nextInt(4)) {
                case 0 -> changed[at] = (byte) random.nextInt();
                case 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> changed = cut(changed, at, Math.min(changed.length, at + 1 + random.nextInt(8)));
                default -> {
                    int from = random.nextInt(changed.length);
                    int length = Math.min(changed.length - Math.max(at, from), random.nextInt(40));
                    System.arraycopy(changed.clone(), from, changed, at, length);
                }
            }
            if (changed.length == 0) {
                return changed;
            }
        }
        return changed;
    }

    private static byte[] cut(byte[] bytes, int from, int to) {
        byte[] shorter = new byte[bytes.length - (to - from)];
        System.arraycopy(bytes, 0, shorter, 0, from);
        System.arraycopy(bytes, to, shorter, from, bytes.length - to);
        return shorter;
    }

    @Test
    void aPayloadThatIsCutOffAnywhereIsRefused() {
        byte[] json = TestWallets.secret(TOKEN.json()).reveal();
        byte[] google = google(GooglePayToken.Version.EC_V2).reveal();

        assertThat(opensApple(SecretBytes.owning(json))).isTrue();
        for (int i = 0; i < json.length; i++) {
            assertThat(opensApple(SecretBytes.copyOf(json, 0, i)))
                    .as("%d bytes", i)
                    .isFalse();
        }
        assertThat(opensGoogle(SecretBytes.owning(google))).isTrue();
        for (int i = 0; i < google.length; i++) {
            assertThat(opensGoogle(SecretBytes.copyOf(google, 0, i)))
                    .as("%d bytes", i)
                    .isFalse();
        }
    }

    @Test
    void aSignatureThatIsCutOffAnywhereIsRefused() {
        byte[] signature = TOKEN.signature().reveal();
        for (int i = 0; i < signature.length; i++) {
            ApplePayToken cut = AppleForge.withSignature(TOKEN, Arrays.copyOf(signature, i));
            assertThat(opensApple(TestWallets.secret(cut.deviceData())))
                    .as("%d bytes", i)
                    .isFalse();
        }
    }

    @Test
    void aSignatureWithAnyByteChangedDoesNotBreakAnything() {
        byte[] signature = TOKEN.signature().reveal();
        for (int i = 0; i < signature.length; i++) {
            for (int flip : new int[] {1, 0x20, 0x80, 0xff}) {
                byte[] changed = signature.clone();
                changed[i] ^= (byte) flip;
                opensApple(TestWallets.secret(
                        AppleForge.withSignature(TOKEN, changed).deviceData()));
            }
        }
    }

    @Test
    void changedPayloadsAreRefusedOrWhatTheyWere() {
        byte[] parameters = TestWallets.secret(TOKEN.deviceData()).reveal();
        byte[] json = TestWallets.secret(TOKEN.json()).reveal();
        byte[] first = google(GooglePayToken.Version.EC_V1).reveal();
        byte[] second = google(GooglePayToken.Version.EC_V2).reveal();
        Seeded.forAll(400, random -> {
            opensApple(SecretBytes.owning(mutated(parameters, random)));
            opensApple(SecretBytes.owning(mutated(json, random)));
            opensGoogle(SecretBytes.owning(mutated(first, random)));
            opensGoogle(SecretBytes.owning(mutated(second, random)));
        });
    }

    @Test
    void changedSignaturesAreRefusedOrRight() {
        byte[] signature = TOKEN.signature().reveal();
        Seeded.forAll(
                1_000,
                random -> opensApple(TestWallets.secret(AppleForge.withSignature(TOKEN, mutated(signature, random))
                        .deviceData())));
    }

    @Test
    void changedMessagesAreRefusedOrReadAsWhatTheySay() {
        byte[] apple = APPLE.payload(PAN, EXPIRY, 1, "840").reveal();
        byte[] google = GOOGLE.message(PAN, EXPIRY, true, "one", NOW.plusSeconds(1), Optional.empty())
                .reveal();
        Seeded.forAll(3_000, random -> {
            read(() -> ApplePayload.read(SecretBytes.owning(mutated(apple, random))));
            read(() -> GoogleMessage.read(SecretBytes.owning(mutated(google, random)), RECIPIENT, NOW));
        });
    }

    static void read(Runnable reader) {
        try {
            reader.run();
        } catch (Refusal e) {
            assertThat(WalletStep.of(e)).as(e.reason()).isPresent();
        }
    }
}
