package cardsecure.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import cardsecure.Refusals;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
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
        assertThat(made.dataKeys().current().id()).isEqualTo(KeyId.first());
        assertThat(made.dataKeys().current().created()).isEqualTo(NOON.instant());
        assertThat(made.callerKeys().current().id()).isEqualTo(KeyId.firstOfCallers());
        assertThat(made.generation()).isEqualTo(1);
        assertThat(made.vault()).matches("[0-9a-f]{32}");
    }

    @Test
    void twoVaultsShareNoKeyAndNoKeyIsThereTwice() throws StoreException {
        KeyRing one = open(kek, 1);
        KeyRing other = new Keystore(new MemoryTokenStore(), kek, new Random(2), NOON).openOrCreate();

        assertThat(other.vault()).isNotEqualTo(one.vault());
        List<SecretBytes> keys = new ArrayList<>(keys(one));
        keys.addAll(keys(other));
        assertThat(keys).hasSize(6).doesNotHaveDuplicates();
    }

    private static List<SecretBytes> keys(KeyRing ring) {
        return List.of(
                ring.dataKeys().current().material(),
                ring.callerKeys().current().material(),
                ring.fingerprintKeys().all().getFirst().key());
    }

    @Test
    void noKeyStandsInTheStoreInClear() throws StoreException {
        KeyRing ring = open(kek, 1);
        String kept = HexFormat.of().formatHex(kept().bytes());

        assertThat(keys(ring)).allSatisfy(key -> assertThat(kept).doesNotContain(hex(key)));
        assertThat(kept).contains(HexFormat.of().formatHex(kek.kekId().getBytes(StandardCharsets.US_ASCII)));
        assertThat(SealedRing.kekId(kept())).isEqualTo(kek.kekId());
    }

    @Test
    void aChangeIsMadeToWhatStandsInTheStoreAndCounted() throws StoreException {
        Keystore one = new Keystore(store, kek, new Random(1), NOON);
        Keystore other = new Keystore(store, kek, new Random(2), NOON);
        one.openOrCreate();
        other.openOrCreate();
        assertThat(other.changed()).isFalse();

        KeyRing installed = one.change(ring -> ring.withDataKeys(keys -> keys.install(new Random(3), NOON.instant())));

        assertThat(installed.generation()).isEqualTo(2);
        assertThat(one.changed()).isFalse();
        assertThat(other.changed()).isTrue();
        KeyRing activated = other.change(ring -> ring.withDataKeys(keys -> keys.activate(NOON.instant())));
        assertThat(activated.dataKeys().current().id()).hasToString("002");
        assertThat(one.read()).isEqualTo(activated);
        assertThat(one.change(ring -> ring)).isEqualTo(activated);
    }

    @Test
    void aRingThatWasChangedAtAnOddNanosecondIsRewrappedAndReadAsItIsInUse() throws StoreException {
        InstantSource odd = () -> NOON.instant().plusNanos(123_456_789);
        Keystore keystore = new Keystore(store, kek, new Random(1), odd);
        keystore.openOrCreate();
        KeyRing changed = keystore.change(some -> some.withDataKeys(keys -> keys.install(new Random(3), odd.instant()))
                .withFingerprintKeys(keys -> keys.install(new Random(4), odd.instant())));

        assertThat(keystore.rewrap(kek(2))).isEqualTo(changed);
        assertThat(open(kek(2), 3)).isEqualTo(changed);
    }

    @Test
    void rewrappedTheSameRingIsOpenedByTheNewKekAndNoLongerByTheOld() throws StoreException {
        Keystore keystore = new Keystore(store, kek, new Random(1), NOON);
        KeyRing ring = keystore.openOrCreate();
        KeyWrapper other = kek(2);
        Keystore elsewhere = new Keystore(store, kek, new Random(4), NOON);
        assertThat(elsewhere.read()).isEqualTo(ring);
        assertThat(elsewhere.isWrappedByOther()).isFalse();

        keystore.rewrap(other);

        assertThat(elsewhere.isWrappedByOther()).isTrue();
        assertThat(elsewhere.kekId()).isEqualTo(kek.kekId());
        assertThat(keystore.isWrappedByOther()).isFalse();
        assertThat(keystore.kekId()).isEqualTo(other.kekId());
        assertThat(keystore.changed()).isFalse();
        assertThat(keystore.read()).isEqualTo(ring);
        assertThat(open(other, 3)).isEqualTo(ring);
        assertThat(Refusals.codeOf(() -> open(kek, 3))).isEqualTo(ErrorCode.KEYSTORE_NOT_INITIALIZED);
        KeyRing next = keystore.change(some -> some.withDataKeys(keys -> keys.install(new Random(3), NOON.instant())));
        assertThat(open(other, 3)).isEqualTo(next);
    }

    /// An HSM that is gone for good.
    @Test
    void anOldKekThatIsGoneIsNotNeededForWhatIsKnown() throws StoreException {
        boolean[] gone = {false};
        KeyWrapper away = new KeyWrapper() {
            @Override
            public String kekId() {
                return kek.kekId();
            }

            @Override
            public byte[] wrap(SecretBytes key) {
                return kek.wrap(key);
            }

            @Override
            public SecretBytes unwrap(byte[] wrapped) {
                if (gone[0]) {
                    throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "gone");
                }
                return kek.unwrap(wrapped);
            }
        };
        Keystore keystore = new Keystore(store, away, new Random(1), NOON);
        KeyRing ring = keystore.openOrCreate();
        gone[0] = true;
        SealedData before = kept();
        assertThat(Refusals.of(() -> new Keystore(store, away, new Random(2), NOON).rewrap(kek(2)))
                        .reason())
                .isEqualTo("gone");
        assertThat(kept()).isEqualTo(before);

        keystore.rewrap(kek(2));

        assertThat(open(kek(2), 3)).isEqualTo(ring);
    }

    /// Whether the write that failed is kept or not, the keystore works on.
    @Test
    void afterARewrapOfUnknownOutcomeEitherKekServes() throws StoreException {
        for (boolean written : new boolean[] {false, true}) {
            MemoryTokenStore memory = new MemoryTokenStore();
            boolean[] fails = {false};
            TokenStore failing = new ForwardingTokenStore(memory) {
                @Override
                public boolean setSetting(String name, Optional<SealedData> expected, Optional<SealedData> value)
                        throws StoreException {
                    if (!fails[0]) {
                        return super.setSetting(name, expected, value);
                    }
                    if (written) {
                        super.setSetting(name, expected, value);
                    }
                    throw new StoreException("nobody knows");
                }
            };
            Keystore keystore = new Keystore(failing, kek, new Random(1), NOON);
            KeyRing ring = keystore.openOrCreate();
            fails[0] = true;
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> keystore.rewrap(kek(2)));
            fails[0] = false;

            assertThat(keystore.read()).isEqualTo(ring);
            assertThat(keystore.kekId()).isEqualTo(written ? kek(2).kekId() : kek.kekId());
            keystore.rewrap(kek(3));
            assertThat(keystore.read()).isEqualTo(ring);
            assertThat(keystore.kekId()).isEqualTo(kek(3).kekId());
        }
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
