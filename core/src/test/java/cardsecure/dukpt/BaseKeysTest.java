package cardsecure.dukpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import cardsecure.Refusals;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyRing;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BaseKeysTest {
    private static final SiteId SITE = new SiteId(7);
    private static final SiteId OTHER = new SiteId(8);
    private static final Ksn KSN = Ksn.parseHex("FFFF9876543210E00008");

    private final MemoryTokenStore store = new MemoryTokenStore();
    private final Barrier barrier = new Barrier(KeyRing.create(new Random(1), Instant.EPOCH), SecureRandom::new);
    private final Random random = new Random(2);

    private SiteBaseKey tdes(String keySet) {
        BaseKey key = new BaseKey(BaseKeyAlgorithm.TDES, KeyBlockMaker.random(random, 16));
        return new SiteBaseKey(new KeySetId(keySet), KeyVariant.PIN, key, Instant.ofEpochSecond(1));
    }

    private SiteBaseKey aes(String keySet) {
        BaseKey key = new BaseKey(BaseKeyAlgorithm.AES_256, KeyBlockMaker.random(random, 32));
        return new SiteBaseKey(new KeySetId(keySet), KeyVariant.AES_128_DATA, key, Instant.ofEpochSecond(2));
    }

    private BaseKeys open() throws StoreException {
        return new BaseKeys(new SealedSettings(store, barrier));
    }

    @Test
    void keysAreThereAfterAStartAndOnAnotherNode() throws StoreException {
        BaseKeys keys = open();
        BaseKeys other = open();
        SiteBaseKey one = tdes("FFFF98");
        SiteBaseKey two = aes("12345678");
        keys.add(SITE, one);
        keys.add(SITE, two);

        assertThat(keys.of(SITE)).containsExactly(one, two);
        assertThat(keys.of(OTHER)).isEmpty();
        assertThat(open().of(SITE)).containsExactly(one, two);
        other.follow();
        assertThat(other.of(SITE)).containsExactly(one, two);
    }

    @Test
    void aKsnFindsTheLongestKeySetOfItsSchemeAndSite() throws StoreException {
        BaseKeys keys = open();
        SiteBaseKey one = tdes("FFFF98");
        SiteBaseKey two = tdes("FFFF987654");
        SiteBaseKey aes = aes("FFFF98765432");
        keys.add(SITE, two);
        keys.add(SITE, one);
        keys.add(SITE, aes);

        assertThat(keys.find(SITE, KSN)).contains(two);
        assertThat(keys.find(SITE, Ksn.parseHex("FFFF987654321012" + "00000001")))
                .contains(aes);
        assertThat(keys.find(OTHER, KSN)).isEmpty();
        assertThat(keys.find(SITE, Ksn.parseHex("CDCDCD070121090000AA"))).isEmpty();
    }

    @Test
    void aKeySetHasOneBaseKey() throws StoreException {
        BaseKeys keys = open();
        keys.add(SITE, tdes("FFFF987654"));

        assertThat(Refusals.codeOf(() -> keys.add(SITE, tdes("ffff987654")))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        keys.add(OTHER, tdes("FFFF987654"));
    }

    @Test
    void aSiteHasSoManyAndNoMore() throws StoreException {
        BaseKeys keys = open();
        for (int i = 0; i < BaseKeys.SITE_MAX; i++) {
            keys.add(SITE, aes(String.format(Locale.ROOT, "%08X", i)));
        }

        assertThat(Refusals.codeOf(() -> keys.add(SITE, aes("ABCDEF12")))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        assertThat(open().of(SITE)).hasSize(BaseKeys.SITE_MAX);
    }

    @Test
    void whatIsRemovedIsGone() throws StoreException {
        BaseKeys keys = open();
        keys.add(SITE, tdes("FFFF987654"));
        keys.add(SITE, tdes("6299490119"));
        keys.remove(SITE, new KeySetId("FFFF987654"));

        assertThat(keys.find(SITE, KSN)).isEmpty();
        assertThat(open().of(SITE)).hasSize(1);
        assertThat(Refusals.codeOf(() -> keys.remove(SITE, new KeySetId("FFFF987654"))))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    @Test
    void keysGoWithTheirSiteForGood() throws StoreException {
        BaseKeys keys = open();
        keys.add(SITE, tdes("FFFF987654"));
        keys.add(OTHER, tdes("FFFF987654"));
        keys.removeAll(SITE);

        assertThat(keys.of(SITE)).isEmpty();
        assertThat(store.settingNames("")).containsExactly("base-keys/0000000008");
        assertThat(Refusals.codeOf(() -> keys.add(SITE, tdes("FFFF987654")))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    @Test
    void theStoreSeesNoKeyAndCannotMoveOne() throws StoreException {
        SiteBaseKey key = tdes("FFFF987654");
        open().add(SITE, key);
        SealedData sealed = store.setting("base-keys/0000000007").orElseThrow();

        assertThat(HexFormat.of().formatHex(sealed.bytes()))
                .doesNotContain(HexFormat.of().formatHex(key.key().key().reveal(), 0, 6));
        store.setSetting("base-keys/0000000008", Optional.empty(), Optional.of(sealed));
        assertThatExceptionOfType(Refusal.class).isThrownBy(this::open);
    }

    @Test
    void bytesThatAreNoKeysAreRefused() {
        byte[] whole = BaseKeyCodec.encode(List.of(tdes("FFFF987654"))).reveal();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> BaseKeyCodec.decode(SecretBytes.owning(cut)));
        }
    }

    @Test
    void theKeyBlockKeyIsLoadedOnceAndRemovedOnce() throws StoreException {
        BaseKeys keys = open();
        KeyBlockKey made = new KeyBlockKey(KeyBlockKey.Cipher.AES, KeyBlockMaker.random(random, 32));
        LoadedKeyBlockKey key = new LoadedKeyBlockKey(made, LoadedKeyBlockKey.Custody.SEVERAL);
        assertThat(keys.keyBlockKey()).isEmpty();
        keys.loadKeyBlockKey(key);

        assertThat(open().keyBlockKey()).contains(key);
        assertThat(Refusals.codeOf(() -> keys.loadKeyBlockKey(key))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        keys.removeKeyBlockKey();
        assertThat(open().keyBlockKey()).isEmpty();
        assertThat(Refusals.codeOf(keys::removeKeyBlockKey)).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    @Test
    void whoEnteredTheKeyBlockKeyIsKeptWithIt() {
        for (KeyBlockKey.Cipher cipher : KeyBlockKey.Cipher.values()) {
            for (LoadedKeyBlockKey.Custody custody : LoadedKeyBlockKey.Custody.values()) {
                KeyBlockKey made = new KeyBlockKey(cipher, KeyBlockMaker.random(random, 24));
                LoadedKeyBlockKey loaded = new LoadedKeyBlockKey(made, custody);
                assertThat(LoadedKeyBlockKey.decode(loaded.encode())).isEqualTo(loaded);
                assertThat(loaded.isForTryingOut()).isEqualTo(custody == LoadedKeyBlockKey.Custody.TRIED_OUT);
            }
        }
    }

    @Test
    void ofAKeyBlockKeyOfAnEarlierVersionNobodyKnowsWhoEnteredIt() {
        SecretBytes key = KeyBlockMaker.random(random, 32);
        byte[] earlier = new byte[33];
        earlier[0] = 'A';
        System.arraycopy(key.reveal(), 0, earlier, 1, 32);
        assertThat(LoadedKeyBlockKey.decode(SecretBytes.owning(earlier)))
                .isEqualTo(new LoadedKeyBlockKey(
                        new KeyBlockKey(KeyBlockKey.Cipher.AES, key), LoadedKeyBlockKey.Custody.UNKNOWN));
    }

    @Test
    void whatIsNoKeyBlockKeyIsRefused() {
        byte[] whole = new LoadedKeyBlockKey(
                        new KeyBlockKey(KeyBlockKey.Cipher.TDES, KeyBlockMaker.random(random, 16)),
                        LoadedKeyBlockKey.Custody.SEVERAL)
                .encode()
                .reveal();
        for (int length = 0; length < whole.length - 1; length++) {
            SecretBytes cut = SecretBytes.copyOf(whole, 0, length);
            assertThat(Refusals.codeOf(() -> LoadedKeyBlockKey.decode(cut)))
                    .as("%d bytes", length)
                    .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        }
        whole[1] = 'X';
        assertThat(Refusals.codeOf(() -> LoadedKeyBlockKey.decode(SecretBytes.copyOf(whole))))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    @Test
    void aKeyThatDoesNotFitItsUseIsRefused() {
        BaseKey key = TestKsns.TDES;
        assertThat(Refusals.codeOf(
                        () -> new SiteBaseKey(new KeySetId("FFFF987654"), KeyVariant.AES_128_DATA, key, Instant.EPOCH)))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    @Test
    void publishedKeysAreKnownWhateverTheirParity() {
        assertThat(TestKsns.TDES.isPublished()).isTrue();
        assertThat(TestKsns.baseKey(BaseKeyAlgorithm.TDES, "0022446688AACCEEFEDCBA9876543210")
                        .isPublished())
                .isTrue();
        assertThat(TestKsns.baseKey(BaseKeyAlgorithm.AES_128, "0022446688AACCEEFEDCBA9876543210")
                        .isPublished())
                .isFalse();
        assertThat(TestKsns.baseKey(
                                BaseKeyAlgorithm.AES_256,
                                "FEDCBA9876543210F1F1F1F1F1F1F1F1FEDCBA9876543210F1F1F1F1F1F1F1F1")
                        .isPublished())
                .isTrue();
        assertThat(tdes("FFFF98").key().isPublished()).isFalse();
    }
}
