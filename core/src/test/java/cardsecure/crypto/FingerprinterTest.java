package cardsecure.crypto;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.card.AccountNumber;
import cardsecure.card.BankAccount;
import cardsecure.card.ClearData;
import cardsecure.card.Domain;
import cardsecure.card.Pan;
import cardsecure.card.PersonalData;
import cardsecure.card.SocialSecurityNumber;
import cardsecure.error.ErrorCode;
import cardsecure.keys.FingerprintKey;
import cardsecure.keys.FingerprintKeys;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class FingerprinterTest {
    private static final SiteId SITE = new SiteId(0x01020304);

    private final FingerprintKey key = key(7, 1);
    private final Fingerprinter fingerprinter = new Fingerprinter(keys(key));
    private final Pan pan = Pan.parse(secret(TestCards.VISA));

    @Test
    void aFingerprintIsTheDocumentedHmac() throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.key().reveal(), "HmacSHA256"));
        byte[] expected = mac.doFinal(("C\1\2\3\4" + TestCards.VISA).getBytes(StandardCharsets.US_ASCII));

        byte[] bytes = fingerprint(fingerprinter, SITE, pan).bytes();

        assertThat(bytes).hasSize(33).startsWith(7);
        assertThat(Arrays.copyOfRange(bytes, 1, 33)).isEqualTo(expected);
    }

    @Test
    void sameDataHaveTheSameFingerprint() {
        assertThat(fingerprint(fingerprinter, SITE, pan))
                .isEqualTo(fingerprint(fingerprinter, SITE, Pan.parse(secret(TestCards.VISA))));
        assertThat(fingerprint(fingerprinter, SITE, SocialSecurityNumber.parse(secret("078-05-1120"))))
                .isEqualTo(fingerprint(fingerprinter, SITE, SocialSecurityNumber.parse(secret("078051120"))));
    }

    @Test
    void sitesDomainsDataAndKeysTellFingerprintsApart() {
        String digits = "123456789";
        ClearData account = AccountNumber.parse(secret(digits));
        Fingerprint fingerprint = fingerprint(fingerprinter, SITE, account);

        assertThat(fingerprint)
                .isNotEqualTo(fingerprint(fingerprinter, new SiteId(1), account))
                .isNotEqualTo(fingerprint(fingerprinter, SITE, SocialSecurityNumber.parse(secret(digits))))
                .isNotEqualTo(fingerprint(fingerprinter, SITE, PersonalData.parse(secret(digits))))
                .isNotEqualTo(fingerprint(fingerprinter, SITE, AccountNumber.parse(secret("123456780"))))
                .isNotEqualTo(fingerprint(new Fingerprinter(keys(key(7, 2))), SITE, account))
                .isNotEqualTo(fingerprint(new Fingerprinter(keys(key(8, 1))), SITE, account));
        assertThat(fingerprint(fingerprinter, SITE, BankAccount.parse(secret(TestCards.BANK_ACCOUNT), false)))
                .isNotEqualTo(fingerprint(fingerprinter, SITE, pan));
    }

    @Test
    void manyThreadsGetTheSameFingerprint() {
        Fingerprint expected = fingerprint(fingerprinter, SITE, pan);

        assertThat(IntStream.range(0, 5000).parallel().mapToObj(_ -> fingerprint(fingerprinter, SITE, pan)))
                .allMatch(expected::equals);
    }

    @Test
    void oneKeyMakesOneCandidate() {
        assertThat(fingerprinter.candidates(SITE, pan)).hasSize(1);
    }

    /// By the definition, made here a second time: each key's own, wrapped by every key after it.
    @Test
    void duringARotationBothVersionsAreCandidatesAndSoIsWhatWasWrappedBefore() throws GeneralSecurityException {
        FingerprintKey one = key(1, 1);
        FingerprintKey two = key(2, 2);
        FingerprintKey three = key(3, 3);
        byte[] content = ("C\1\2\3\4" + TestCards.VISA).getBytes(StandardCharsets.US_ASCII);
        Fingerprint f1 = hmac(one, content);
        Fingerprint f2 = hmac(two, content);
        Fingerprint f3 = hmac(three, content);
        Fingerprint f12 = hmac(two, wrapping(f1));
        Fingerprint f23 = hmac(three, wrapping(f2));
        Fingerprint f123 = hmac(three, wrapping(f12));
        List<FingerprintKey> all = List.of(one, two, three);

        List<Fingerprint> installed = candidates(new FingerprintKeys(all, 2, false));
        List<Fingerprint> rewriting = candidates(new FingerprintKeys(all, 3, true));
        List<Fingerprint> finished = candidates(new FingerprintKeys(all, 3, false));

        assertThat(installed).first().isEqualTo(f2);
        assertThat(installed).containsExactlyInAnyOrder(f2, f12, f3, f23, f123);
        assertThat(rewriting).first().isEqualTo(f3);
        assertThat(rewriting).containsExactlyInAnyOrder(f2, f12, f3, f23, f123);
        assertThat(finished).first().isEqualTo(f3);
        assertThat(finished).containsExactlyInAnyOrder(f3, f23, f123);
    }

    @Test
    void aRowWithDataGetsTheFingerprintOfANewOneAndAPurgedOneAWrappedOne() {
        FingerprintKey two = key(8, 2);
        Fingerprint old = fingerprint(fingerprinter, SITE, pan);
        Fingerprinter next = new Fingerprinter(new FingerprintKeys(List.of(key, two), 8, true));

        assertThat(next.renew(SITE, Domain.CARD, pan.normalised())).isEqualTo(fingerprint(next, SITE, pan));
        assertThat(next.candidates(SITE, pan)).contains(next.wrap(old), old);
        assertThat(Refusals.codeOf(() -> next.wrap(next.wrap(old)))).isEqualTo(ErrorCode.FINGERPRINT_FAILURE);
    }

    private List<Fingerprint> candidates(FingerprintKeys keys) {
        return new Fingerprinter(keys).candidates(SITE, pan);
    }

    private static Fingerprint hmac(FingerprintKey key, byte[] content) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.key().reveal(), "HmacSHA256"));
        byte[] bytes = new byte[Fingerprint.LENGTH];
        bytes[0] = (byte) key.version();
        System.arraycopy(mac.doFinal(content), 0, bytes, 1, 32);
        return new Fingerprint(bytes);
    }

    private static byte[] wrapping(Fingerprint older) {
        byte[] content = new byte[1 + Fingerprint.LENGTH];
        content[0] = 'W';
        System.arraycopy(older.bytes(), 0, content, 1, Fingerprint.LENGTH);
        return content;
    }

    private static Fingerprint fingerprint(Fingerprinter fingerprinter, SiteId site, ClearData data) {
        return fingerprinter.candidates(site, data).getFirst();
    }

    private static FingerprintKeys keys(FingerprintKey key) {
        return new FingerprintKeys(List.of(key), key.version(), false);
    }

    private static FingerprintKey key(int version, int seed) {
        byte[] bytes = new byte[FingerprintKey.LENGTH];
        new Random(seed).nextBytes(bytes);
        return new FingerprintKey(version, SecretBytes.owning(bytes), Instant.EPOCH);
    }
}
