package cardsecure.crypto;

import static cardsecure.TestCards.secret;
import static cardsecure.TestCards.text;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.Seeded;
import cardsecure.TestCards;
import cardsecure.card.Pan;
import cardsecure.error.ErrorCode;
import cardsecure.keys.DataKey;
import cardsecure.keys.DataKeys;
import cardsecure.keys.KeyId;
import cardsecure.keys.KeyRing;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class CallerCipherTest {
    private static final SiteId SITE = new SiteId(1);
    private static final SiteId OTHER = new SiteId(2);
    private static final KeyId E01 = new KeyId("E01");
    private static final KeyId E02 = new KeyId("E02");
    private static final Pan VISA = pan(TestCards.VISA);

    private final Random random = new Random(1);
    private KeyRing ring = KeyRing.create(random, Instant.EPOCH);
    private final CallerCipher cipher = new CallerCipher(ring, SecureRandom::new);

    @Test
    void everyLengthOfACardNumberComesBackFromTheSameLength() {
        for (int length = 12; length <= 19; length++) {
            for (String start : List.of("4", "50", "0")) {
                Pan pan = pan(TestCards.cardOf(start, length));
                String ciphertext = cipher.encrypt(SITE, pan).text();
                assertThat(ciphertext).matches("E01[0-9A-Za-z_-]{64}");
                assertThat(decrypted(SITE, ciphertext)).isEqualTo(pan);
            }
        }
        TestCards.CARDS.forEach(card -> assertThat(text(
                        decrypted(SITE, cipher.encrypt(SITE, pan(card)).text()).normalised()))
                .isEqualTo(card));
    }

    @Test
    void theDocumentedLayoutOpensByPlainJca() throws GeneralSecurityException {
        String ciphertext = cipher.encrypt(SITE, pan(TestCards.AMEX)).text();

        byte[] bytes = Base64.getUrlDecoder().decode(ciphertext.substring(3));
        assertThat(bytes).hasSize(1 + 12 + 19 + 16).startsWith(1);
        Cipher plainJca = Cipher.getInstance("AES/GCM/NoPadding");
        plainJca.init(Cipher.DECRYPT_MODE, key(E01), new GCMParameterSpec(128, bytes, 1, 12));
        plainJca.updateAAD(new byte[] {'E', 1, 'E', '0', '1', 0, 0, 0, 1});
        assertThat(new String(plainJca.doFinal(bytes, 13, 35), StandardCharsets.US_ASCII))
                .isEqualTo(TestCards.AMEX + "\0\0\0\0");
    }

    @Test
    void whatPlainJcaEncryptsByTheDocumentedLayoutIsDecrypted() throws GeneralSecurityException {
        assertThat(decrypted(SITE, forged((byte) 1, TestCards.VISA, 19))).isEqualTo(VISA);
        assertThat(decrypted(SITE, forged((byte) 1, TestCards.MAESTRO_19, 19))).isEqualTo(pan(TestCards.MAESTRO_19));
    }

    @Test
    void whatIsAuthenticAndNoCardNumberIsRefused() throws GeneralSecurityException {
        assertThat(refused(SITE, forged((byte) 1, "", 19))).isEqualTo(ErrorCode.CCN_WRONG_LENGTH);
        assertThat(refused(SITE, forged((byte) 1, "44443333222", 19))).isEqualTo(ErrorCode.CCN_WRONG_LENGTH);
        for (String bad : List.of("4444333322221112", "9441149619831111", "4444\0003333222211112", "frisbee frisbee")) {
            assertThat(refused(SITE, forged((byte) 1, bad, 19))).isEqualTo(ErrorCode.DECRYPTION_FAILURE);
        }
        assertThat(refused(SITE, forged((byte) 2, TestCards.VISA, 19))).isEqualTo(ErrorCode.UNKNOWN_ALGORITHM);
        assertThat(refused(SITE, forged((byte) 1, TestCards.VISA, 16))).isEqualTo(ErrorCode.CRYPTO_DATA_WRONG_LENGTH);
        assertThat(refused(SITE, forged((byte) 1, TestCards.VISA, 20))).isEqualTo(ErrorCode.CRYPTO_DATA_WRONG_LENGTH);
    }

    /// A ciphertext by the documented layout, of any plaintext.
    private String forged(byte layout, String plain, int filledTo) throws GeneralSecurityException {
        byte[] nonce = new byte[12];
        random.nextBytes(nonce);
        Cipher plainJca = Cipher.getInstance("AES/GCM/NoPadding");
        plainJca.init(Cipher.ENCRYPT_MODE, key(E01), new GCMParameterSpec(128, nonce));
        plainJca.updateAAD(new byte[] {'E', layout, 'E', '0', '1', 0, 0, 0, 1});
        byte[] filled = ByteBuffer.allocate(filledTo)
                .put(plain.getBytes(StandardCharsets.US_ASCII))
                .array();
        byte[] sealed = plainJca.doFinal(filled);
        byte[] bytes = ByteBuffer.allocate(1 + 12 + sealed.length)
                .put(layout)
                .put(nonce)
                .put(sealed)
                .array();
        return "E01" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private SecretKeySpec key(KeyId id) {
        return new SecretKeySpec(
                ring.callerKeys().find(id).orElseThrow().material().reveal(), "AES");
    }

    @Test
    void anotherSiteCannotDecrypt() {
        String ciphertext = cipher.encrypt(SITE, VISA).text();

        for (int other : new int[] {2, 256, 1 << 24, Integer.MAX_VALUE}) {
            assertThat(refused(new SiteId(other), ciphertext)).isEqualTo(ErrorCode.DECRYPTION_FAILURE);
        }
        assertThat(refused(SITE, cipher.encrypt(OTHER, VISA).text())).isEqualTo(ErrorCode.DECRYPTION_FAILURE);
    }

    @Test
    void everyBitOfTheTextThatIsFlippedIsRefused() {
        byte[] text = cipher.encrypt(SITE, VISA).text().getBytes(StandardCharsets.US_ASCII);

        for (int bit = 0; bit < 8 * text.length; bit++) {
            byte[] flipped = text.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            ErrorCode code =
                    Refusals.codeOf(() -> cipher.decrypt(SITE, CallerCiphertext.parse(SecretBytes.owning(flipped))));
            if (bit / 8 < 3) {
                assertThat(code).as("bit %d", bit).isEqualTo(ErrorCode.KEY_ID_NOT_FOUND);
            } else if (flipped[bit / 8] == '=') {
                // Padding, where it is the last character ('5', '9', '-' and others are one bit from it).
                assertThat(code)
                        .as("bit %d", bit)
                        .isIn(ErrorCode.BASE64_DECODE_FAILURE, ErrorCode.CRYPTO_DATA_WRONG_LENGTH);
            } else {
                assertThat(code)
                        .as("bit %d", bit)
                        .isIn(
                                ErrorCode.BASE64_DECODE_FAILURE,
                                bit / 8 < 5 ? ErrorCode.UNKNOWN_ALGORITHM : ErrorCode.DECRYPTION_FAILURE,
                                // The second character has the last bits of the layout and the first of the nonce.
                                ErrorCode.DECRYPTION_FAILURE);
            }
        }
    }

    @Test
    void everyOtherCharacterOfTheAlphabetAnywhereIsRefused() {
        String text = cipher.encrypt(SITE, VISA).text();
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

        for (int at = 3; at < text.length(); at++) {
            for (int i = 0; i < alphabet.length(); i++) {
                char other = alphabet.charAt(i);
                if (other != text.charAt(at)) {
                    String changed = text.substring(0, at) + other + text.substring(at + 1);
                    assertThat(refused(SITE, changed))
                            .as("%s at %d", other, at)
                            .isIn(ErrorCode.UNKNOWN_ALGORITHM, ErrorCode.DECRYPTION_FAILURE);
                }
            }
        }
    }

    @Test
    void everyTruncationAndAnyAdditionIsRefused() {
        String text = cipher.encrypt(SITE, VISA).text();

        for (int length = 0; length < text.length(); length++) {
            assertThat(refused(SITE, text.substring(0, length)))
                    .as("length %d", length)
                    .isIn(
                            ErrorCode.CRYPTO_DATA_WRONG_LENGTH,
                            // One character past a whole group says nothing that bytes could be made of.
                            length % 4 == 0 ? ErrorCode.BASE64_DECODE_FAILURE : ErrorCode.CRYPTO_DATA_WRONG_LENGTH);
            assertThat(refused(SITE, text.substring(length + 1)))
                    .as("from %d", length + 1)
                    .isNotNull();
        }
        for (String more : List.of("A", "=", "\n", "A".repeat(100_000))) {
            assertThat(refused(SITE, text + more)).isEqualTo(ErrorCode.CRYPTO_DATA_WRONG_LENGTH);
        }
    }

    @Test
    void whatIsNoTextOfOursIsRefusedByWhatIsWrongWithIt() {
        String rest = cipher.encrypt(SITE, VISA).text().substring(3);

        assertThat(refused(SITE, "e01" + rest)).isEqualTo(ErrorCode.KEY_ID_NOT_FOUND);
        assertThat(refused(SITE, "E99" + rest)).isEqualTo(ErrorCode.KEY_ID_NOT_FOUND);
        assertThat(refused(SITE, "001" + rest)).isEqualTo(ErrorCode.KEY_ID_NOT_FOUND);
        assertThat(refused(SITE, "\u00e9" + "1" + rest)).isEqualTo(ErrorCode.KEY_ID_NOT_FOUND);
        for (String bad : List.of("+/", "//", "==", "A ", "\u00e9", "A.")) {
            assertThat(refused(SITE, "E01" + bad + rest.substring(2))).isEqualTo(ErrorCode.BASE64_DECODE_FAILURE);
        }
        assertThat(refused(SITE, "E01" + "____")).isEqualTo(ErrorCode.UNKNOWN_ALGORITHM);
        assertThat(refused(SITE, "E01" + "AQAA")).isEqualTo(ErrorCode.CRYPTO_DATA_WRONG_LENGTH);
    }

    @Test
    void anyBytesAreRefusedAndNeverAreRepeated() {
        Seeded.forAll(2000, bytes -> {
            byte[] any = new byte[bytes.nextInt(80)];
            bytes.nextBytes(any);
            assertThat(Refusals.codeOf(() -> CallerCiphertext.parse(SecretBytes.owning(any))))
                    .isNotNull();
        });
    }

    @Test
    void aKeyOfAnotherVaultDecryptsNothing() {
        KeyRing foreign = KeyRing.create(new Random(2), Instant.EPOCH);
        String ciphertext =
                new CallerCipher(foreign, SecureRandom::new).encrypt(SITE, VISA).text();

        assertThat(refused(SITE, ciphertext)).isEqualTo(ErrorCode.DECRYPTION_FAILURE);
    }

    @Test
    void aCiphertextUnderAnotherKeysIdIsRefused() {
        rotate();
        String prior = cipher.encryptUnder(E01, SITE, VISA).text();

        assertThat(refused(SITE, "E02" + prior.substring(3))).isEqualTo(ErrorCode.DECRYPTION_FAILURE);
    }

    @Test
    void afterARotationTheNewKeyEncryptsAndThePriorOneStillDoesBoth() {
        String before = cipher.encrypt(SITE, VISA).text();
        rotate();

        assertThat(cipher.encrypt(SITE, VISA).keyId()).isEqualTo(E02);
        assertThat(decrypted(SITE, before)).isEqualTo(VISA);
        String prior = cipher.encryptUnder(E01, SITE, VISA).text();
        assertThat(prior).startsWith("E01");
        assertThat(decrypted(SITE, prior)).isEqualTo(VISA);
        assertThat(cipher.encryptUnder(E02, SITE, VISA).keyId()).isEqualTo(E02);
    }

    @Test
    void aKeyThatIsInstalledDecryptsForOtherNodesAndDoesNotEncryptYet() {
        change(keys -> keys.install(random, Instant.EPOCH));
        KeyRing otherNodes = ring.withCallerKeys(keys -> keys.activate(Instant.EPOCH));
        String ciphertext = new CallerCipher(otherNodes, SecureRandom::new)
                .encrypt(SITE, VISA)
                .text();

        assertThat(ciphertext).startsWith("E02");
        assertThat(decrypted(SITE, ciphertext)).isEqualTo(VISA);
        assertThat(cipher.encrypt(SITE, VISA).keyId()).isEqualTo(E01);
        assertThat(Refusals.codeOf(() -> cipher.encryptUnder(E02, SITE, VISA))).isEqualTo(ErrorCode.KEY_ID_NOT_FOUND);
    }

    @Test
    void aRetiredKeyDoesNeitherUntilItIsReinstated() {
        String before = cipher.encrypt(SITE, VISA).text();
        rotate();
        change(keys -> keys.retire(E01, Instant.EPOCH));

        assertThat(refused(SITE, before)).isEqualTo(ErrorCode.KEY_ID_NOT_FOUND);
        assertThat(Refusals.codeOf(() -> cipher.encryptUnder(E01, SITE, VISA))).isEqualTo(ErrorCode.KEY_ID_NOT_FOUND);
        change(keys -> keys.reinstate(E01, Instant.EPOCH));
        assertThat(decrypted(SITE, before)).isEqualTo(VISA);
        change(keys -> keys.retire(E01, Instant.EPOCH).destroy(E01, Instant.EPOCH));
        assertThat(refused(SITE, before)).isEqualTo(ErrorCode.KEY_ID_NOT_FOUND);
    }

    @Test
    void theVaultsOwnKeysAreNoneForCallers() {
        DataKey own = ring.dataKeys().current();

        assertThat(Refusals.codeOf(() -> cipher.encryptUnder(own.id(), SITE, VISA)))
                .isEqualTo(ErrorCode.KEY_ID_NOT_FOUND);
    }

    @Test
    void encryptionsAreCountedByKeyAcrossChangesOfTheRing() {
        cipher.encrypt(SITE, VISA);
        rotate();
        cipher.encryptUnder(E01, SITE, VISA);
        cipher.encrypt(SITE, VISA);

        assertThat(seals(E01).sum()).isEqualTo(2);
        assertThat(cipher.seals().sum()).isEqualTo(1);
        assertThat(cipher.seals().key()).isEqualTo(E02);
        assertThat(cipher.allSeals()).hasSize(2);
    }

    @Test
    void aKeyWhoseSealsCannotBeReservedEncryptsNoMore() {
        SealCount.Reserve full = (key, _) -> {
            if (key.equals(E01)) {
                throw SealCount.usedUp(key);
            }
            return 0;
        };
        rotate();
        CallerCipher counted = new CallerCipher(ring, SecureRandom::new, full);
        assertThat(Refusals.codeOf(() -> counted.encryptUnder(E01, SITE, VISA)))
                .isEqualTo(ErrorCode.ENCRYPTION_FAILURE);
        assertThat(counted.encrypt(SITE, VISA).keyId()).isEqualTo(E02);
    }

    @Test
    void noCiphertextComesTwice() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 5000; i++) {
            seen.add(cipher.encrypt(SITE, VISA).text());
        }

        assertThat(seen).hasSize(5000);
    }

    @Test
    void manyThreadsEncryptAndDecryptWhileTheRingChanges() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                SiteId site = new SiteId(i + 1);
                all.add(threads.submit(() -> {
                    boolean fine = true;
                    for (int n = 0; n < 200; n++) {
                        fine &= decrypted(site, cipher.encrypt(site, VISA).text())
                                .equals(VISA);
                    }
                    return fine;
                }));
            }
            for (int i = 0; i < 20; i++) {
                rotate();
            }
            for (Future<Boolean> each : all) {
                assertThat(each.get()).isTrue();
            }
        }
    }

    private SealCount seals(KeyId id) {
        return cipher.allSeals().stream()
                .filter(one -> one.key().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void rotate() {
        change(keys -> keys.install(random, Instant.EPOCH));
        change(keys -> keys.activate(Instant.EPOCH));
    }

    private void change(UnaryOperator<DataKeys> change) {
        ring = ring.withCallerKeys(change);
        cipher.follow(ring);
    }

    private Pan decrypted(SiteId site, String ciphertext) {
        return cipher.decrypt(site, CallerCiphertext.parse(secret(ciphertext)));
    }

    private ErrorCode refused(SiteId site, String ciphertext) {
        return Refusals.codeOf(() -> decrypted(site, ciphertext));
    }

    private static Pan pan(String digits) {
        return Pan.parse(secret(digits));
    }
}
