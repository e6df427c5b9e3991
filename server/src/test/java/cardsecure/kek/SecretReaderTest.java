package cardsecure.kek;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.config.SecretSource;
import cardsecure.secret.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretReaderTest {
    private static final SecretSource TERMINAL = new SecretSource.Terminal();

    @TempDir
    private Path directory = Path.of("");

    private final List<String> asked = new ArrayList<>();

    private SecretReader typing(String... lines) {
        Queue<String> rest = new ArrayDeque<>(List.of(lines));
        return new SecretReader(prompt -> {
            asked.add(prompt);
            return Optional.ofNullable(rest.poll()).map(SecretReaderTest::secret);
        });
    }

    private static SecretBytes secret(String text) {
        return SecretBytes.owning(text.getBytes(StandardCharsets.UTF_8));
    }

    private Path file(String content, String rights) throws IOException {
        Path file = directory.resolve("secret");
        Files.deleteIfExists(file);
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
        return file;
    }

    @Test
    void asksOnceForWhatThereIsAndTwiceForWhatIsNew() {
        assertThat(typing("Blåbærsyltetøy").read(TERMINAL, "passphrase")).isEqualTo(secret("Blåbærsyltetøy"));
        assertThat(asked).containsExactly("passphrase");
        asked.clear();
        assertThat(typing("a", "a").readNew(TERMINAL, "passphrase")).isEqualTo(secret("a"));
        assertThat(asked).containsExactly("new passphrase", "the same again");
        assertThat(Refusals.of(() -> typing("a", "b").readNew(TERMINAL, "passphrase"))
                        .reason())
                .contains("not typed alike");
    }

    @Test
    void saysWhatToDoWhereNobodyCanBeAsked() {
        assertThat(Refusals.of(() -> typing().read(TERMINAL, "passphrase")).reason())
                .startsWith("there is no terminal to ask for the passphrase at");
    }

    @Test
    void takesALineOfAFileThatIsItsOwnersAlone() throws IOException {
        assertThat(readFile("a secret\n", "rw-------")).isEqualTo(secret("a secret"));
        assertThat(readFile("a secret\r\n", "r--------")).isEqualTo(secret("a secret"));
        assertThat(readFile("a secret", "rw-------")).isEqualTo(secret("a secret"));
        assertThat(Refusals.of(() -> readFile("a secret\n", "rw-r-----")).reason())
                .contains("open to other users", "chmod 600");
        assertThat(Refusals.of(() -> typing().read(new SecretSource.File(directory.resolve("none")), "PIN"))
                        .reason())
                .endsWith("with the PIN is not there");
    }

    private SecretBytes readFile(String content, String rights) {
        try {
            return typing().readNew(new SecretSource.File(file(content, rights)), "PIN");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void refusesWhatIsNoLineOfTextAndDoesNotRepeatIt() throws IOException {
        for (String content : List.of("", "\n", "two\nlines\n", "a\0b", "x".repeat(1025))) {
            assertThat(Refusals.of(() -> readFile(content, "rw-------")).reason())
                    .isEqualTo("the PIN is not one line of UTF-8 text with 1 to 1024 bytes");
        }
        Files.write(file("", "rw-------"), new byte[] {(byte) 0xca, (byte) 0xfe});
        assertThat(Refusals.of(() -> typing().read(new SecretSource.File(directory.resolve("secret")), "PIN"))
                        .reason())
                .contains("not one line");
    }

    @Test
    void saysWhichDescriptorOrVariableIsMissing() {
        assertThat(Refusals.of(() -> typing().read(new SecretSource.Descriptor(98_765), "PIN"))
                        .reason())
                .startsWith("descriptor 98765 with the PIN");
        assertThat(Refusals.of(() -> typing().read(new SecretSource.Environment("NOT_SET_HERE"), "PIN"))
                        .reason())
                .isEqualTo("environment variable NOT_SET_HERE with the PIN is not set");
        assertThat(typing().read(new SecretSource.Environment("PATH"), "PIN").length())
                .isPositive();
    }
}
