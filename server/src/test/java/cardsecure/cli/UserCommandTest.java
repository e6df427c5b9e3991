package cardsecure.cli;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.admin.AdminFixture;
import cardsecure.store.StoreException;
import cardsecure.user.TestCertificates;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// What administrators type to make users, and all that they see: `$` before a command, `>` before what is typed where
/// nobody sees it, `!` before a line on standard error, and the exit code where it is not 0.
class UserCommandTest {
    private static final String PASSWORD = "correct horse battery";

    @Command(
            name = "cardsecure",
            subcommands = {SiteCommand.class, UserCommand.class})
    private static final class Root {}

    @TempDir
    private Path directory = Path.of("");

    private final Deque<String> typed = new ArrayDeque<>();
    private final List<AdminFixture> servers = new ArrayList<>();

    @BeforeEach
    void start() throws IOException, StoreException {
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
    void usersFromTheFirstToTheLast() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), PASSWORD + "\n");
        play("""
            $ user list
            there are no users; `cardsecure user add SITE NAME` adds one
            $ user add shop clerk
            > correct horse battery
            > correct horse battery
            user clerk of shop added: rights tokenize,verify, login password
            $ user add shop batch --rights decrypt,bin --password-file SECRET
            user batch of shop added: rights bin,decrypt, login password
            warning: batch can now turn the tokens of shop back into clear data, over loopback or TLS
            $ user add shop till --rights= --certificate-subject CN=till,O=Shop
            user till of shop added: rights (none), login subject cn=till,o=shop
            $ user list shop
            shop  batch  bin,decrypt      password
            shop  clerk  tokenize,verify  password
            shop  till   -                subject cn=till,o=shop
            $ user set shop clerk --rights verify,tokenize,purge
            rights: tokenize,verify -> tokenize,verify,purge
            $ user set shop clerk --rights verify,tokenize,purge
            nothing to change
            $ user set shop clerk --rights= --password
            > another password
            > another password
            rights: tokenize,verify,purge -> (none)
            login: password -> a new password
            $ user set shop till --password-file SECRET
            login: subject cn=till,o=shop -> a new password
            $ user remove shop clerk
            user clerk of shop removed
            $ user list
            shop  batch  bin,decrypt  password
            shop  till   -            password
            """.replace("SECRET", secret.toString()));
        assertThat(servers.getFirst().audit())
                .contains(
                        "user add shop/clerk: rights tokenize,verify, login password",
                        "user add shop/till: rights (none), login subject cn=till,o=shop",
                        "user set shop/clerk: rights: tokenize,verify -> tokenize,verify,purge",
                        "user set shop/clerk: rights: tokenize,verify,purge -> (none); login: password -> a new"
                                + " password",
                        "user remove shop/clerk: removed")
                .hasSize(8)
                .noneMatch(line -> line.contains("horse") || line.contains("another"));
    }

    @Test
    void aCertificateIsKeptAsItsFingerprint() throws IOException, CertificateEncodingException {
        Path file = Files.write(directory.resolve("till.der"), TestCertificates.TILL.getEncoded());
        Run added = run("user", "add", "shop", "till", "--certificate", file.toString());

        assertThat(added.lines()).singleElement().asString().containsPattern("login certificate [0-9a-f]{64}$");
        assertThat(run("user", "add", "shop", "other", "--certificate", file.toString())
                        .lines())
                .first()
                .isEqualTo("! cardsecure: error: user till has that certificate already");
        assertThat(run("user", "list", "--json").text()).contains("\"login\" : \"certificate ");
    }

    @Test
    void passwordsThatCannotBeUsed() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty"), "\n");
        play("""
            $ user add shop clerk
            > correct horse battery
            > correct horse butter
            ! cardsecure: error: the two passwords differ
            ! hint: try again
            exit 1
            $ user add shop clerk
            > too short
            > too short
            ! cardsecure: error: a password has at least 12 characters, and at most 1024 bytes
            ! hint: `cardsecure user add --help` says how users are made
            exit 1
            $ user add shop clerk --password-file EMPTY
            ! cardsecure: error: a password has at least 12 characters, and at most 1024 bytes
            ! hint: `cardsecure user add --help` says how users are made
            exit 1
            $ user add shop clerk --password-file EMPTY.not
            ! cardsecure: error: EMPTY.not does not exist
            ! hint: name a file that you can read
            exit 1
            $ user add shop till --certificate EMPTY
            ! cardsecure: error: EMPTY is no certificate
            ! hint: it is the client's certificate, in PEM or DER form
            exit 1
            $ user list
            there are no users; `cardsecure user add SITE NAME` adds one
            """.replace("EMPTY", empty.toString()));
    }

    @Test
    void withoutATerminalItSaysWhatToDo() {
        typed.clear();
        assertThat(run("user", "add", "shop", "clerk").lines())
                .containsExactly(
                        "! cardsecure: error: there is no terminal to ask for the password at",
                        "! hint: put it into a file that only you can read, and name that with --password-file");
    }

    @Test
    void mistakes() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), PASSWORD);
        play("""
            $ user add shp clerk --password-file SECRET
            ! cardsecure: error: there is no site of that name
            ! hint: did you mean shop?
            exit 1
            $ user add shop a:b --password-file SECRET
            ! cardsecure: error: a user's name has 1 to 64 letters, digits, dots, hyphens, underscores and @, and \
            begins with a letter or a digit
            ! hint: `cardsecure user add --help` says how users are made
            exit 1
            $ user add shop clerk --rights everything --password-file SECRET
            ! cardsecure: error: a right is one of tokenize, verify, purge, bin, encrypt, decrypt, admin
            ! hint: `cardsecure user add --help` says how users are made
            exit 1
            $ user add shop clerk --password-file SECRET
            user clerk of shop added: rights tokenize,verify, login password
            $ user add shop clerk --password-file SECRET
            ! cardsecure: error: the site has a user clerk already
            ! hint: `cardsecure user set` changes it
            exit 1
            $ user set shop cleric --rights bin
            ! cardsecure: error: the site has no user of that name
            ! hint: `cardsecure user list` shows those it has
            exit 1
            $ user remove shop cleric
            ! cardsecure: error: the site has no user of that name
            ! hint: `cardsecure user list` shows those it has
            exit 1
            $ user set shop clerk
            ! cardsecure: error: say what to change: --rights, --password or another login
            ! hint: `cardsecure user set --help` says what there is
            exit 2
            $ user add shop till --certificate a --password
            ! cardsecure: error: a user has one login: choose one of --password, --password-file, --certificate, \
            --certificate-subject
            ! hint: `cardsecure user add --help` says what there is
            exit 2
            $ user
            ! cardsecure: error: say what to do with users: add, list, set or remove
            ! hint: `cardsecure user --help` says what there is
            exit 2
            """.replace("SECRET", secret.toString()));
    }

    @Test
    void usersGoWithTheirSite() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), PASSWORD);
        play("""
            $ user add shop clerk --password-file SECRET
            user clerk of shop added: rights tokenize,verify, login password
            $ site remove shop
            removing site shop
            site shop removed, it held no tokens
            $ site add shop
            site shop added, number 2
            $ user list
            there are no users; `cardsecure user add SITE NAME` adds one
            """.replace("SECRET", secret.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "user add", "user list", "user set", "user remove"})
    void everyCommandHelpsWithAnExample(String command) {
        Run run = run((command + " --help").split(" "));
        assertThat(run.exit()).isZero();
        assertThat(run.text()).contains("Usage: cardsecure " + command).contains("  cardsecure " + command);
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
                seen.addAll(run.lines());
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

    /// Makes commands that ask this test, and the terminal once there is nothing more to type: a build has none.
    private final class Prompted implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            PasswordPrompt prompt =
                    text -> typed.isEmpty() ? PasswordPrompt.terminal().ask(text) : secret(typed.remove());
            if (type == UserAddCommand.class) {
                return type.cast(new UserAddCommand(prompt));
            }
            return type == UserSetCommand.class
                    ? type.cast(new UserSetCommand(prompt))
                    : CommandLine.defaultFactory().create(type);
        }
    }
}
