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
import java.io.IOException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
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

    private static final WalletOnce ONCE = new WalletOnce(WalletKind.APPLE, Texts.hex(TOKEN.transactionId()), NOW);
    private static final WalletOnce GOOGLE_ONCE = new WalletOnce(WalletKind.GOOGLE, "one", NOW.plusSeconds(1));

    /// Opens what `text` is, if it is anything. Whatever opens is the payment that was signed, whole: the same
    /// card, and what makes it the one that it is, or it would be taken twice.
    private static boolean opensApple(SecretBytes text) {
        try {
            ApplePayToken token = ApplePayToken.of(WalletParameters.parse(text));
            OpenedWallet opened = APPLE_PAY.open(token, List.of(EC));
            assertThat(opened.payload().pan()).isEqualTo(PAN);
            assertThat(opened.once()).isEqualTo(ONCE);
            assertThat(opened.once().digest()).isEqualTo(ONCE.digest());
            assertThat(token.signedContent()).isEqualTo(TOKEN.signedContent());
            return true;
        } catch (Refusal e) {
            assertThat(WalletStep.of(e)).as(e.reason()).isPresent();
            return false;
        }
    }

    private static boolean opensGoogle(SecretBytes text) {
        try {
            GooglePayToken token =
                    GooglePayToken.parse(WalletParameters.parse(text).data());
            OpenedWallet opened = GOOGLE_PAY.open(token, RECIPIENT);
            assertThat(opened.payload().pan()).isEqualTo(PAN);
            assertThat(opened.once()).isEqualTo(GOOGLE_ONCE);
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

    /// Where a part stands in the signature.
    private static int indexOf(byte[] all, byte[] part) {
        int at = 0;
        while (!Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
            at++;
        }
        return at;
    }

    /// The signed attributes have a tag of their own there, behind which they are what is signed.
    private static byte[] signedAttributes(byte[] signature) throws CMSException, IOException {
        byte[] set = onlySigner(signature).getEncodedSignedAttributes();
        return Arrays.copyOfRange(set, 1, set.length);
    }

    private static SignerInformation onlySigner(byte[] signature) throws CMSException {
        return new CMSSignedData(signature)
                .getSignerInfos()
                .getSigners()
                .iterator()
                .next();
    }

    @Test
    void aSignatureThatIsNestedDeeplyIsRefused() {
        for (int depth : new int[] {1, 16, 62, 63, 64, 65, 66, 128, 2000, 5000}) {
            byte[] open = new byte[4 * depth];
            for (int i = 0; i < depth; i++) {
                open[2 * i] = 0x30;
                open[2 * i + 1] = (byte) 0x80;
            }
            ApplePayToken token = AppleForge.withSignature(TOKEN, open);
            TestWallets.assertRefusedBy(WalletStep.APPLE_CMS, () -> APPLE_PAY.open(token, List.of(EC)));
        }
    }

    @Test
    void everyBitOfWhatIsSignedAndOfTheSignatureCounts() throws Exception {
        byte[] signature = TOKEN.signature().reveal();
        for (byte[] part :
                List.of(signedAttributes(signature), onlySigner(signature).getSignature())) {
            int from = indexOf(signature, part);
            for (int bit = 0; bit < 8 * part.length; bit++) {
                byte[] changed = signature.clone();
                changed[from + bit / 8] ^= (byte) (1 << (bit % 8));
                ApplePayToken token = AppleForge.withSignature(TOKEN, changed);
                assertThat(opensApple(TestWallets.secret(token.deviceData())))
                        .as("bit %d of %d bytes", bit, part.length)
                        .isFalse();
            }
        }
    }

    @Test
    void everyBitOfTheTransactionOfTheKeyAndOfTheDataCounts() {
        byte[] id = TOKEN.transactionId().reveal();
        for (int bit = 0; bit < 8 * id.length; bit++) {
            byte[] changed = id.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            ApplePayToken token = AppleForge.withTransaction(TOKEN, SecretBytes.owning(changed));
            TestWallets.assertRefusedBy(WalletStep.APPLE_CONTENT, () -> APPLE_PAY.open(token, List.of(EC)));
        }
        byte[] data = TOKEN.data().reveal();
        for (int i = 0; i < data.length; i++) {
            byte[] changed = data.clone();
            changed[i] ^= (byte) (1 << (i % 8));
            ApplePayToken token = AppleForge.withData(TOKEN, SecretBytes.owning(changed));
            TestWallets.assertRefusedBy(WalletStep.APPLE_CONTENT, () -> APPLE_PAY.open(token, List.of(EC)));
        }
        byte[] key = TOKEN.key().reveal();
        for (int i = 0; i < key.length; i++) {
            byte[] changed = key.clone();
            changed[i] ^= (byte) (1 << (i % 8));
            ApplePayToken token = AppleForge.withKey(TOKEN, SecretBytes.owning(changed));
            TestWallets.assertRefusedBy(WalletStep.APPLE_CONTENT, () -> APPLE_PAY.open(token, List.of(EC)));
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
