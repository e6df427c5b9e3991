package cardsecure.kek;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.config.KekUri;
import cardsecure.keys.KeyWrapper;
import cardsecure.keys.KeyWrapperContract;
import cardsecure.secret.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against SoftHSM2, the HSM in software. A library has one state in a process, so one HSM serves all tests here.
class Pkcs11KekTest implements KeyWrapperContract {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private static Path directory = Path.of("");

    private static SoftHsm hsm() throws IOException {
        return SoftHsm.in(directory);
    }

    @BeforeAll
    static void makeTokens() throws Exception {
        hsm().withToken("bank").withToken("twin").withToken("twin").forThisProcess();
        open("bank", "kek-1", true);
        open("bank", "kek-2", true);
    }

    private static KeyWrapper open(String token, String object, boolean create) {
        return open(token, object, SoftHsm.PIN, create);
    }

    private static KeyWrapper open(String token, String object, String pin, boolean create) {
        try {
            KekUri.Pkcs11 uri = (KekUri.Pkcs11) KekUri.parse(hsm().uri(token, object, "terminal"));
            return Pkcs11Kek.open(uri, secret(pin), create, RANDOM);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SecretBytes secret(String text) {
        return SecretBytes.owning(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public KeyWrapper wrapper() {
        return open("bank", "kek-1", false);
    }

    @Override
    public KeyWrapper otherWrapper() {
        return open("bank", "kek-2", false);
    }

    @Test
    void isNamedByItsLabelAndACheckOfTheKeyItself() {
        assertThat(wrapper().kekId()).matches("pkcs11-kek-1-[0-9a-f]{16}");
        String one = wrapper().kekId().substring("pkcs11-kek-1-".length());
        assertThat(otherWrapper().kekId()).doesNotEndWith(one);
    }

    @Test
    void aKeyThatIsMissingIsMadeOnlyWhereThatIsAskedFor() {
        assertThat(Refusals.of(() -> open("bank", "kek-3", false)).reason())
                .startsWith("HSM token bank has no key kek-3");
        KeyWrapper made = open("bank", "kek-3", true);
        assertThat(open("bank", "kek-3", true).kekId()).isEqualTo(made.kekId());
        assertThat(open("bank", "kek-3", false).unwrap(made.wrap(key()))).isEqualTo(key());
    }

    /// To whoever rewraps, the one that is missing is the new one: no backup has it.
    @Test
    void aKeyThatIsToWrapFromNowOnAndIsMissingCanBeMade() throws IOException {
        Keks keks = new Keks(directory, new SecretReader(_ -> Optional.empty()), RANDOM);
        KekUri uri = KekUri.parse(hsm().uri("bank", "kek-4", "terminal"));
        assertThat(Refusals.of(() -> keks.openOrCreate(uri, secret(SoftHsm.PIN), false))
                        .reason())
                .startsWith("HSM token bank has no key kek-4; --create makes it");
        KeyWrapper made = keks.openOrCreate(uri, secret(SoftHsm.PIN), true);
        assertThat(keks.openOrCreate(uri, secret(SoftHsm.PIN), false).kekId()).isEqualTo(made.kekId());
    }

    @Test
    void saysWhichPartIsMissing() throws IOException {
        assertThat(Refusals.of(() -> open("bnak", "kek-1", true)).reason()).startsWith("HSM token bnak is not there");
        assertThat(Refusals.of(() -> open("twin", "kek-1", true)).reason()).startsWith("there are 2 HSM tokens twin");
        Path none = directory.resolve("none.so");
        assertThat(Refusals.of(() -> openWith(none)).reason()).startsWith("HSM module " + none + " is not there");
        Path text = Files.writeString(directory.resolve("text.so"), "no library\n");
        assertThat(Refusals.of(() -> openWith(text)).reason()).startsWith("HSM module " + text + " cannot be used");
    }

    private static KeyWrapper openWith(Path module) {
        String uri = "pkcs11:token=bank;object=kek-1?module-path=" + module;
        return Pkcs11Kek.open((KekUri.Pkcs11) KekUri.parse(uri), secret(SoftHsm.PIN), false, RANDOM);
    }

    @Test
    void aWrongPinIsRefusedAlsoWhereTheProcessIsLoggedIn() {
        KeyWrapper kek = open("bank", "kek-1", false);
        byte[] wrapped = kek.wrap(key());

        assertThat(Refusals.of(() -> open("bank", "kek-2", "0000-0000", false)).reason())
                .startsWith("wrong PIN for HSM token bank: it is not the one that this process is logged in with")
                .doesNotContain("0000-0000");
        assertThat(kek.unwrap(wrapped)).isEqualTo(key());
        assertThat(open("bank", "kek-2", false).kekId()).startsWith("pkcs11-kek-2-");
    }

    /// PKCS #11 2.40, `CKF_USER_PIN_COUNT_LOW`, `CKF_USER_PIN_FINAL_TRY` and `CKF_USER_PIN_LOCKED`. SoftHSM2 never
    /// sets any.
    @Test
    void aTokenThatOneMoreWrongPinWouldLockIsNotTried() {
        Pkcs11Session.requireMoreTries(Pkcs11Module.Token.of(0, "bank", "1", 0x1040d));
        assertThat(reasonForFlags(0x2040d)).startsWith("HSM token bank would be locked by one more wrong PIN");
        assertThat(reasonForFlags(0x4040d)).startsWith("HSM token bank is locked");
        assertThat(reasonForFlags(0x6040d)).startsWith("HSM token bank is locked");
    }

    private static String reasonForFlags(long flags) {
        return Refusals.of(() -> Pkcs11Session.requireMoreTries(Pkcs11Module.Token.of(0, "bank", "1", flags)))
                .reason();
    }

    @Test
    void worksAgainAfterTheTokenWasGone() throws IOException {
        KeyWrapper kek = open("bank", "kek-1", false);
        byte[] wrapped = kek.wrap(key());
        Path aside = directory.resolve("aside");
        Files.move(hsm().tokens(), aside);
        assertThat(Refusals.of(() -> kek.unwrap(wrapped)).reason()).matches("HSM (module|token) .*");
        assertThat(Refusals.of(() -> kek.wrap(key())).reason()).matches("HSM (module|token) .*");

        // SoftHSM may have made an empty directory.
        Files.deleteIfExists(directory.resolve("tokens"));
        Files.move(aside, directory.resolve("tokens"));
        assertThat(kek.unwrap(wrapped)).isEqualTo(key());
        assertThat(open("bank", "kek-1", false).unwrap(kek.wrap(key()))).isEqualTo(key());
    }
}
