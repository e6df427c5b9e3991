package cardsecure.rsa;

import static cardsecure.rsa.TestRsa.OAEP_KEY;
import static cardsecure.rsa.TestRsa.PKCS1;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.keys.KeyRing;
import cardsecure.site.SiteId;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.StoreException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RsaKeyDirectoryTest {
    private static final SiteId SITE = new SiteId(7);
    private static final SiteId OTHER = new SiteId(8);

    private final MemoryTokenStore store = new MemoryTokenStore();
    private final Barrier barrier = new Barrier(KeyRing.create(new Random(1), Instant.EPOCH), SecureRandom::new);
    private RsaKeyDirectory keys = open();

    private RsaKeyDirectory open() {
        try {
            return new RsaKeyDirectory(new SealedSettings(store, barrier));
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void twoKeys() throws StoreException {
        assertThat(keys.add(SITE, PKCS1).number()).isEqualTo(1);
        assertThat(keys.add(SITE, OAEP_KEY).number()).isEqualTo(2);
    }

    @Test
    void keysAreThereAtOnceAndAfterARestartWithAllThatIsKnownOfThem() {
        for (RsaKeyDirectory each : java.util.List.of(keys, open())) {
            assertThat(each.of(SITE).all())
                    .extracting(RsaKey::toString)
                    .containsExactly("RsaKey[2, 2048 bits, oaep-sha256]", "RsaKey[1, 2048 bits, pkcs1]");
            assertThat(each.of(SITE).all())
                    .extracting(RsaKey::sha256)
                    .containsExactly(OAEP_KEY.sha256(), PKCS1.sha256());
            assertThat(each.of(SITE).all()).extracting(RsaKey::created).containsOnly(Instant.EPOCH);
            assertThat(each.of(OTHER).all()).isEmpty();
        }
    }

    @Test
    void aNumberIsNeverGivenAgain() throws StoreException {
        assertThat(keys.remove(SITE, 2)).isEqualTo(1);
        assertThat(keys.remove(SITE, 1)).isZero();
        assertThat(keys.of(SITE).publicKeyText()).isEmpty();
        keys = open();

        assertThat(keys.add(SITE, PKCS1).number()).isEqualTo(3);
        assertThat(Refusals.codeOf(() -> keys.remove(SITE, 2))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    @Test
    void aSiteHasFourKeysAtMost() throws StoreException {
        keys.add(SITE, PKCS1);
        keys.add(SITE, PKCS1);

        assertThat(Refusals.codeOf(() -> keys.add(SITE, PKCS1))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        assertThat(keys.add(OTHER, PKCS1).number()).isEqualTo(1);
    }

    @Test
    void theyGoWithTheirSite() throws StoreException {
        keys.add(OTHER, PKCS1);
        keys.removeAll(SITE);

        assertThat(keys.of(SITE).all()).isEmpty();
        assertThat(store.settingNames("")).containsExactly("rsa-keys/0000000008");
        assertThat(Refusals.codeOf(() -> keys.add(SITE, PKCS1))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        assertThat(open().of(OTHER).all()).hasSize(1);
    }

    @Test
    void theStoreSeesNothingOfThemAndCannotMoveThem() throws StoreException {
        byte[] sealed = store.setting("rsa-keys/0000000007").orElseThrow().bytes();
        byte[] prime = PKCS1.privateKey().getPrimeP().toByteArray();
        byte[] some = Arrays.copyOfRange(prime, 20, 40);
        assertThat(java.util.HexFormat.of().formatHex(sealed))
                .doesNotContain(java.util.HexFormat.of().formatHex(some));
        store.setSetting("rsa-keys/0000000009", Optional.empty(), store.setting("rsa-keys/0000000007"));

        assertThat(Refusals.codeOf(() -> new RsaKeyDirectory(new SealedSettings(store, barrier))))
                .isEqualTo(ErrorCode.DECRYPTION_FAILURE);
    }

    @Test
    void anotherNodesChangeIsNotOverwritten() throws StoreException {
        RsaKeyDirectory node = open();
        node.add(SITE, PKCS1);

        assertThat(keys.add(SITE, PKCS1).number()).isEqualTo(4);
        assertThat(keys.of(SITE).all()).hasSize(4);
    }
}
