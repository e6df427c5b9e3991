package cardsecure.crypto;

import static cardsecure.TestCards.secret;
import static cardsecure.TestCards.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.Refusals;
import cardsecure.card.Domain;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyRing;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.SealedData;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenStore;
import cardsecure.token.Token;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ShortLivedKeysTest {
    private static final Instant DEADLINE = Instant.ofEpochSecond(60 * 28_000_000L);
    private static final TokenPlace PLACE = place(1, Domain.CARD, "token-1");
    private static final SecretBytes DATA = secret("what a reader has read");

    private final KeyRing ring = KeyRing.create(new Random(1), Instant.EPOCH);
    private final TokenStore store = new MemoryTokenStore();
    private final ShortLivedKeys keys = node(store);

    private static void assertRefused(ThrowingCallable refused, ErrorCode code) {
        assertThat(Refusals.codeOf(refused)).isEqualTo(code);
    }

    /// Another process on a store.
    private ShortLivedKeys node(TokenStore shared) {
        return new ShortLivedKeys(new SealedSettings(shared, new Barrier(ring, SecureRandom::new)), SecureRandom::new);
    }

    private static TokenPlace place(int site, Domain domain, String token) {
        return new TokenPlace(new SiteId(site), domain, new Token(token));
    }

    private static String id(ShortLivedRow row) {
        return String.format(
                Locale.ROOT, "%016x", ByteBuffer.wrap(row.data().bytes()).getLong(1));
    }

    @Test
    void whatIsSealedOpensHereAndAtAnotherNode() throws Exception {
        ShortLivedRow row = keys.seal(PLACE, DEADLINE, DATA);
        assertThat(keys.open(row)).isEqualTo(DATA);
        assertThat(node(store).open(row)).isEqualTo(DATA);
        assertThat(row.deadline()).isEqualTo(DEADLINE);
    }

    @Test
    void theDocumentedLayoutOpensByPlainJca() throws Exception {
        ShortLivedRow row = keys.seal(PLACE, DEADLINE, DATA);
        byte[] sealed = row.data().bytes();
        assertThat(sealed).hasSize(1 + 8 + 12 + DATA.length() + 16);
        assertThat(sealed[0]).isEqualTo((byte) 1);
        String name = "short-lived/0028000000/" + id(row);
        SecretBytes key = new Barrier(ring, SecureRandom::new)
                .open(new Binding.Setting(name), store.setting(name).orElseThrow());
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(key.reveal(), "AES"),
                new GCMParameterSpec(128, Arrays.copyOfRange(sealed, 9, 21)));
        cipher.updateAAD(ByteBuffer.allocate(29)
                .put((byte) 'T')
                .putLong(DEADLINE.getEpochSecond())
                .put(sealed, 1, 8)
                .putInt(1)
                .put((byte) 'C')
                .put("token-1".getBytes(StandardCharsets.US_ASCII))
                .array());
        assertThat(new String(cipher.doFinal(sealed, 21, sealed.length - 21), StandardCharsets.UTF_8))
                .isEqualTo(text(DATA));
    }

    @Test
    void atAnotherPlaceDeadlineOrKeyItDoesNotOpen() throws Exception {
        ShortLivedRow row = keys.seal(PLACE, DEADLINE, DATA);
        for (TokenPlace other : List.of(
                place(2, Domain.CARD, "token-1"),
                place(1, Domain.PERSONAL, "token-1"),
                place(1, Domain.CARD, "token-2"))) {
            assertRefused(
                    () -> keys.open(new ShortLivedRow(other, DEADLINE, row.data())), ErrorCode.DECRYPTION_FAILURE);
        }
        Instant later = DEADLINE.plusSeconds(60);
        ShortLivedRow another = keys.seal(PLACE, later, DATA);
        // There is no such key in that minute; and with that minute's key it does not open.
        assertRefused(() -> keys.open(new ShortLivedRow(PLACE, later, row.data())), ErrorCode.DATA_NOT_FOUND);
        byte[] mixed = row.data().bytes().clone();
        System.arraycopy(another.data().bytes(), 1, mixed, 1, 8);
        assertRefused(
                () -> keys.open(new ShortLivedRow(PLACE, later, new SealedData(mixed))), ErrorCode.DECRYPTION_FAILURE);
        assertRefused(
                () -> keys.open(new ShortLivedRow(PLACE, DEADLINE.minusSeconds(1), row.data())),
                ErrorCode.DECRYPTION_FAILURE);
    }

    @Test
    void whatIsCutOrChangedAnywhereIsRefused() throws Exception {
        ShortLivedRow row = keys.seal(PLACE, DEADLINE, DATA);
        byte[] sealed = row.data().bytes();
        for (int length = 0; length < sealed.length; length++) {
            ShortLivedRow cut = new ShortLivedRow(PLACE, DEADLINE, new SealedData(Arrays.copyOf(sealed, length)));
            assertThatThrownBy(() -> keys.open(cut)).isInstanceOf(Refusal.class);
        }
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            ShortLivedRow flipped = new ShortLivedRow(PLACE, DEADLINE, new SealedData(changed));
            assertThatThrownBy(() -> keys.open(flipped)).isInstanceOf(Refusal.class);
        }
    }

    @Test
    void aNodeHasOneKeyForAMinuteHoweverManyNeedItAtOnce() throws Exception {
        Set<String> ids = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<ShortLivedRow>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                calls.add(() -> keys.seal(PLACE, DEADLINE, DATA));
            }
            for (Future<ShortLivedRow> call : threads.invokeAll(calls)) {
                ids.add(id(call.get()));
            }
        }
        assertThat(ids).hasSize(1);
        ids.add(id(keys.seal(PLACE, DEADLINE.plusSeconds(60), DATA)));
        ids.add(id(node(store).seal(PLACE, DEADLINE, DATA)));
        assertThat(ids).hasSize(3);
        assertThat(store.settingNames(ShortLivedKeys.PREFIX)).hasSize(3);
    }

    @Test
    void nothingIsSealedUnderAKeyThatIsNotKept() {
        TokenStore full = new ForwardingTokenStore(store) {
            @Override
            public boolean setSetting(String name, Optional<SealedData> expected, Optional<SealedData> value)
                    throws StoreException {
                throw new StoreException("the disk is full");
            }
        };
        ShortLivedKeys there = node(full);
        assertThatThrownBy(() -> there.seal(PLACE, DEADLINE, DATA)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> there.seal(PLACE, DEADLINE, DATA)).isInstanceOf(StoreException.class);
    }

    @Test
    void deadlinesAreFullSecondsAndNeverEarlierThanAskedFor() {
        assertThat(ShortLivedKeys.deadline(DEADLINE)).isEqualTo(DEADLINE);
        assertThat(ShortLivedKeys.deadline(DEADLINE.plusNanos(1))).isEqualTo(DEADLINE.plusSeconds(1));
        assertThat(ShortLivedKeys.deadline(DEADLINE.minusNanos(1))).isEqualTo(DEADLINE);
        assertThat(ShortLivedKeys.keyDeadline(DEADLINE)).isEqualTo(DEADLINE);
        assertThat(ShortLivedKeys.keyDeadline(DEADLINE.plusSeconds(1))).isEqualTo(DEADLINE.plusSeconds(60));
        assertThat(ShortLivedKeys.keyDeadline(DEADLINE.minusSeconds(1))).isEqualTo(DEADLINE);
    }

    @Test
    void withItsMinuteAKeyIsDestroyedEverywhere() throws Exception {
        ShortLivedRow row = keys.seal(PLACE, DEADLINE, DATA);
        ShortLivedRow later = keys.seal(PLACE, DEADLINE.plusSeconds(60), DATA);
        ShortLivedKeys sweeping = node(store);
        assertThat(sweeping.destroyPast(DEADLINE.minusNanos(1))).isZero();
        assertThat(keys.open(row)).isEqualTo(DATA);
        assertThat(sweeping.destroyPast(DEADLINE)).isEqualTo(1);
        assertRefused(() -> node(store).open(row), ErrorCode.DATA_NOT_FOUND);
        keys.forgetPast(DEADLINE);
        assertRefused(() -> keys.open(row), ErrorCode.DATA_NOT_FOUND);
        assertThat(keys.open(later)).isEqualTo(DATA);
        assertThat(node(store).open(later)).isEqualTo(DATA);
        // Whatever becomes of clocks.
        assertRefused(() -> keys.open(row), ErrorCode.DATA_NOT_FOUND);
        assertThat(store.settingNames("")).containsExactly("short-lived/0028000001/" + id(later));
    }

    @Test
    void whatIsLeftOfAKeyIsDestroyedAlsoWhenThatFailsAtFirst() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        TokenStore troubled = new ForwardingTokenStore(store) {
            @Override
            public boolean forgetFormerSettings() throws StoreException {
                if (calls.incrementAndGet() == 1) {
                    throw new StoreException("somebody reads settings");
                }
                return true;
            }
        };
        ShortLivedKeys there = node(troubled);
        there.seal(PLACE, DEADLINE, DATA);
        assertThatThrownBy(() -> there.destroyPast(DEADLINE)).isInstanceOf(StoreException.class);
        assertThat(there.destroyPast(DEADLINE)).isZero();
        assertThat(there.destroyPast(DEADLINE)).isZero();
        assertThat(calls).hasValue(2);
        assertThat(store.settingNames("")).isEmpty();
        // As another process left it.
        new SealedSettings(store, new Barrier(ring, SecureRandom::new))
                .expectRemains()
                .close();
        assertThat(node(troubled).destroyPast(DEADLINE)).isZero();
        assertThat(calls).hasValue(3);
        assertThat(store.settingNames("")).isEmpty();
    }

    /// What ends within a minute has the key that ends with it, and lives as long as it was told.
    @Test
    void whatEndsInAMinuteOpensUntilItsEndUnderOneKey() throws Exception {
        ShortLivedRow first = keys.seal(PLACE, DEADLINE.minusSeconds(59), DATA);
        ShortLivedRow last = keys.seal(PLACE, DEADLINE, DATA);
        assertThat(id(first)).isEqualTo(id(last));
        assertThat(store.settingNames("")).containsExactly("short-lived/0028000000/" + id(last));
        assertThat(keys.destroyPast(DEADLINE.minusSeconds(1))).isZero();
        assertThat(node(store).open(first)).isEqualTo(DATA);
        assertThat(keys.destroyPast(DEADLINE)).isEqualTo(1);
        assertRefused(() -> node(store).open(first), ErrorCode.DATA_NOT_FOUND);
    }

    @Test
    void settingsThatAreNoKeysStay() throws Exception {
        String name = ShortLivedKeys.PREFIX + "notes";
        store.setSetting(name, Optional.empty(), Optional.of(new SealedData(new byte[1])));
        assertThat(keys.destroyPast(DEADLINE)).isZero();
        assertThat(store.settingNames("")).containsExactly(name);
    }
}
