package cardsecure.crypto;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.card.AccountNumber;
import cardsecure.card.BankAccount;
import cardsecure.card.ClearData;
import cardsecure.card.Pan;
import cardsecure.card.PersonalData;
import cardsecure.card.SocialSecurityNumber;
import cardsecure.keys.FingerprintKey;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class FingerprinterTest {
    private static final SiteId SITE = new SiteId(0x01020304);

    private final FingerprintKey key = key(7, 1);
    private final Fingerprinter fingerprinter = new Fingerprinter(key);
    private final Pan pan = Pan.parse(secret(TestCards.VISA));

    @Test
    void aFingerprintIsTheDocumentedHmac() throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.key().reveal(), "HmacSHA256"));
        byte[] expected = mac.doFinal(("C\1\2\3\4" + TestCards.VISA).getBytes(StandardCharsets.US_ASCII));

        byte[] bytes = fingerprinter.fingerprint(SITE, pan).bytes();

        assertThat(bytes).hasSize(33).startsWith(7);
        assertThat(Arrays.copyOfRange(bytes, 1, 33)).isEqualTo(expected);
    }

    @Test
    void sameDataHaveTheSameFingerprint() {
        assertThat(fingerprinter.fingerprint(SITE, pan))
                .isEqualTo(fingerprinter.fingerprint(SITE, Pan.parse(secret(TestCards.VISA))));
        assertThat(fingerprinter.fingerprint(SITE, SocialSecurityNumber.parse(secret("078-05-1120"))))
                .isEqualTo(fingerprinter.fingerprint(SITE, SocialSecurityNumber.parse(secret("078051120"))));
    }

    @Test
    void sitesDomainsDataAndKeysTellFingerprintsApart() {
        String digits = "123456789";
        ClearData account = AccountNumber.parse(secret(digits));
        Fingerprint fingerprint = fingerprinter.fingerprint(SITE, account);

        assertThat(fingerprint)
                .isNotEqualTo(fingerprinter.fingerprint(new SiteId(1), account))
                .isNotEqualTo(fingerprinter.fingerprint(SITE, SocialSecurityNumber.parse(secret(digits))))
                .isNotEqualTo(fingerprinter.fingerprint(SITE, PersonalData.parse(secret(digits))))
                .isNotEqualTo(fingerprinter.fingerprint(SITE, AccountNumber.parse(secret("123456780"))))
                .isNotEqualTo(new Fingerprinter(key(7, 2)).fingerprint(SITE, account))
                .isNotEqualTo(new Fingerprinter(key(8, 1)).fingerprint(SITE, account));
        assertThat(fingerprinter.fingerprint(SITE, BankAccount.parse(secret(TestCards.BANK_ACCOUNT), false)))
                .isNotEqualTo(fingerprinter.fingerprint(SITE, pan));
    }

    @Test
    void manyThreadsGetTheSameFingerprint() {
        Fingerprint expected = fingerprinter.fingerprint(SITE, pan);

        assertThat(IntStream.range(0, 5000).parallel().mapToObj(_ -> fingerprinter.fingerprint(SITE, pan)))
                .allMatch(expected::equals);
    }

    private static FingerprintKey key(int version, int seed) {
        byte[] bytes = new byte[FingerprintKey.LENGTH];
        new Random(seed).nextBytes(bytes);
        return new FingerprintKey(version, SecretBytes.owning(bytes), Instant.EPOCH);
    }
}
