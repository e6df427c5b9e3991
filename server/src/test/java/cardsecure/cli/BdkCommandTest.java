package cardsecure.cli;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.admin.AdminFixture;
import cardsecure.dukpt.KeyBlockKey;
import cardsecure.dukpt.KeyBlockMaker;
import cardsecure.kek.SecretReader;
import cardsecure.secret.SecretBytes;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.TokenStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// What custodians type to load base keys, and all that they see: `$` before a command, `>` before what is typed where
/// nobody sees it, `!` before a line on standard error, and the exit code where it is not 0. Check
/// values are OpenSSL's.
class BdkCommandTest {
    private static final String ONE = "11223344556677889900AABBCCDDEEFF";
    private static final String TWO = "0F1E2D3C4B5A69788796A5B4C3D2E1F0";

    @Command(
            name = "cardsecure",
            subcommands = {SiteCommand.class, BdkCommand.class})
    private static final class Root {}

    @TempDir
    private Path directory = Path.of("");

    private final Deque<String> typed = new ArrayDeque<>();
    private final List<AdminFixture> servers = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        servers.add(AdminFixture.on(data()));
        play("""
            $ site add shop
            site shop added, number 1
            """);
    }

    @AfterEach
    void stop() {
        servers.forEach(AdminFixture::close);
    }

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
        String again = "hand the file over as it came, a key block of a base key and nothing else (TR-31, X9.143); if it"
                + " is that, have the key wrapped anew";

        requireRefused("B0", "a key block has 16 to 9999 characters, not 2", again);
        requireRefused(block.replaceFirst("B0", "D0"), "the key block holds no base key: its usage is not B0", again);
        requireRefused(
                changed,
                "the key block's MAC is wrong",
                "it was wrapped under another key, or was changed on its way");
        requireRefused(
                block,
                "parts of this key are the same, so that it is worth less than its length",
                "have another made, and have that wrapped for the vault");
        requireRefused(
                KeyBlockMaker.aes(kek, "B0AX00N", published, new Random(8)),
                "this is a published test key, which protects nothing",
                "only `cardsecure serve --dev` takes it");
    }

    /// One of AES, loaded of two components.
    private KeyBlockKey keyBlockKey() {
        for (String component : List.of(ONE, TWO)) {
            typed.add(component);
            assertThat(run("bdk", "kek", "add", "--one-custodian").exit()).isZero();
        }
        return new KeyBlockKey(
                KeyBlockKey.Cipher.AES,
                SecretBytes.owning(HexFormat.of().parseHex(xor(ONE, TWO))));
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

    private static String xor(String one, String other) {
        byte[] sum = HexFormat.of().parseHex(one);
        byte[] with = HexFormat.of().parseHex(other);
        for (int i = 0; i < sum.length; i++) {
            sum[i] ^= with[i];
        }
        return HexFormat.of().formatHex(sum);
    }

    private Path privateFile(String name, String text) throws Exception {
        Path file = Files.writeString(directory.resolve(name), text + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private record Run(int exit, List<String> lines) {
        String text() {
            return String.join("\n", lines);
        }
    }

    private Path data() {
        return directory.resolve("data");
    }

    /// Runs the commands of a transcript, and compares what they say with it.
    private void play(String transcript) {
        List<String> lines = transcript.lines().toList();
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("$ ")) {
                seen.add(lines.get(i));
                for (int next = i + 1; next < lines.size() && lines.get(next).startsWith("> "); next++) {
                    typed.add(lines.get(next).substring(2));
                    seen.add(lines.get(next));
                }
                Run run = run(lines.get(i).substring(2).split(" "));
                run.lines().forEach(line -> seen.add(line.replaceFirst(": \\S+ has entered", ": USER has entered")));
                if (run.exit() != 0) {
                    seen.add("exit " + run.exit());
                }
                assertThat(typed).as("what nobody asked for").isEmpty();
            }
        }
        assertThat(String.join("\n", seen) + "\n").isEqualTo(transcript);
    }

    private Run run(String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        if (arguments.size() > 1 && !arguments.contains("--help")) {
            arguments.add("--data=" + data());
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new CommandLine(new Root(), new Prompted())
                .setParameterExceptionHandler(new UsageErrors())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
        List<String> lines = new ArrayList<>(out.toString().lines().toList());
        err.toString().lines().forEach(line -> lines.add("! " + line));
        return new Run(exit, lines);
    }

    /// Makes commands that ask this test.
    private final class Prompted implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            SecretReader secrets =
                    new SecretReader(_ -> typed.isEmpty() ? Optional.empty() : Optional.of(secret(typed.remove())));
            if (type == BdkAddCommand.class) {
                return type.cast(new BdkAddCommand(secrets));
            }
            return type == BdkKekAddCommand.class
                    ? type.cast(new BdkKekAddCommand(secrets))
                    : CommandLine.defaultFactory().create(type);
        }
    }
}
