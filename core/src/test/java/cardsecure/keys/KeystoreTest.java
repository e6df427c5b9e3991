package cardsecure.keys;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeystoreTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-01-01T12:00:00Z"));

    private final TokenStore store = new MemoryTokenStore();
    private final KeyWrapper kek = kek(1);

    @Test
    void theFirstOpeningMakesARingAndLaterOnesFindIt() throws StoreException {
        assertThat(store.setting(Keystore.SETTING)).isEmpty();

        KeyRing made = open(kek, 1);

        assertThat(store.setting(Keystore.SETTING)).isPresent();
        assertThat(open(kek, 2)).isEqualTo(made);
        assertThat(made.current()).isEqualTo(KeyId.first());
        assertThat(made.currentKey().created()).isEqualTo(NOON.instant());
        assertThat(made.vault()).matches("[0-9a-f]{32}");
    }

    @Test
    void twoVaultsShareNoKey() throws StoreException {
        KeyRing one = open(kek, 1);
        KeyRing other = new Keystore(new MemoryTokenStore(), kek, new Random(2), NOON).openOrCreate();

        assertThat(other.vault()).isNotEqualTo(one.vault());
        assertThat(other.currentKey().key()).isNotEqualTo(one.currentKey().key());
        assertThat(other.fingerprintKey().key())
                .isNotEqualTo(one.fingerprintKey().key());
        assertThat(one.fingerprintKey().key()).isNotEqualTo(one.currentKey().key());
    }

    @Test
    void noKeyStandsInTheStoreInClear() throws StoreException {
        KeyRing ring = open(kek, 1);
        String kept = HexFormat.of().formatHex(kept().bytes());

        assertThat(kept)
                .doesNotContain(
                        hex(ring.currentKey().key()), hex(ring.fingerprintKey().key()));
        assertThat(kept).contains(HexFormat.of().formatHex(kek.kekId().getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void anotherKekIsRefusedByNameAndChangesNothing() throws StoreException {
        open(kek, 1);
        SealedData before = kept();
        KeyWrapper wrong = kek(2);

        Refusal refusal = Refusals.of(() -> open(wrong, 2));

        assertThat(refusal.code()).isEqualTo(ErrorCode.KEYSTORE_NOT_INITIALIZED);
        assertThat(refusal.reason()).startsWith("wrong KEK").contains(kek.kekId(), wrong.kekId());
        assertThat(kept()).isEqualTo(before);
    }

    @Test
    void everyFlippedBitIsRefusedAndChangesNothing() throws StoreException {
        open(kek, 1);
        byte[] good = kept().bytes();

        for (int bit = 0; bit < 8 * good.length; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(flipped, "bit " + bit);
        }
        restore(good);
        assertThat(open(kek, 3)).isNotNull();
    }

    @Test
    void everyTruncationAndAnyAdditionIsRefusedAndChangesNothing() throws StoreException {
        open(kek, 1);
        byte[] good = kept().bytes();

        for (int length = 0; length < good.length; length++) {
            assertRefused(Arrays.copyOf(good, length), "length " + length);
        }
        assertRefused(Arrays.copyOf(good, good.length + 1), "a byte more");
    }

    private void assertRefused(byte[] damaged, String what) throws StoreException {
        restore(damaged);
        assertThat(Refusals.codeOf(() -> open(kek, 2))).as(what).isEqualTo(ErrorCode.KEYSTORE_NOT_INITIALIZED);
        assertThat(kept().bytes()).as(what).isEqualTo(damaged);
    }

    private void restore(byte[] bytes) throws StoreException {
        assertThat(store.setSetting("keystore", Optional.of(kept()), Optional.of(new SealedData(bytes))))
                .isTrue();
    }

    private SealedData kept() throws StoreException {
        return store.setting("keystore").orElseThrow();
    }

    private KeyRing open(KeyWrapper wrapper, int seed) throws StoreException {
        return new Keystore(store, wrapper, new Random(seed), NOON).openOrCreate();
    }

    private static KeyWrapper kek(int seed) {
        byte[] key = new byte[AesKeyWrapper.LENGTH];
        new Random(seed).nextBytes(key);
        return new AesKeyWrapper(SecretBytes.owning(key), new Random(seed));
    }

    private static String hex(SecretBytes key) {
        return HexFormat.of().formatHex(key.reveal());
    }

    @Test
    void aStoreThatHasLostItsKeystoreGetsNoNewOne() throws StoreException {
        SealedData site = new SealedData(new byte[] {1});
        assertThat(store.setSetting("site/1", Optional.empty(), Optional.of(site)))
                .isTrue();

        assertThat(Refusals.codeOf(() -> open(kek, 1))).isEqualTo(ErrorCode.KEYSTORE_NOT_INITIALIZED);
        assertThat(store.settingNames("")).containsExactly("site/1");
    }
}
