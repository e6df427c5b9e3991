package cardsecure.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.admin.AdminFixture;
import cardsecure.dukpt.KeyBlockKey;
import cardsecure.dukpt.KeyBlockMaker;
import cardsecure.secret.SecretBytes;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.TokenStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which base keys are not taken, what custodians are told then, and what the audit has.
class BdkRefusalTest extends BdkTranscript {
    @Test
    void mistakes() throws Exception {
        play("""
            $ bdk add shp 6299490119
            > 11223344556677889900AABBCCDDEEFF
            ! cardsecure: error: there is no site of that name
            ! hint: did you mean shop?
            exit 1
            $ bdk add shop 62994
            > 11223344556677889900AABBCCDDEEFF
            ! cardsecure: error: a key set is named by 6 to 16 hexadecimal digits, with which the readers' KSNs begin
            ! hint: `cardsecure bdk add --help` has examples
            exit 1
            $ bdk add shop 6299490119
            > 1122334455667788
            ! cardsecure: error: a component of this key has 32 hexadecimal digits, not 16
            ! hint: enter all of them, or say what else the key is of
            exit 1
            $ bdk add shop 6299490119
            > 11223344556677889900AABBCCDDEEFX
            ! cardsecure: error: a component is hexadecimal digits, an even number of them
            ! hint: type it again, in groups if you like
            exit 1
            $ bdk add shop 6299490119 --algorithm des
            > 11223344556677889900AABBCCDDEEFF
            ! cardsecure: error: a base key is of tdes, aes-128, aes-192 or aes-256
            ! hint: `cardsecure bdk add --help` says which there are
            exit 1
            $ bdk add shop 6299490119 --variant aes-128-data
            > 11223344556677889900AABBCCDDEEFF
            ! cardsecure: error: a base key of tdes has no variant aes-128-data
            ! hint: `cardsecure bdk add --help` says which there are
            exit 1
            $ bdk add shop 629949 --algorithm aes-128
            > 11223344556677889900AABBCCDDEEFF
            ! cardsecure: error: a key set of AES has at least 8 digits, the base key's id (X9.24-3:2017, 6.1)
            ! hint: add those that follow in the readers' KSNs
            exit 1
            $ bdk add shop 6299490119 --components 4
            ! cardsecure: error: a key has 2 or 3 components
            ! hint: say --components 2 or --components 3
            exit 1
            $ bdk add shop 6299490119
            > 00000000000000000000000000000000
            ! cardsecure: error: a component of zeros leaves the key to the other custodian
            ! hint: have another one made
            exit 1
            $ bdk add shop 6299490119 --component file:/none
            ! cardsecure: error: file /none with the key component in hexadecimal digits is not there
            ! hint: --component says where it is: terminal, fd:NUMBER, file:/PATH or env:NAME
            exit 1
            $ bdk kek add --component env:NO_SUCH
            ! cardsecure: error: environment variable NO_SUCH with the key component in hexadecimal digits is not set
            ! hint: --component says where it is: terminal, fd:NUMBER, file:/PATH or env:NAME
            exit 1
            $ bdk kek add
            > 1122334455667788
            ! cardsecure: error: a key-block key of AES has 16, 24 or 32 bytes, not 8
            ! hint: each component is as long as the key; `cardsecure bdk kek add --help` says what it takes
            exit 1
            $ bdk remove shop 62994
            ! cardsecure: error: a key set is named by 6 to 16 hexadecimal digits, with which the readers' KSNs begin
            ! hint: `cardsecure bdk add --help` has examples
            exit 1
            $ bdk
            ! cardsecure: error: say what to do with base keys: add, list, remove, kek or forget-reader
            ! hint: `cardsecure bdk --help` says what there is
            exit 2
            """);
    }

    @Test
    void keyBlocksThatCannotBeTaken() throws Exception {
        KeyBlockKey kek = keyBlockKey();
        SecretBytes weak = SecretBytes.owning(HexFormat.of().parseHex("5A".repeat(16)));
        SecretBytes published = SecretBytes.owning(HexFormat.of().parseHex("404142434445464748494A4B4C4D4E4F"));
        String block = KeyBlockMaker.aes(kek, "B0AX00N", weak, new Random(7));
        char last = block.charAt(block.length() - 1);
        String changed = block.substring(0, block.length() - 1) + (last == '0' ? '1' : '0');
        String again =
                "hand the file over as it came, a key block of a base key and nothing else (TR-31, X9.143); if it"
                        + " is that, have the key wrapped anew";

        requireRefused("B0", "a key block has 16 to 9999 characters, not 2", again);
        requireRefused(block.replaceFirst("B0", "D0"), "the key block holds no base key: its usage is not B0", again);
        requireRefused(
                changed, "the key block's MAC is wrong", "it was wrapped under another key, or was changed on its way");
        requireRefused(
                block,
                "parts of this key are the same, so that it is worth less than its length",
                "have another made, and have that wrapped for the vault");
        requireRefused(
                KeyBlockMaker.aes(kek, "B0AX00N", published, new Random(8)),
                "this is a published test key, which protects nothing",
                "only `cardsecure serve --dev` takes it");
        assertThat(servers.getFirst().audit())
                .contains(
                        "bdk add shop 6299490119: refused: a key block has 16 to 9999 characters, not 2",
                        "bdk add shop 6299490119: refused: the key block's MAC is wrong",
                        "bdk add shop 6299490119: refused: parts of this key are the same, so that it is worth less"
                                + " than its length",
                        "bdk add shop 6299490119: refused: this is a published test key, which protects nothing")
                .noneMatch(line -> line.contains(block) || line.contains("5A5A"));
    }

    /// One of AES, loaded of two components.
    private KeyBlockKey keyBlockKey() {
        for (String component : List.of(ONE, TWO)) {
            typed.add(component);
            assertThat(run("bdk", "kek", "add", "--one-custodian").exit()).isZero();
        }
        return new KeyBlockKey(
                KeyBlockKey.Cipher.AES, SecretBytes.owning(HexFormat.of().parseHex(xor(ONE, TWO))));
    }

    private void requireRefused(String block, String why, String hint) throws Exception {
        Path file = Files.writeString(directory.resolve("refused.tr31"), block);
        assertThat(run("bdk", "add", "shop", "6299490119", "--key-block", file.toString()))
                .isEqualTo(new Run(1, List.of("! cardsecure: error: " + why, "! hint: " + hint)));
    }

    @Test
    void publishedKeysAreRefusedAndTheirComponentsForgotten() {
        typed.add(ONE);
        assertThat(run("bdk", "add", "shop", "FFFF987654").text()).contains("component 1 of 2 taken");
        typed.add(xor(ONE, "0123456789ABCDEFFEDCBA9876543210"));
        assertThat(run("bdk", "add", "shop", "FFFF987654", "--one-custodian").text())
                .contains("! cardsecure: error: this is a published test key, which protects nothing");
        assertThat(run("bdk", "list").lines())
                .containsExactly("there are no base keys; `cardsecure bdk add SITE KEYSET` loads one");
        typed.add(ONE);
        assertThat(run("bdk", "add", "shop", "FFFF987654").text()).contains("component 1 of 2");
        typed.add(xor(ONE, "1234567890ABCDEF1234567890ABCDEF"));
        assertThat(run("bdk", "add", "shop", "FFFF987654", "--one-custodian").text())
                .contains("parts of this key are the same");
        typed.add(ONE);
        run("bdk", "kek", "add");
        typed.add(TWO);
        run("bdk", "kek", "add");
        typed.add(ONE);
        run("bdk", "kek", "add", "--one-custodian");
        typed.add(xor(ONE, "00112233445566778899AABBCCDDEEFF"));
        run("bdk", "kek", "add", "--one-custodian");
        assertThat(servers.getFirst().audit().stream().filter(line -> line.contains(": refused: ")))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo("bdk add shop FFFF987654: refused: this is a published test key, which"
                                        + " protects nothing"),
                        line -> assertThat(line)
                                .isEqualTo("bdk add shop FFFF987654: refused: parts of this key are the same, so"
                                        + " that it is worth less than its length"),
                        line -> assertThat(line)
                                .startsWith("bdk kek add kek: refused: ")
                                .endsWith(" has entered another component, and nobody should know two of a key"),
                        line -> assertThat(line)
                                .isEqualTo("bdk kek add kek: refused: this component is the same as the first"),
                        line -> assertThat(line)
                                .isEqualTo("bdk kek add kek: refused: this is a published test key, which protects"
                                        + " nothing"));
    }

    /// Else whoever has the manual makes key blocks that this vault believes.
    @ParameterizedTest
    @CsvSource({
        "0123456789ABCDEFFEDCBA9876543210, it is a published test key",
        "5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A, parts of it are the same",
        "DC86C4B8A29F3B5E016275F29E84AB67, one user entered its components under --dev"
    })
    void aKeyBlockKeyThatWasTriedOutTakesNoBaseKeyLater(String key, String why) throws Exception {
        KeyBlockKey kek = new KeyBlockKey(
                KeyBlockKey.Cipher.AES, SecretBytes.owning(HexFormat.of().parseHex(key)));
        SecretBytes base = SecretBytes.owning(HexFormat.of().parseHex(TWO));
        Path block = Files.writeString(
                directory.resolve("bdk.tr31"), KeyBlockMaker.aes(kek, "B0AX00N", base, new Random(6)));
        TokenStore store = new MemoryTokenStore();
        stop();
        servers.add(AdminFixture.on(data(), store, true));
        run("site", "add", "shop");
        for (String component : List.of(ONE, xor(ONE, key))) {
            typed.add(component);
            run("bdk", "kek", "add");
        }
        assertThat(run("bdk", "add", "shop", "6299490119", "--key-block", block.toString())
                        .text())
                .contains("base key of shop for 6299490119 loaded", "warning: the key-block key: " + why);
        assertThat(servers.getLast().audit())
                .anyMatch(line -> line.startsWith("bdk kek add kek: loaded of components of one custodian: "))
                .anyMatch(line -> line.startsWith(
                        "bdk add shop 6299490119: loaded of a key block under " + kek.checkValue() + " (" + why));
        servers.getLast().close();

        servers.add(AdminFixture.on(data(), store, false));
        assertThat(run("bdk", "list").text()).contains("key-block key: aes, 128 bits", why);
        Run refused = run("bdk", "add", "shop", "6299490120", "--key-block", block.toString());
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.text())
                .contains("! cardsecure: error: the key-block key protects nothing, as " + why)
                .contains("! hint: `cardsecure bdk kek remove` it");
        assertThat(run("bdk", "list").text()).doesNotContain("6299490120");
    }
}
