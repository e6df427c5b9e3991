package cardsecure.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.admin.AdminFixture;
import java.nio.file.Files;
import java.nio.file.Path;
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
                $ key retire x
                ! cardsecure: error: a key ID has three digits or letters
                ! hint: `cardsecure key list` shows all
                exit 1
                """);
            assertThat(run("key", "list", "--rows", "--data=" + data()).text())
                    .containsPattern("001 +data +destroyed .* 0 rows, 0 settings")
                    .containsPattern("002 +data +current .* 0 rows, 2 settings")
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
    void theOtherKeys() throws Exception {
        try (AdminFixture server = AdminFixture.on(data())) {
            play("""
                $ key rotate --fingerprint
                fingerprint key 2 fingerprints from now on; older fingerprints are being made anew
                `cardsecure key job` shows how far that is
                $ key rotate --callers
                key E02 encrypts for callers from now on; older ones decrypt
                $ key retire E01
                key E01 is retired
                warning: what callers keep that it encrypted cannot be decrypted any more
                `cardsecure key reinstate E01` takes it back, `cardsecure key destroy E01` ends it for good
                $ key reinstate E01
                key E01 opens again
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
