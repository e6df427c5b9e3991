package cardsecure.crypto;

import static cardsecure.TestCards.secret;
import static cardsecure.TestCards.text;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.card.Domain;
import cardsecure.error.ErrorCode;
import cardsecure.keys.KeyRing;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.SealedData;
import cardsecure.store.TokenPlace;
import cardsecure.token.Token;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class BarrierTest {
    private static final String TOKEN = TestCards.DOCUMENTED_TOKENS.getFirst();

    private final KeyRing ring = KeyRing.create(new Random(1), Instant.EPOCH);
    private final Barrier barrier = new Barrier(ring, SecureRandom::new);
    private final Binding place = row(1, Domain.CARD, TOKEN);
    private final SecretBytes pan = secret(TestCards.VISA);

    @Test
    void whatIsSealedOpens() {
        assertThat(barrier.open(place, barrier.seal(place, pan))).isEqualTo(pan);
        assertThat(barrier.open(place, barrier.seal(place, secret(""))).length())
                .isZero();
        SecretBytes large = secret("x".repeat(10_000));
        assertThat(barrier.open(place, barrier.seal(place, large))).isEqualTo(large);
    }

    @Test
    void theDocumentedLayoutOpensByPlainJca() throws GeneralSecurityException {
        byte[] sealed = barrier.seal(place, pan).bytes();

        assertThat(sealed[0]).isEqualTo((byte) 1);
        assertThat(new String(sealed, 1, 3, StandardCharsets.US_ASCII)).isEqualTo("001");
        assertThat(sealed).hasSize(1 + 3 + 12 + 16 + 16);
        ByteArrayOutputStream aad = new ByteArrayOutputStream();
        aad.writeBytes(new byte[] {'R', 0, 0, 0, 1, 'C'});
        aad.writeBytes(TOKEN.getBytes(StandardCharsets.US_ASCII));
        assertThat(opened(sealed, aad.toByteArray())).isEqualTo(TestCards.VISA);
    }

    @Test
    void theDocumentedLayoutOfASettingOpensByPlainJca() throws GeneralSecurityException {
        byte[] sealed = barrier.seal(new Binding.Setting("site/1"), pan).bytes();

        assertThat(opened(sealed, "Ssite/1".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(TestCards.VISA);
    }

    private String opened(byte[] sealed, byte[] aad) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        SecretKeySpec key =
                new SecretKeySpec(ring.dataKeys().current().material().reveal(), "AES");
        cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, sealed, 4, 12));
        cipher.updateAAD(aad);
        return new String(cipher.doFinal(sealed, 16, sealed.length - 16), StandardCharsets.UTF_8);
    }

    @Test
    void everyFlippedBitIsRefused() {
        byte[] sealed = barrier.seal(place, pan).bytes();

        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] flipped = sealed.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            // Another key ID may be one that can be, and only is not there.
            boolean inKeyId = bit / 8 >= 1 && bit / 8 <= 3;
            assertThat(refused(place, flipped))
                    .as("bit %d", bit)
                    .isIn(
                            ErrorCode.DECRYPTION_FAILURE,
                            inKeyId ? ErrorCode.KEYSTORE_NOT_INITIALIZED : ErrorCode.DECRYPTION_FAILURE);
        }
    }

    @Test
    void everyTruncationAndAnyAdditionIsRefused() {
        byte[] sealed = barrier.seal(place, pan).bytes();

        for (int length = 0; length < sealed.length; length++) {
            assertThat(refused(place, Arrays.copyOf(sealed, length)))
                    .as("length %d", length)
                    .isEqualTo(ErrorCode.DECRYPTION_FAILURE);
        }
        assertThat(refused(place, Arrays.copyOf(sealed, sealed.length + 1))).isEqualTo(ErrorCode.DECRYPTION_FAILURE);
    }

    @Test
    void aMovedRowIsRefused() {
        byte[] sealed = barrier.seal(place, pan).bytes();
        List<Binding> elsewhere = List.of(
                row(2, Domain.CARD, TOKEN),
                row(256, Domain.CARD, TOKEN),
                row(1, Domain.ACCOUNT, TOKEN),
                row(1, Domain.CARD, TestCards.DOCUMENTED_TOKENS.getLast()),
                row(1, Domain.CARD, TOKEN.substring(1)),
                new Binding.Setting(TOKEN));

        for (Binding other : elsewhere) {
            assertThat(refused(other, sealed)).isEqualTo(ErrorCode.DECRYPTION_FAILURE);
        }
    }

    @Test
    void noTwoBindingsHaveTheSameBytes() {
        Map<String, Binding> seen = new HashMap<>();
        for (int site : new int[] {1, 2, 256, Integer.MAX_VALUE}) {
            for (Domain domain : Domain.values()) {
                for (String token : List.of("a", "aa", "C" + TOKEN, TOKEN)) {
                    Binding binding = row(site, domain, token);
                    assertThat(seen.put(Arrays.toString(binding.aad()), binding))
                            .isNull();
                }
            }
        }
        for (String name : List.of("a", "R", "site/1", "keystore")) {
            Binding binding = new Binding.Setting(name);
            assertThat(seen.put(Arrays.toString(binding.aad()), binding)).isNull();
        }
    }

    @Test
    void aKeyThatIsMissingFromTheRingIsNamedAsSuch() {
        byte[] sealed = barrier.seal(place, pan).bytes();
        sealed[3] = '2';

        assertThat(refused(place, sealed)).isEqualTo(ErrorCode.KEYSTORE_NOT_INITIALIZED);
    }

    @Test
    void theRingOfAnotherVaultOpensNothing() {
        Barrier other = new Barrier(KeyRing.create(new Random(2), Instant.EPOCH), SecureRandom::new);

        assertThat(Refusals.codeOf(() -> other.open(place, barrier.seal(place, pan))))
                .isEqualTo(ErrorCode.DECRYPTION_FAILURE);
    }

    @Test
    void clearRowsOpenOnlyWhereTheyMayStand() {
        SealedData clear = barrier.leaveClear(pan);

        assertThat(clear.bytes()).startsWith(0).hasSize(17);
        assertThat(Refusals.codeOf(() -> barrier.open(place, clear))).isEqualTo(ErrorCode.DECRYPTION_FAILURE);
        assertThat(text(barrier.openAlsoClear(place, clear))).isEqualTo(TestCards.VISA);
        assertThat(barrier.openAlsoClear(place, barrier.seal(place, pan))).isEqualTo(pan);
        assertThat(Refusals.codeOf(() -> barrier.openAlsoClear(place, new SealedData(new byte[0]))))
                .isEqualTo(ErrorCode.DECRYPTION_FAILURE);
    }

    @Test
    void noNonceComesTwice() {
        Set<ByteBuffer> nonces = new HashSet<>();
        for (int i = 0; i < 5000; i++) {
            nonces.add(
                    ByteBuffer.wrap(Arrays.copyOfRange(barrier.seal(place, pan).bytes(), 4, 16)));
        }

        assertThat(nonces).hasSize(5000);
    }

    @Test
    void sixtyFourThreadsSealAndOpenAtOnce() throws Exception {
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            Binding own = row(i + 1, Domain.CARD, TOKEN);
            SecretBytes datum = secret("datum " + i);
            tasks.add(() -> {
                boolean all = true;
                for (int n = 0; n < 200; n++) {
                    all &= barrier.open(own, barrier.seal(own, datum)).equals(datum);
                }
                return all;
            });
        }

        try (ExecutorService threads = Executors.newFixedThreadPool(64)) {
            for (Future<Boolean> each : threads.invokeAll(tasks)) {
                assertThat(each.get()).isTrue();
            }
        }
    }

    private ErrorCode refused(Binding binding, byte[] sealed) {
        return Refusals.codeOf(() -> barrier.open(binding, new SealedData(sealed)));
    }

    private static Binding row(int site, Domain domain, String token) {
        return new Binding.Row(new TokenPlace(new SiteId(site), domain, new Token(token)));
    }
}
