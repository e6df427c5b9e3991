package cardsecure.backup;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.card.Domain;
import cardsecure.card.Pan;
import cardsecure.config.KekUri;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.Binding;
import cardsecure.crypto.CallerCipher;
import cardsecure.crypto.Fingerprinter;
import cardsecure.crypto.KeptSeals;
import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.kek.Keks;
import cardsecure.kek.SecretReader;
import cardsecure.keys.DataKey;
import cardsecure.keys.FingerprintKeys;
import cardsecure.keys.KeyId;
import cardsecure.keys.KeyRing;
import cardsecure.keys.Keystore;
import cardsecure.keys.SealedRing;
import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.Fingerprint;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.token.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a restore looks at before it changes anything, on a store in memory; `KeyRestoreTest` has the whole
/// program.
class RestoreFitTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final KeyId FIRST = new KeyId("001");
    private static final KeyId SECOND = new KeyId("002");
    private static final TokenPlace PLACE = new TokenPlace(new SiteId(1), Domain.CARD, new Token("9444433332221111"));

    @TempDir
    private Path directory = Path.of("");

    private final MemoryTokenStore store = new MemoryTokenStore();
    private final KeyRing one = KeyRing.create(RANDOM, NOON);
    private final KeyRing two =
            one.withDataKeys(keys -> keys.install(RANDOM, NOON).activate(NOON));

    private static KeyRing retired(KeyRing ring) {
        return ring.withDataKeys(keys -> keys.retire(FIRST, NOON));
    }

    private static KeyRing destroyed(KeyRing ring) {
        return retired(ring).withDataKeys(keys -> keys.destroy(FIRST, NOON));
    }

    private void writeCheck(KeyRing ring, KeyId id) throws StoreException {
        String name = "key-check/" + id;
        SealedData sealed =
                new Barrier(ring, SecureRandom::new).sealUnder(id, new Binding.Setting(name), secret("cardsecure"));
        assertThat(store.setSetting(name, Optional.empty(), Optional.of(sealed)))
                .isTrue();
    }

    private void writeRow(KeyRing ring) throws StoreException {
        writeRow(ring, PLACE, fingerprint(ring, "4711"), "4711");
    }

    private static Fingerprint fingerprint(KeyRing ring, String data) {
        return new Fingerprinter(ring.fingerprintKeys()).renew(PLACE.site(), PLACE.domain(), secret(data));
    }

    private void writeRow(KeyRing ring, TokenPlace place, Fingerprint fingerprint, String data) throws StoreException {
        SealedData sealed = new Barrier(ring, SecureRandom::new).seal(new Binding.Row(place), secret(data));
        store.write(List.of(new Change.Insert(new TokenRow(place, Optional.of(fingerprint), Optional.of(sealed)))));
    }

    private static TokenPlace place(int number) {
        return new TokenPlace(PLACE.site(), PLACE.domain(), new Token("94444333322" + (10_000 + number)));
    }

    private static KeyRing refingerprinting(KeyRing ring) {
        return ring.withFingerprintKeys(keys -> keys.install(RANDOM, NOON).activate());
    }

    private StoreFit.Fit fit(KeyRing backup) throws StoreException {
        return StoreFit.of(store).require(backup, Set.of(), NOON);
    }

    private static DataKey.State stateOf(KeyRing ring, KeyId id) {
        return ring.dataKeys().find(id).orElseThrow().state();
    }

    @Test
    void theCheckThatADestructionLeftBehindKeepsNoBackupFromBeingRestored() throws StoreException {
        writeCheck(one, FIRST);
        writeCheck(two, SECOND);

        assertThat(stateOf(fit(destroyed(two)).ring(), FIRST)).isEqualTo(DataKey.State.DESTROYED);
    }

    @Test
    void aRetiredKeyStaysSoIfItHasNothingButItsOwnCheck() throws StoreException {
        writeCheck(one, FIRST);
        writeCheck(two, SECOND);
        StoreFit.Fit fit = fit(retired(two));

        assertThat(stateOf(fit.ring(), FIRST)).isEqualTo(DataKey.State.RETIRED);
        assertThat(fit.lines()).containsExactly("2 of 2 settings and rows that were tried open, of 0 rows");
    }

    @Test
    void aRetiredKeyThatDataNeedOpensAgain() throws StoreException {
        writeCheck(one, FIRST);
        writeRow(one);
        StoreFit.Fit fit = fit(retired(two));

        assertThat(stateOf(fit.ring(), FIRST)).isEqualTo(DataKey.State.OPENING);
        assertThat(fit.lines()).contains("data key 001 was retired in the backup and opens again: data are under it");
    }

    @Test
    void aRetiredKeyIsProvedToBeTheStoresOwn() throws StoreException {
        writeCheck(KeyRing.create(RANDOM, NOON), FIRST);

        assertThat(Refusals.codeOf(() -> fitOrFail(retired(two)))).isEqualTo(ErrorCode.KEYSTORE_IMPORT_FAILURE);
    }

    @Test
    void aKeyThatOnlyItsCheckKnowsMustBeThere() throws StoreException {
        writeCheck(one, FIRST);
        writeCheck(two, SECOND);

        Refusal refusal = Refusals.of(() -> fitOrFail(one));
        assertThat(refusal.code()).isEqualTo(ErrorCode.KEYSTORE_ROLLBACK_FAILURE);
        assertThat(refusal.reason()).contains("under key 002 nothing yet");
    }

    private void fitOrFail(KeyRing backup) {
        try {
            fit(backup);
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRotationOfFingerprintsThatWentFurtherThanTheBackupKnowsGoesOnFromThere() throws StoreException {
        KeyRing installed = one.withFingerprintKeys(keys -> keys.install(RANDOM, NOON));
        KeyRing activated = installed.withFingerprintKeys(FingerprintKeys::activate);
        writeRow(activated);

        assertThat(fit(installed).ring().fingerprintKeys()).isEqualTo(activated.fingerprintKeys());
    }

    @Test
    void aRotationOfFingerprintsThatTheBackupHasDoneAndTheRowsHaveNotGoesOn() throws StoreException {
        KeyRing activated =
                one.withFingerprintKeys(keys -> keys.install(RANDOM, NOON).activate());
        KeyRing finished = activated.withFingerprintKeys(keys -> keys.finish(true));
        assertThat(finished.fingerprintKeys().rewriting()).isFalse();
        writeRow(one);

        assertThat(fit(finished).ring().fingerprintKeys().rewriting()).isTrue();
    }

    /// A card that was purged before a rotation and came again after it: it has data, and its old fingerprint, wrapped.
    @Test
    void aPurgedCardThatCameAgainAfterARotationIsNotTakenForDamaged() throws StoreException {
        KeyRing rotated = refingerprinting(one);
        Fingerprint wrapped = new Fingerprinter(rotated.fingerprintKeys()).wrap(fingerprint(one, "4711"));
        KeyRing finished = rotated.withFingerprintKeys(keys -> keys.finish(true));
        writeRow(one, PLACE, wrapped, "4711");

        assertThat(fit(finished).lines()).containsExactly("1 of 1 settings and rows that were tried open, of 1 rows");
    }

    @Test
    void aFingerprintKeyOfTheSameVersionThatIsAnotherOneIsRefused() throws StoreException {
        KeyRing ours = refingerprinting(one);
        writeCheck(one, FIRST);
        // Both rings find all these, and they are more than are looked at of a data key.
        for (int i = 0; i < 150; i++) {
            writeRow(one, place(i), fingerprint(one, "4711" + i), "4711" + i);
        }
        writeRow(ours, PLACE, fingerprint(ours, "4712"), "4712");

        assertThat(fit(ours).lines()).containsExactly("102 of 102 settings and rows that were tried open, of 151 rows");
        Refusal refusal = Refusals.of(() -> fitOrFail(refingerprinting(one)));
        assertThat(refusal.code()).isEqualTo(ErrorCode.KEYSTORE_IMPORT_FAILURE);
        assertThat(refusal.reason()).contains("by its fingerprint key 2 none of the rows is found");
    }

    private Keks keks() {
        return new Keks(directory, new SecretReader(_ -> Optional.empty()), RANDOM);
    }

    private KeyRestore restore(String kek, boolean presentLost) {
        return restore(kek, new KeyRestore.Losses(presentLost, Set.of()));
    }

    private KeyRestore restore(String kek, KeyRestore.Losses losses) {
        return new KeyRestore(store, directory, keks(), KekUri.parse(kek), losses, RANDOM);
    }

    private KeyRestore restoreWithout(KeyId... callersLost) {
        return restore("file:kek.key", new KeyRestore.Losses(false, Set.of(callersLost)));
    }

    private static KeyRing callersRotated(KeyRing ring) {
        return ring.withCallerKeys(keys -> keys.install(RANDOM, NOON).activate(NOON));
    }

    /// As the vault encrypts for a caller.
    private void encryptForCaller(KeyRing ring) {
        KeptSeals seals = new KeptSeals(new SealedSettings(store, new Barrier(ring, SecureRandom::new)));
        new CallerCipher(ring, SecureRandom::new, seals).encrypt(PLACE.site(), Pan.parse(secret(TestCards.VISA)));
    }

    @Test
    void aCallersKeyThatHasEncryptedMustBeInTheBackupThoughNoKeystoreIsThereToSaySo() throws Exception {
        writeCheck(one, FIRST);
        encryptForCaller(callersRotated(one));
        Refusal refusal = refusalOf(() -> restoreWithout().restore(one, NOON));

        assertThat(refusal.code()).isEqualTo(ErrorCode.KEYSTORE_ROLLBACK_FAILURE);
        assertThat(refusal.reason())
                .contains("what callers encrypted under key E02", "take a later backup", "--callers-keys-lost E02`");
        assertThat(store.setting(Keystore.SETTING)).isEmpty();
        assertThat(restoreWithout().restore(callersRotated(one), NOON))
                .contains("callers' keys: E01 opening, E02 current; what callers encrypted is not here: each that was"
                        + " ever used has its ID there, and nothing proves that it is the same key");
    }

    @Test
    void aCallersKeyThatHasNeverEncryptedIsNotMissed() throws Exception {
        writeCheck(one, FIRST);
        encryptForCaller(one);

        assertThat(restoreWithout().restore(one, NOON)).contains("data keys: 001 current");
    }

    @Test
    void whoGivesUpALostCallersKeyGoesOnAndItsIdIsNeverUsedAgain() throws Exception {
        writeCheck(one, FIRST);
        encryptForCaller(callersRotated(one));
        List<String> lines = restoreWithout(new KeyId("E02")).restore(one, NOON);

        assertThat(lines)
                .contains(
                        "warning: callers' key E02 is lost: what it encrypted cannot be decrypted any more, and no key"
                                + " gets this ID again");
        KeyRing restored = kept("file:kek.key");
        assertThat(callersRotated(restored).callerKeys().current().id()).hasToString("E03");
    }

    @Test
    void onlyWhatIsLostCanBeGivenUp() throws Exception {
        writeCheck(one, FIRST);
        writeRow(two);
        encryptForCaller(callersRotated(one));

        for (String id : List.of("001", "E01", "E09")) {
            Refusal refusal = refusalOf(() -> restoreWithout(new KeyId(id)).restore(two, NOON));
            assertThat(refusal.code()).as(id).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        }
        Refusal refusal = refusalOf(() -> restoreWithout(new KeyId("E02")).restore(one, NOON));
        assertThat(refusal.code()).isEqualTo(ErrorCode.KEYSTORE_ROLLBACK_FAILURE);
        assertThat(refusal.reason()).contains("under key 002 1 rows").doesNotContain("E02", "--callers-keys-lost");
    }

    private void keep(KeyRing ring, String kek) throws StoreException {
        SealedData sealed = SealedRing.seal(ring, keks().openOrCreate(KekUri.parse(kek)), RANDOM);
        Optional<SealedData> before = store.setting(Keystore.SETTING);
        assertThat(store.setSetting(Keystore.SETTING, before, Optional.of(sealed)))
                .isTrue();
    }

    private KeyRing kept(String kek) throws StoreException {
        return SealedRing.open(
                store.setting(Keystore.SETTING).orElseThrow(), keks().open(KekUri.parse(kek), Optional.empty()));
    }

    private static Refusal refusalOf(Step step) {
        return Refusals.of(() -> {
            try {
                step.run();
            } catch (StoreException | IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private interface Step {
        void run() throws StoreException, IOException;
    }

    @Test
    void keysThatWereRetiredOrDestroyedSinceAreTold() throws Exception {
        keep(destroyed(two), "file:kek.key");

        assertThat(restore("file:kek.key", false).restore(two, NOON))
                .contains(
                        "warning: key 001 was destroyed since the backup, and opens again; retire and destroy it anew");
        keep(retired(two), "file:kek.key");
        assertThat(restore("file:kek.key", false).restore(two, NOON.plusSeconds(1)))
                .contains("warning: key 001 was retired since the backup, and opens again; retire and destroy it anew");
        keep(two, "file:kek.key");
        assertThat(restore("file:kek.key", false).restore(two, NOON.plusSeconds(2)))
                .noneMatch(line -> line.contains("since the backup"));
    }

    @Test
    void aWholeKeystoreUnderAnotherKekIsReplacedOnlyIfThatIsSaidToBeLost() throws Exception {
        keep(two, "file:hsm.key");
        SealedData before = store.setting(Keystore.SETTING).orElseThrow();
        Refusal refusal = refusalOf(() -> restore("file:kek.key", false).restore(one, NOON));

        assertThat(refusal.code()).isEqualTo(ErrorCode.KEYSTORE_NOT_INITIALIZED);
        assertThat(refusal.reason()).contains("wrapped by KEK ", "a file", "--config", "--present-keystore-lost");
        assertThat(store.setting(Keystore.SETTING)).contains(before);
        assertThat(directory.resolve("kek.key")).doesNotExist();

        assertThat(restore("file:kek.key", true).restore(two, NOON))
                .contains("warning: a new KEK was made, file:kek.key; keep a copy of it apart from the data");
        assertThat(kept("file:kek.key").dataKeys()).isEqualTo(two.dataKeys());
    }

    @Test
    void theKeystoreThatWasReplacedCanBePutBack() throws Exception {
        keep(two, "file:hsm.key");
        List<String> lines = restore("file:kek.key", true).restore(one, NOON);
        assertThat(lines).anyMatch(line -> line.contains("keystore-before-"));
        Path former = FormerKeystores.in(directory).getFirst();
        SealedData sealed = FormerKeystores.read(Files.readAllBytes(former)).orElseThrow();

        assertThat(refusalOf(() -> restore("file:kek.key", false).putBack(sealed, NOON))
                        .reason())
                .startsWith("the file is wrapped by KEK ");
        restore("file:hsm.key", true).putBack(sealed, NOON.plusSeconds(1));
        assertThat(kept("file:hsm.key").dataKeys()).isEqualTo(two.dataKeys());
    }
}
