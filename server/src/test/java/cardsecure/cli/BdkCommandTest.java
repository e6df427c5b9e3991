package cardsecure.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.admin.AdminFixture;
import cardsecure.dukpt.KeyBlockKey;
import cardsecure.dukpt.KeyBlockMaker;
import cardsecure.secret.SecretBytes;
import cardsecure.store.MemoryTokenStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What custodians type to load base keys, and all that they see. Check values are OpenSSL's.
class BdkCommandTest extends BdkTranscript {
    @Test
    void aKeyOfTwoComponents() {
        play("""
            $ bdk list
            there are no base keys; `cardsecure bdk add SITE KEYSET` loads one
            $ bdk add shop 6299490119
            > 11223344 55667788 9900AABB CCDDEEFF
            component 1 of 2 taken, check value 5ED7EA
            the next custodian has an hour, from the first component on, to enter the next in the same way
            $ bdk list
            there are no base keys; `cardsecure bdk add SITE KEYSET` loads one
            shop 6299490119: 1 of 2 components entered, forgotten at 2026-11-23T11:00:00Z
            $ bdk add shop 6299490119
            > 0f1e2d3c4b5a69788796a5b4c3d2e1f0
            ! cardsecure: error: USER has entered another component, and nobody should know two of a key
            ! hint: another custodian enters it, as another user; or say --one-custodian, which is recorded
            exit 1
            $ bdk add shop 6299490119 --one-custodian
            > 0f1e2d3c4b5a69788796a5b4c3d2e1f0
            component 2 of 2 taken, check value 819DB1
            warning: USER has entered another component of this key, too; nobody should know two
            base key of shop for 6299490119 loaded: tdes, data-one-way, check value 684A2A
            $ bdk list shop
            shop  6299490119        tdes     data-one-way  684A2A      2026-11-23T10:00:00Z
            $ bdk add shop 6299490119
            > 11223344556677889900AABBCCDDEEFF
            ! cardsecure: error: the site has a base key for this key set
            ! hint: `cardsecure bdk list` shows its check value, `cardsecure bdk remove` destroys it
            exit 1
            $ bdk remove shop 6299490119
            base key of shop for 6299490119 removed: what its readers encrypt can be read no more
            $ bdk remove shop 6299490119
            ! cardsecure: error: the site has no base key for this key set
            ! hint: `cardsecure bdk list` shows those it has
            exit 1
            """);
        assertThat(servers.getFirst().audit())
                .contains(
                        "bdk add shop 6299490119: loaded of components of one custodian: tdes, data-one-way, check"
                                + " value 684A2A",
                        "bdk add shop 6299490119: component 1 of 2 taken, check value 5ED7EA",
                        "bdk add shop 6299490119: component 2 of 2 taken, check value 819DB1; the same user entered"
                                + " another one",
                        "bdk remove shop 6299490119: removed")
                .noneMatch(line ->
                        line.contains("112233") || line.toUpperCase(Locale.ROOT).contains(TWO));
    }

    @Test
    void aKeyBlockUnderAKeyBlockKey() throws Exception {
        Path file = privateFile("component", "22".repeat(32));
        Random random = new Random(5);
        byte[] protection = new byte[32];
        for (int i = 0; i < protection.length; i++) {
            protection[i] = (byte) (0x22 ^ i * 7);
        }
        byte[] second = new byte[32];
        for (int i = 0; i < second.length; i++) {
            second[i] = (byte) (protection[i] ^ 0x22);
        }
        KeyBlockKey kek = new KeyBlockKey(KeyBlockKey.Cipher.AES, SecretBytes.copyOf(protection));
        String block = KeyBlockMaker.aes(kek, "B0AX00N", SecretBytes.copyOf(protection, 3, 16), random);
        Path blockFile = Files.writeString(directory.resolve("bdk.tr31"), block + "\n");
        play("""
            $ bdk add shop 12345678 --key-block FILE
            ! cardsecure: error: there is no key-block key
            ! hint: `cardsecure bdk kek add` loads one, of components
            exit 1
            """.replace("FILE", blockFile.toString()));
        assertThat(run("bdk", "kek", "add", "--component", "file:" + file).text())
                .contains("component 1 of 2 taken, check value ");
        typed.add(HexFormat.of().formatHex(second));
        assertThat(run("bdk", "kek", "add", "--one-custodian").text())
                .contains("key-block key loaded: aes, 256 bits, check value " + kek.checkValue());
        Run imported = run("bdk", "add", "shop", "12345678", "--key-block", blockFile.toString());
        assertThat(imported.text())
                .contains("base key of shop for 12345678 loaded: aes-128, aes-128-data, check value ");
        assertThat(run("bdk", "list").text())
                .contains("shop  12345678          aes-128  aes-128-data  ")
                .contains("key-block key: aes, 256 bits, check value " + kek.checkValue()
                        + "; one custodian entered more than one of its components");
        assertThat(run("bdk", "list", "--json").text())
                .contains("\"checkValue\"")
                .doesNotContain(block);
        play("""
            $ bdk kek remove
            key-block key removed; base keys that were imported under it stay as they are
            $ bdk kek remove
            ! cardsecure: error: there is no key-block key
            ! hint: `cardsecure bdk kek add` loads one
            exit 1
            """);
        assertThat(servers.getFirst().audit())
                .anyMatch(line -> line.startsWith("bdk kek add kek: loaded of components of one custodian: aes"))
                .anyMatch(line -> line.startsWith("bdk add shop 12345678: loaded of a key block under "
                        + kek.checkValue() + " (one custodian entered more than one of its components): "))
                .noneMatch(line -> line.contains(block));
    }

    @Test
    void keysThatProtectLessThanTheyShouldAreMarked() throws Exception {
        stop();
        servers.add(AdminFixture.on(data(), new MemoryTokenStore(), true));
        run("site", "add", "shop");
        load("FFFF987654", "0123456789ABCDEFFEDCBA9876543210");
        load("FFFF987655", "1234567890ABCDEF1234567890ABCDEF");
        load("FFFF987656", TWO);
        Run list = run("bdk", "list");

        assertThat(list.lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("shop  FFFF987654  ")
                                .endsWith("Z; it is a published test key, which everybody knows"),
                        line -> assertThat(line)
                                .startsWith("shop  FFFF987655  ")
                                .endsWith("Z; parts of it are the same, so that it is worth less than its length"),
                        line -> assertThat(line)
                                .startsWith("shop  FFFF987656  ")
                                .endsWith("Z"));
        assertThat(run("bdk", "list", "--json").text())
                .contains(
                        "\"weakness\" : \"it is a published test key, which everybody knows\"", "\"weakness\" : \"\"");
    }

    private void load(String keySet, String key) {
        for (String component : List.of(ONE, xor(ONE, key))) {
            typed.add(component);
            run("bdk", "add", "shop", keySet);
        }
    }

    @Test
    void aReaderThatIsNotKnownCannotBeForgotten() {
        play("""
            $ bdk forget-reader shop FFFF9876543210E00000
            ! cardsecure: error: no counter is kept of this reader
            ! hint: a reader is named as the log does: its KSN with a counter of 0, in hexadecimal digits
            exit 1
            """);
    }

    @Test
    void baseKeysGoWithTheirSite() {
        for (String component : List.of(ONE, TWO)) {
            typed.add(component);
            run("bdk", "add", "shop", "FFFF987654", "--one-custodian");
        }
        assertThat(run("bdk", "list").text()).contains("FFFF987654");
        play("""
            $ site remove shop
            removing site shop
            site shop removed, it held no tokens
            $ site add shop
            site shop added, number 2
            $ bdk list
            there are no base keys; `cardsecure bdk add SITE KEYSET` loads one
            """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bdk",
                "bdk add",
                "bdk list",
                "bdk remove",
                "bdk kek",
                "bdk kek add",
                "bdk kek remove",
                "bdk forget-reader"
            })
    void everyCommandHelpsWithAnExample(String command) {
        Run run = run((command + " --help").split(" "));
        assertThat(run.exit()).isZero();
        assertThat(run.text()).contains("Usage: cardsecure " + command).contains("  cardsecure " + command);
    }
}
