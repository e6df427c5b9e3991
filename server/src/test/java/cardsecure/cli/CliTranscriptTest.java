package cardsecure.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.admin.AdminFixture;
import cardsecure.rocks.RocksSettings;
import cardsecure.rocks.RocksTokenStore;
import cardsecure.site.SiteSetting;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import java.io.IOException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What administrators type, and all that they see: `$` before a command, `!` before a line on standard error,
/// and the exit code where it is not 0.
class CliTranscriptTest extends CliTranscript {
    @Test
    void sitesFromTheFirstToTheLast() throws IOException, StoreException {
        try (AdminFixture server = AdminFixture.on(data())) {
            play("""
                $ site list
                there are no sites; `cardsecure site add NAME` adds one
                $ site add shop domains=C,A
                site shop added, number 1
                $ site add b default=on open=
                site b added, number 2
                $ site list
                b     domains C  open -  default
                shop  domains C,A  open tokenize,encrypt
                $ site set shop routing-check=on origins=https://shop.example.com
                routing-check: off -> on
                origins: (none) -> https://shop.example.com
                $ site set shop origins=
                origins: https://shop.example.com -> (none)
                $ site set shop routing-check=on
                nothing to change
                $ site remove b
                removing site b
                site b removed, it held no tokens
                """);
            assertThat(server.audit())
                    .hasSize(5)
                    .contains("site set shop: origins: https://shop.example.com -> (none)");
        }
    }

    @Test
    void aSiteThatHoldsTokens() throws IOException, StoreException {
        try (AdminFixture server = AdminFixture.on(data())) {
            play("$ site add shop\nsite shop added, number 1\n");
            server.putToken("shop");
            play("""
                $ site remove shop
                removing site shop
                ! cardsecure: error: site shop holds tokens
                ! hint: --destroy-tokens destroys them with it, for good
                exit 1
                $ site remove shop --destroy-tokens
                removing site shop
                site shop removed, with all its tokens
                """);
        }
    }

    @Test
    void signing() throws IOException, StoreException {
        try (AdminFixture server = AdminFixture.on(data())) {
            play("""
                $ site add shop
                site shop added, number 1
                $ site signing on shop
                signing: off -> on
                warning: shop has no key, so that every request is refused until `cardsecure site signing new-key shop`
                $ site signing drop-old shop
                nothing to change: no two keys of shop count
                $ site signing off shop
                signing: on -> off
                """);
            Run made = run("site", "signing", "new-key", "shop", "--data=" + data());
            assertThat(made.lines())
                    .filteredOn(line -> line.matches("[0-9a-f]{64}"))
                    .hasSize(1);
            assertThat(made.text())
                    .contains("! this is the key of shop, in hex; it is not shown again; no other counts");
            String key = made.lines().stream()
                    .filter(line -> !line.startsWith("!"))
                    .findFirst()
                    .orElseThrow();
            assertThat(run("site", "show", "shop", "--data=" + data()).text())
                    .contains("\na key to sign requests with\n")
                    .doesNotContain(key);
            assertThat(run("site", "signing", "new-key", "shop", "--keep-old", "--data=" + data())
                            .text())
                    .contains("the one before counts on")
                    .doesNotContain(key);
            play("""
                $ site signing new-key shop --keep-old
                ! cardsecure: error: two keys of the site count already, maybe of an attempt that seemed to fail
                ! hint: drop the one that no client has: `cardsecure site signing drop-old` the older one, \
                `drop-new` the newer one
                exit 1
                $ site signing drop-new shop
                the newest key of shop counts no more, the one before it does
                """);
            assertThat(run("site", "signing", "new-key", "shop", "--keep-old", "--data=" + data())
                            .exit())
                    .isZero();
            play("""
                $ site signing drop-old shop
                the key of shop before its newest counts no more
                """);
            assertThat(server.audit())
                    .contains(
                            "site set shop: signing: off -> on",
                            "site signing new-key shop: a new key, no other counts",
                            "site signing new-key shop: a new key, the one before counts on",
                            "site signing drop-new shop: the newest key counts no more, the one before it does",
                            "site signing drop-old shop: the key before the newest counts no more")
                    .noneMatch(line -> line.contains(key));
        }
    }

    @Test
    void storingInClear() throws IOException, StoreException {
        try (AdminFixture _ = AdminFixture.on(data())) {
            play("""
                $ site add shop
                site shop added, number 1
                $ site set shop encryption=off
                ! cardsecure: error: encryption: encryption is on or \
                off-store-in-clear-because-the-database-is-encrypted, spelled out
                ! hint: `cardsecure site set --help` lists every setting and its values
                exit 1
                $ site set shop encryption=off-store-in-clear-because-the-database-is-encrypted
                encryption: on -> off-store-in-clear-because-the-database-is-encrypted
                warning: CLEAR STORAGE: from now on, what this site takes in is kept in clear
                $ site list
                shop  domains C  open tokenize,encrypt  CLEAR STORAGE
                """);
        }
    }

    @Test
    void mistakes() throws IOException, StoreException {
        try (AdminFixture _ = AdminFixture.on(data())) {
            play("""
                $ site add Shop
                ! cardsecure: error: a site's name has 1 to 63 lower-case letters, digits and hyphens, as a host \
                name's label
                ! hint: `cardsecure site set --help` lists every setting and its values
                exit 1
                $ site add shop domain=C
                ! cardsecure: error: a site has no setting domain; did you mean domains?
                ! hint: `cardsecure site set --help` lists every setting and its values
                exit 1
                $ site add shop
                site shop added, number 1
                $ site add shop
                ! cardsecure: error: there is a site shop already
                ! hint: `cardsecure site list` and `cardsecure site show NAME` show what there is
                exit 1
                $ site show shpo
                ! cardsecure: error: there is no site of that name
                ! hint: did you mean shop?
                exit 1
                """);
        }
    }

    @Test
    void mistakesAreNamed() throws IOException, StoreException {
        String keys = Arrays.stream(SiteSetting.values()).map(SiteSetting::key).collect(Collectors.joining(", "));
        try (AdminFixture _ = AdminFixture.on(data())) {
            play("""
                $ site add zz domains=C foo=1 bar=2
                ! cardsecure: error: a site has no setting foo; there are KEYS
                ! hint: `cardsecure site set --help` lists every setting and its values
                exit 1
                $ site add zz 4444=1
                ! cardsecure: error: a site has no such setting; there are KEYS
                ! hint: `cardsecure site set --help` lists every setting and its values
                exit 1
                $ site add zz open=foo
                ! cardsecure: error: open: a right is one of tokenize, verify, purge, bin, encrypt, decrypt
                ! hint: `cardsecure site set --help` lists every setting and its values
                exit 1
                $ site remove nosuch
                ! cardsecure: error: there is no site of that name
                ! hint: site list shows those there are
                exit 1
                """.replace("KEYS", keys));
            Run wrong = run("site", "frob", "x", "--data=" + data());
            assertThat(wrong.exit()).isEqualTo(2);
            assertThat(wrong.lines())
                    .first()
                    .isEqualTo(
                            "! cardsecure: error: there is no command 'frob'; there are add, list, show, set, remove,"
                                    + " signing, rsa-key");
            assertThat(run("site", "remov", "x").text()).contains("did you mean remove");
        }
    }

    @Test
    void rsaKeysFromTheFirstToTheLast() throws IOException, StoreException {
        try (AdminFixture server = AdminFixture.on(data())) {
            play("""
                $ site add shop
                site shop added, number 1
                $ site rsa-key list shop
                the site has no RSA key; `cardsecure site rsa-key new SITE` makes one
                $ site rsa-key export shop
                ! cardsecure: error: the site has no RSA key
                ! hint: `cardsecure site rsa-key new shop` makes one
                exit 1
                $ site rsa-key new shop --bits 1024
                ! cardsecure: error: an RSA key has 2048, 3072 or 4096 bits
                ! hint: `cardsecure site rsa-key new --help` says which there are
                exit 1
                $ site rsa-key new shop --padding oaep
                ! cardsecure: error: an RSA key's padding is pkcs1 or oaep-sha256
                ! hint: `cardsecure site rsa-key new --help` says which there are
                exit 1
                $ site rsa-key new shpo
                ! cardsecure: error: there is no site of that name
                ! hint: did you mean shop?
                exit 1
                """);
            assertThat(run("site", "rsa-key", "new", "shop", "--data=" + data()).text())
                    .matches("making a key of 2048 bits\nRSA key 1, 2048 bits, pkcs1, SHA-256 [0-9a-f]{64}\n"
                            + "KG of shop gives this one now");
            assertThat(run("site rsa-key new shop --padding oaep-sha256 --data=DATA"
                                    .replace("DATA", data().toString())
                                    .split(" "))
                            .text())
                    .contains("\nRSA key 2, 2048 bits, oaep-sha256, SHA-256 ")
                    .contains("\nkey 1 goes on decrypting; when no caller uses it any more: cardsecure site rsa-key"
                            + " remove shop --key 1\n")
                    .contains("\nwarning: callers that fetch the key with KG must change to oaep-sha256 with it");
            assertThat(run("site", "rsa-key", "list", "shop", "--data=" + data())
                            .text())
                    .matches("  2  2048 bits  oaep-sha256  2[-0-9]+T[:0-9]+Z  [0-9a-f]{64}\n"
                            + "  1  2048 bits  pkcs1        2[-0-9]+T[:0-9]+Z  [0-9a-f]{64}");
            play("""
                $ site rsa-key export shop --key 3
                ! cardsecure: error: the site has no RSA key of that number
                ! hint: `cardsecure site rsa-key list shop` shows those it has
                exit 1
                $ site rsa-key remove shop --key 3
                ! cardsecure: error: the site has no RSA key of that number
                ! hint: `cardsecure site rsa-key list` shows those it has
                exit 1
                $ site rsa-key remove shop --key 2
                RSA key 2 of shop removed
                warning: KG of shop gives key 1 again
                $ site rsa-key remove shop --key 1
                RSA key 1 of shop removed
                warning: shop has no RSA key any more: CR, AR, PR, SR and KG get 0049
                """);
            assertThat(server.audit())
                    .anyMatch(line ->
                            line.matches("site rsa-key new shop: key 1, 2048 bits, pkcs1, SHA-256 [0-9a-f]{64}"))
                    .contains("site rsa-key remove shop/2: removed");
        }
    }

    @Test
    void anExportedKeyIsWhatEveryLibraryReads() throws Exception {
        try (AdminFixture _ = AdminFixture.on(data())) {
            run("site", "add", "shop", "--data=" + data());
            run("site", "rsa-key", "new", "shop", "--bits=3072", "--data=" + data());
            List<String> pem =
                    run("site", "rsa-key", "export", "shop", "--data=" + data()).lines();
            String bare = run("site", "rsa-key", "export", "shop", "--format=base64", "--key=1", "--data=" + data())
                    .text();

            assertThat(pem).startsWith("-----BEGIN PUBLIC KEY-----").endsWith("-----END PUBLIC KEY-----");
            assertThat(String.join("", pem.subList(1, pem.size() - 1))).isEqualTo(bare);
            assertThat(pem).allMatch(line -> line.length() <= 64);
            KeyFactory.getInstance("RSA")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(bare)));
            String json = run("site", "rsa-key", "list", "shop", "--json", "--data=" + data())
                    .text();
            assertThat(json).contains("\"publicKey\" : \"" + bare + "\"").doesNotContain("rivate");
        }
    }

    @Test
    void noServer() {
        play("""
            $ status
            ! cardsecure: error: no server runs on data directory DATA
            ! hint: start one with `cardsecure serve --data DATA`, or name the running one's with --data
            exit 1
            $ site list
            ! cardsecure: error: no server runs on data directory DATA
            ! hint: start one with `cardsecure serve --data DATA`, or name the running one's with --data
            exit 1
            """);
    }

    @Test
    void slipsOfThePen() {
        play("""
            $ status --jsn
            ! cardsecure: error: unknown option: '--jsn'
            ! hint: did you mean --json? `cardsecure status --help` says what there is
            exit 2
            $ site set shop domains
            ! cardsecure: error: a setting is KEY=VALUE, such as domains=C,A
            ! hint: `cardsecure site set --help` says what there is
            exit 2
            """);
    }

    @Test
    void theStatus() throws IOException, StoreException {
        try (AdminFixture _ = AdminFixture.on(data())) {
            play("""
                $ status
                version    0.1.0, for trying out (--dev)
                vault      00112233445566778899aabbccddeeff
                started    2026-11-23T10:00:00Z, 1d 02:03:04 ago
                listening  http 127.0.0.1:6080
                store      memory in data, ok
                rows       about 3
                disk       5.0 GiB free
                KEK        0123456789abcdef, file:kek.key
                data keys  001
                key backup none
                warning    no key backup has data key 001, fingerprint key 1, callers' key E01; \
                `cardsecure key backup` makes one
                sites      0
                requests   7 answered, 2 refused
                in flight  1
                turned off 4 asked too often, 5 found no room, 6 came from elsewhere
                users      0, 3 failed logins
                RSA        7 failed decryptions
                """);
            assertThat(run("status", "--json", "--data=" + data()).text())
                    .contains("\"vault\" : \"00112233445566778899aabbccddeeff\"")
                    .contains("\"uptime\" : \"PT26H3M4S\"")
                    .contains("\"approximateRows\" : 3");
        }
    }

    @Test
    void aStoreThatCannotBeVerifiedGetsTheAdviceOfItsKind() throws StoreException {
        assertThat(run("store", "verify", "--store=postgresql://cs@127.0.0.1:1/vault", "--data=" + data())
                        .lines())
                .last()
                .asString()
                .contains("hint: see that the database answers", "nothing was changed")
                .doesNotContain("stop");
        try (RocksTokenStore open =
                RocksTokenStore.open(data().resolve("store"), new RocksSettings(1 << 20, 1 << 20, 0))) {
            assertThat(open.setSetting("s", Optional.empty(), Optional.of(new SealedData(new byte[] {1}))))
                    .isTrue();
            assertThat(run("store", "verify", "--data=" + data()).lines())
                    .containsExactly(
                            "! cardsecure: error: the store is open already, by a server or another command, which has"
                                    + " to stop first: " + data().resolve("store"),
                            "! hint: no server may run on an embedded store meanwhile; nothing was changed");
        }
    }

    @Test
    void showingASiteSaysWhatEachSettingMeans() throws IOException, StoreException {
        try (AdminFixture _ = AdminFixture.on(data())) {
            run("site", "add", "shop", "--data=" + data());
            String shown = run("site", "show", "shop", "--data=" + data()).text();
            assertThat(shown).startsWith("site shop, number 1\n").contains("domains=C\n");
            for (SiteSetting setting : SiteSetting.values()) {
                assertThat(shown).contains("# " + setting.meaning() + "\n" + setting.key() + "=");
            }
            assertThat(run("site", "show", "shop", "--json", "--data=" + data()).text())
                    .contains("\"domains\" : \"C\"");
            assertThat(run("site", "list", "--json", "--data=" + data()).text()).contains("\"name\" : \"shop\"");
        }
    }
}
