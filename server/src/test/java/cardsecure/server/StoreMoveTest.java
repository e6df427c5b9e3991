package cardsecure.server;

import static cardsecure.TestCards.AMEX;
import static cardsecure.TestCards.CARDS;
import static cardsecure.TestCards.MASTERCARD;
import static cardsecure.TestCards.VISA;
import static cardsecure.TestCards.VISA_ONES;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.admin.AdminClient;
import cardsecure.admin.AdminRequest;
import cardsecure.postgres.TestPostgres;
import cardsecure.rocks.Tampering;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A vault is filled, copied, and served from the copy: the program as operators run it.
@Timeout(300)
class StoreMoveTest {
    @TempDir
    Path temporary;

    private final Map<String, String> tokens = new HashMap<>();

    private record Said(int exit, String text) {}

    private Said store(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(ServerProcess.program());
        command.add("store");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }

    private String done(String... arguments) throws IOException, InterruptedException {
        Said said = store(arguments);
        assertThat(said.exit()).as(said.text()).isZero();
        return said.text();
    }

    private String fails(String... arguments) throws IOException, InterruptedException {
        Said said = store(arguments);
        assertThat(said.exit()).as(said.text()).isEqualTo(1);
        return said.text();
    }

    private Path data(String name) {
        return temporary.resolve(name);
    }

    private String rocks(String name) {
        return "rocksdb:" + data(name).resolve("store");
    }

    private void ownersDirectory(String name) throws IOException {
        Files.createDirectory(
                data(name), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /// A data directory with the KEK, and no store.
    private void prepare(String name) throws IOException {
        ownersDirectory(name);
        Files.copy(data("a").resolve("kek.key"), data(name).resolve("kek.key"));
    }

    private void fill(Path data) throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            new AdminClient(data)
                    .call(
                            new AdminRequest.SiteSet(
                                    "dev", Map.of("open", "tokenize,verify,purge,bin,encrypt,decrypt")),
                            _ -> {});
            try (Client client = server.client()) {
                for (String card : CARDS) {
                    tokens.put(card, client.call("CE", card));
                }
                String purged = client.call("CE", AMEX);
                assertThat(client.call("CP", purged)).isEqualTo(purged);
            }
            assertThat(fails("copy", "--from", "rocksdb:" + data.resolve("store"), "--to", rocks("never")))
                    .contains("open already, by a server", "has to stop first");
            server.terminate();
        }
    }

    private void assertServes(Path data, String... options) throws Exception {
        try (ServerProcess server = ServerProcess.start(data, options);
                Client client = server.client()) {
            for (String card : CARDS) {
                String token = client.call("CE", card);
                assertThat(token).isEqualTo(tokens.get(card));
                assertThat(client.call("CD", token)).isEqualTo(card);
            }
            assertThat(client.call("CE", VISA_ONES)).isNotEmpty();
            server.terminate();
        }
    }

    @Test
    void aVaultServesFromItsCopyAndEveryCardKeepsItsToken() throws Exception {
        fill(data("a"));
        prepare("b");

        String said = done("copy", "--from", rocks("a"), "--to", rocks("b"));

        assertThat(said)
                .contains("rows: " + CARDS.size() + ", checksum ", "the same in both", "with the same KEK")
                .doesNotContain(VISA);
        assertThat(done("verify", "--data", data("b").toString()))
                .contains(CARDS.size() + " rows (1 purged", "no fault");
        assertServes(data("b"));
        assertThat(fails("copy", "--from", rocks("a"), "--to", rocks("b"))).contains("holds this vault already");
        assertThat(fails("copy", "--from", rocks("a"), "--to", "rocksdb:" + data("b")))
                .contains("has files that are no store's");
        assertThat(data("b").resolve("CURRENT")).doesNotExist();
    }

    @Test
    void aVaultGoesToPostgresqlAndBack() throws Exception {
        fill(data("a"));
        var location = TestPostgres.newEmptyDatabase();
        String url =
                "postgresql://" + location.user() + "@" + location.servers().getFirst() + "/" + location.database();
        prepare("b");

        done("copy", "--from", rocks("a"), "--to", url);
        assertThat(done("verify", "--store", url, "--data", data("a").toString()))
                .contains("no fault");
        Files.move(
                data("a").resolve("store"), Files.createDirectory(data("kept")).resolve("store"));
        try (ServerProcess server = ServerProcess.start(data("a"), "--store", url)) {
            assertThat(fails("copy", "--from", url, "--to", rocks("b"))).contains("is being served, by ");
            assertThat(fails("copy", "--from", rocks("kept"), "--to", url)).contains("is being served, by ");
            server.terminate();
        }
        assertServes(data("a"), "--store", url);
        done("copy", "--from", url, "--to", rocks("b"));

        assertServes(data("b"));
    }

    @Test
    void anUnfinishedCopyIsNotServedNorRestoredInto() throws Exception {
        fill(data("a"));
        try (Tampering tampering = new Tampering(data("a").resolve("store"))) {
            // Before all rows.
            tampering.putRow(new byte[] {0, 0, 0, 1, 'C', '!'}, new byte[] {1});
        }
        ownersDirectory("b");
        String said = fails("copy", "--from", rocks("a"), "--to", rocks("b"));
        assertThat(said).contains("is damaged and cannot be read: key 000000014321", "--skip-damaged");
        try (ServerProcess server = ServerProcess.launchDev(data("b"))) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.errors()).contains("is an unfinished copy of " + rocks("a"));
        }
        assertThat(data("b").resolve("kek.key")).doesNotExist();
        assertThat(fails("verify", "--data", data("b").toString())).contains("is an unfinished copy");
        assertThat(fails("verify", "--data", data("a").toString()))
                .contains("fault: key 000000014321: cannot be read", "1 faults");

        assertThat(done("copy", "--from", rocks("a"), "--to", rocks("b"), "--skip-damaged"))
                .contains("left behind: key 000000014321", "1 rows were damaged and are not in the copy");
        Files.copy(data("a").resolve("kek.key"), data("b").resolve("kek.key"));
        assertServes(data("b"));
        assertThat(tokens).containsKey(MASTERCARD);
    }

    @Test
    void aCommandThatCannotBeDoneSaysWhatToDo() throws Exception {
        assertThat(fails("copy", "--from", rocks("none"), "--to", rocks("b"))).contains("there is no store in");
        assertThat(fails("copy", "--from", rocks("b"), "--to", rocks("b"))).contains("name the same store");
        assertThat(fails("verify", "--data", data("none").toString())).contains("there is no store in");
        assertThat(data("b")).doesNotExist();
        assertThat(store("copy", "--from", "mysql:x", "--to", "rocksdb:").exit())
                .isEqualTo(2);
    }
}
