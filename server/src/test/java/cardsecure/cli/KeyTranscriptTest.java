package cardsecure.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.admin.AdminFixture;
import cardsecure.card.Domain;
import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import cardsecure.token.Token;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// As [CliTranscriptTest], of the life of keys.
@Timeout(60)
class KeyTranscriptTest extends CliTranscript {
    @Test
    void aDataKeyFromTheFirstToTheLast() throws Exception {
        try (AdminFixture server = AdminFixture.on(data())) {
            play("""
                $ site add shop
                site shop added, number 1
                $ key rotate
                data key 002 seals from now on; older ones open what they have sealed
                `cardsecure key reseal` seals that anew
                warning: no key backup has data key 001, data key 002, fingerprint key 1, callers' key E01; \
                `cardsecure key backup` makes one
                $ key retire 001
                ! cardsecure: error: 0 rows and 3 settings still need key 001
                ! hint: `cardsecure key reseal` rewrites them
                exit 1
                $ key destroy 001
                ! cardsecure: error: key 001 is opening, and only one that is retired can be destroyed
                ! hint: `cardsecure key list` shows all
                exit 1
                $ key reseal
                resealing has begun
                `cardsecure key job` shows how far it is
                """);
            awaitNoJob();
            play("""
                $ key job
                no job runs
                $ key job --pause
                ! cardsecure: error: no job runs
                ! hint: `cardsecure key reseal` begins one
                exit 1
                $ key retire 001
                key 001 is retired: no row and no setting needs it
                `cardsecure key reinstate 001` takes it back, `cardsecure key destroy 001` ends it for good
                """);
            Path former = Files.writeString(data().resolve("keystore-before-1"), "as a restore keeps it");
            play("""
                $ key destroy 001
                ! cardsecure: error: key 001 may be in keystores that a restore has replaced: DATA/keystore-before-1
                ! hint: delete them, if nothing of them is needed any more, and try again
                exit 1
                """);
            assertThat(run("status", "--data=" + data()).text())
                    .contains("warning    former keystores, which `key destroy` does not reach: keystore-before-1");
            Files.delete(former);
            assertThat(run("status", "--data=" + data()).text()).doesNotContain("former");
            play("""
                $ key destroy 001
                key 001 is destroyed, here
                warning: backups of the keystore from before have it still
                $ key retire 999
                ! cardsecure: error: there is no key of that ID
                ! hint: `cardsecure key list` shows all
                exit 1
                """);
            assertThat(run("key", "list", "--rows", "--data=" + data()).text())
                    .containsPattern("001 +data +destroyed .* 0 rows, 0 settings")
                    .containsPattern("002 +data +current .* 0 rows, 4 settings")
                    .containsPattern("1 +fingerprint +current .* 0 rows")
                    .containsPattern("E01 +callers +current");
            assertThat(server.audit())
                    .contains(
                            "key rotate data: data key 002 seals from now on; older ones open what they have sealed",
                            "key retire 001: key 001 is retired: no row and no setting needs it",
                            "key destroy 001: key 001 is destroyed, here");
        }
    }

    @Test
    void keysThatNoBackupHasAreToldUntilOneHasThem() throws Exception {
        Path secret = directory.resolve("passphrase");
        Files.writeString(secret, "correct horse battery staple");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        try (AdminFixture server = AdminFixture.on(data())) {
            assertWarned("data key 001, fingerprint key 1, callers' key E01");
            assertThat(backup("nowhere/keys.backup", secret).lines())
                    .containsExactly(
                            "! cardsecure: error: there is no directory " + directory.resolve("nowhere"),
                            "! hint: make it first, or name a file in one that there is");
            assertThat(directory.resolve("nowhere")).doesNotExist();
            // A backup that could not be written is none.
            assertThat(backup("passphrase/keys.backup", secret).exit()).isEqualTo(1);
            assertWarned("data key 001, fingerprint key 1, callers' key E01");
            assertThat(backup("1.backup", secret).text())
                    .contains("all keys are in ")
                    .doesNotContain("warning");
            assertWarnsNobody("generation 1");

            assertThat(run("key", "rotate", "--data=" + data()).lines())
                    .last()
                    .isEqualTo("warning: " + warning("data key 002"));
            assertWarned("data key 002");
            assertThat(run("key", "rotate", "--callers", "--data=" + data()).lines())
                    .last()
                    .isEqualTo("warning: " + warning("data key 002, callers' key E02"));
            assertThat(run("key", "rotate", "--fingerprint", "--data=" + data()).lines())
                    .last()
                    .isEqualTo("warning: " + warning("data key 002, fingerprint key 2, callers' key E02"));
            awaitNoJob();
            assertWarned("data key 002, fingerprint key 2, callers' key E02");
            assertThat(backup("2.backup", secret).exit()).isZero();
            assertWarnsNobody("generation ");
            assertThat(server.audit()).contains("key backup generation 1: it is kept in a file");
        }
    }

    private Run backup(String file, Path secret) {
        return run(
                "key",
                "backup",
                "--out=" + directory.resolve(file),
                "--passphrase=file:" + secret,
                "--memory=19",
                "--data=" + data());
    }

    private static String warning(String keys) {
        return "no key backup has " + keys + "; `cardsecure key backup` makes one";
    }

    private void assertWarned(String keys) {
        assertThat(run("status", "--data=" + data()).lines()).contains("warning    " + warning(keys));
        assertThat(run("key", "list", "--data=" + data()).lines()).contains("warning: " + warning(keys));
    }

    private void assertWarnsNobody(String last) {
        assertThat(run("status", "--data=" + data()).text())
                .containsPattern("key backup 20.*, " + last)
                .doesNotContain("no key backup");
        assertThat(run("key", "list", "--data=" + data()).text())
                .containsPattern("last key backup: 20.*, " + last)
                .doesNotContain("no key backup");
    }

    @Test
    void aJobThatFailedSaysHowItGoesOn() throws Exception {
        TokenStore store = new MemoryTokenStore();
        try (AdminFixture _ = AdminFixture.on(data(), store, false)) {
            run("site", "add", "shop", "--data=" + data());
            // Sealed under the key, for another place.
            store.write(List.of(new Change.Insert(new TokenRow(
                    new TokenPlace(new SiteId(1), Domain.CARD, new Token("9444433332221111")),
                    Optional.empty(),
                    store.setting("site/0000000001")))));
            run("key", "rotate", "--data=" + data());
            assertThat(run("key", "reseal", "--watch", "--data=" + data()))
                    .satisfies(run -> assertThat(run.exit()).isEqualTo(1))
                    .satisfies(run ->
                            assertThat(run.lines()).last().asString().contains("`cardsecure store verify` names"));
            for (String shown : List.of("job", "list")) {
                assertThat(run("key", shown, "--data=" + data()).lines())
                        .anyMatch(line -> line.matches("reseal failed: 1 rows.*, 1 FAILED"))
                        .last()
                        .asString()
                        .contains("`cardsecure store verify` names", "then `cardsecure key job --resume`");
            }
        }
    }

    @Test
    void whileTheStoreIsGoneNothingThatOnlyReadsClaimsThatItMayHaveChanged() throws Exception {
        boolean[] gone = new boolean[1];
        TokenStore store = new ForwardingTokenStore(new MemoryTokenStore()) {
            @Override
            public Optional<SealedData> setting(String name) throws StoreException {
                if (gone[0]) {
                    throw new StoreException("the database is gone");
                }
                return super.setting(name);
            }
        };
        try (AdminFixture _ = AdminFixture.on(data(), store, false)) {
            gone[0] = true;
            play("""
                $ key list
                ! cardsecure: error: the store failed: the database is gone
                ! hint: nothing was changed; `cardsecure status` shows the store's health
                exit 1
                """);
            assertThat(run("key", "rotate", "--data=" + data()).text()).contains("may be kept or not");
            assertThat(run("status", "--data=" + data()).lines())
                    .contains(
                            "key backup unknown",
                            "warning    the store does not tell whether a key backup has all keys");
        }
    }

    @Test
    void theOtherKeys() throws Exception {
        try (AdminFixture server = AdminFixture.on(data())) {
            assertThat(run("key", "rotate", "--fingerprint", "--data=" + data()).lines())
                    .startsWith(
                            "fingerprint key 2 fingerprints from now on; older fingerprints are being made anew",
                            "`cardsecure key job` shows how far that is");
            awaitNoJob();
            play("""
                $ key rotate --callers
                key E02 encrypts for callers from now on; older ones decrypt
                warning: no key backup has data key 001, fingerprint key 2, callers' key E01, callers' key E02; \
                `cardsecure key backup` makes one
                $ key retire E01
                key E01 is retired
                warning: what callers keep that it encrypted cannot be decrypted any more
                `cardsecure key reinstate E01` takes it back, `cardsecure key destroy E01` ends it for good
                $ key reinstate E01
                key E01 opens again
                $ key retire x
                ! cardsecure: error: a key ID has three digits or letters
                ! hint: `cardsecure key list` shows all
                exit 1
                """);
            awaitNoJob();
            assertThat(run("key", "list", "--json", "--data=" + data()).text())
                    .contains("\"use\" : \"fingerprint\"")
                    .contains("\"state\" : \"opening\"");
            assertThat(server.audit()).contains("key reinstate E01: key E01 opens again");
        }
    }

    private void awaitNoJob() {
        while (!run("key", "job", "--data=" + data()).text().equals("no job runs")) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
