package cardsecure.signing;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cardsecure.Refusals;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyRing;
import cardsecure.secret.SecretBytes;
import cardsecure.signing.SigningKeys.Which;
import cardsecure.site.SiteId;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SigningKeysTest {
    private static final SiteId SITE = new SiteId(7);
    private static final SiteId OTHER = new SiteId(8);
    private static final SecretBytes TEXT = secret("what is signed");

    private final MemoryTokenStore store = new MemoryTokenStore();
    private final Barrier barrier = new Barrier(KeyRing.create(new Random(1), Instant.EPOCH), SecureRandom::new);

    private static SecretBytes key(int fill) {
        byte[] bytes = new byte[RequestSigner.KEY_LENGTH];
        Arrays.fill(bytes, (byte) fill);
        return SecretBytes.owning(bytes);
    }

    private static void assertKeys(SigningKeys keys, SiteId site, int... fills) {
        List<RequestSigner> signers = keys.of(site);
        assertThat(signers).hasSameSizeAs(Arrays.stream(fills).boxed().toList());
        for (int i = 0; i < fills.length; i++) {
            byte[] signature = new RequestSigner(key(fills[i])).sign(TEXT);
            assertThat(signers.get(i).verifies(TEXT, signature)).isTrue();
        }
    }

    /// RFC 4231, test case 6: a key longer than a block; the signer takes keys of every length.
    @Test
    void aSignatureIsTheHmacOfItsText() {
        byte[] key = new byte[131];
        Arrays.fill(key, (byte) 0xaa);
        RequestSigner signer = new RequestSigner(SecretBytes.owning(key));
        SecretBytes text = secret("Test Using Larger Than Block-Size Key - Hash Key First");
        byte[] expected = HexFormat.of().parseHex("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");

        assertThat(signer.sign(text)).isEqualTo(expected);
        assertThat(signer.verifies(text, expected)).isTrue();
        for (int bit = 0; bit < 8 * expected.length; bit++) {
            byte[] flipped = expected.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(signer.verifies(text, flipped)).isFalse();
        }
        assertThat(signer.verifies(text, Arrays.copyOf(expected, 31))).isFalse();
    }

    @Test
    void theKeyBeforeCountsOnOnlyIfItIsKept() throws StoreException {
        SigningKeys keys = new SigningKeys(new SealedSettings(store, barrier));
        assertKeys(keys, SITE);
        keys.renew(SITE, key(1), true);
        assertKeys(keys, SITE, 1);
        keys.renew(SITE, key(2), true);
        assertKeys(keys, SITE, 2, 1);
        assertKeys(new SigningKeys(new SealedSettings(store, barrier)), SITE, 2, 1);
        assertThat(keys.drop(SITE, Which.OLD)).isTrue();
        assertThat(keys.drop(SITE, Which.OLD)).isFalse();
        assertThat(keys.drop(SITE, Which.NEW)).isFalse();
        assertKeys(keys, SITE, 2);
        keys.renew(SITE, key(3), true);
        assertKeys(keys, SITE, 3, 2);
        keys.renew(SITE, key(3), false);
        assertKeys(keys, SITE, 3);
        keys.renew(SITE, key(4), false);
        assertKeys(new SigningKeys(new SealedSettings(store, barrier)), SITE, 4);
        assertKeys(keys, OTHER);
    }

    /// As when a first attempt seemed to fail, and its key never came to anybody.
    @Test
    void theKeyThatAllClientsUseOutlivesEachFurtherAttempt() throws StoreException {
        SigningKeys keys = new SigningKeys(new SealedSettings(store, barrier));
        keys.renew(SITE, key(1), false);
        keys.renew(SITE, key(2), true);

        Refusal refusal = Refusals.of(() -> {
            try {
                keys.renew(SITE, key(3), true);
            } catch (StoreException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(refusal.reason()).contains("two keys", "drop-old", "drop-new");
        assertKeys(keys, SITE, 2, 1);
        assertThat(keys.drop(SITE, Which.NEW)).isTrue();
        assertKeys(keys, SITE, 1);
        keys.renew(SITE, key(3), true);
        assertKeys(keys, SITE, 3, 1);
    }

    @Test
    void whatAWriteOfUnknownOutcomeLeftIsKnownWithTheNextLook() throws StoreException {
        SigningKeys keys = new SigningKeys(new SealedSettings(store, barrier));
        keys.renew(SITE, key(1), false);
        new SigningKeys(new SealedSettings(store, barrier)).renew(SITE, key(2), true);
        assertKeys(keys, SITE, 1);

        assertThat(Refusals.codeOf(() -> keys.renew(SITE, key(3), true))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        assertKeys(keys, SITE, 2, 1);
    }

    @Test
    void keysAreKeptSealedAndForTheirSiteAlone() throws StoreException {
        SigningKeys keys = new SigningKeys(new SealedSettings(store, barrier));
        keys.renew(SITE, key(0x5a), false);
        SealedData sealed = store.setting("signing/0000000007").orElseThrow();
        assertThat(HexFormat.of().formatHex(sealed.bytes())).doesNotContain("5a5a5a5a");

        store.setSetting("signing/0000000008", Optional.empty(), Optional.of(sealed));
        assertThat(Refusals.codeOf(() -> new SigningKeys(new SealedSettings(store, barrier))))
                .isEqualTo(ErrorCode.DECRYPTION_FAILURE);
    }

    @Test
    void theKeysOfASiteThatIsGoneAreGone() throws StoreException {
        SigningKeys keys = new SigningKeys(new SealedSettings(store, barrier));
        keys.renew(SITE, key(1), false);
        keys.removeAll(SITE);
        keys.removeAll(OTHER);

        assertKeys(keys, SITE);
        assertThat(store.settingNames("")).isEmpty();
        assertThat(Refusals.codeOf(() -> keys.renew(SITE, key(1), false))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    @Test
    void aKeyOfAnotherLengthIsNone() throws StoreException {
        SigningKeys keys = new SigningKeys(new SealedSettings(store, barrier));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys.renew(SITE, SecretBytes.owning(new byte[31]), false));
    }
}
