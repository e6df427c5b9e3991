package cardsecure.kek;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import cardsecure.Needs;
import cardsecure.tls.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path directory = Path.of("");

    /// What the system calls of another JVM say, with `strace`.
    public static void main(String[] arguments) {
        FileKek.openOrCreate(Path.of(arguments[0]), new SecureRandom());
    }

    private String forcedBy(Path kek) throws IOException, InterruptedException {
        Needs.require(
                Shell.has("strace") && Shell.run(directory, "strace -f true").contains("exited with 0"),
                "strace is missing, or may not trace: apt-get install strace");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Shell.run(
                directory,
                "strace -f -y -e trace=fsync,fdatasync " + java + " -XX:TieredStopAtLevel=1 -cp '"
                        + System.getProperty("java.class.path") + "' " + PrivateFileTest.class.getName() + " " + kek);
    }

    private static String of(Path path) {
        // Without what follows: a call that is interrupted is printed in two parts.
        return "<" + path + ">";
    }

    @Test
    void aKekThatSomebodyHasJustPutThereIsDurableBeforeItWraps() throws Exception {
        Path top = directory.toRealPath();
        Path place = Files.createDirectory(top.resolve("place"));
        Path file = Files.writeString(place.resolve("kek.key"), "0123456789abcdef".repeat(4) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(top.resolve("link.key"), file);

        assertThat(forcedBy(link)).contains(of(file), of(place), of(top));
    }

    @Test
    void directoriesThatAreMadeForAKekAreDurableToo() throws Exception {
        Path top = directory.toRealPath();

        assertThat(forcedBy(top.resolve("a/b/kek.key")))
                .contains(of(top), of(top.resolve("a")), of(top.resolve("a/b")));
        Files.createDirectory(top.resolve("c"));
        assertThat(forcedBy(top.resolve("c/kek.key"))).contains(of(top), of(top.resolve("c")));
    }

    @Test
    void aCredentialOfSystemdMayHaveTheMaskOfItsAccessList() throws IOException {
        Path credentials = Files.createDirectory(directory.resolve("credentials"));
        Path file = mode(Files.writeString(credentials.resolve("kek"), "secret"), "r--r-----");
        mode(credentials, "r-xr-x---");
        Optional<String> ours = Optional.of(credentials.toString());

        assertThat(PrivateFile.isPrivate(file, ours)).isTrue();
        assertThat(PrivateFile.isPrivate(file, Optional.empty())).isFalse();
        assertThat(PrivateFile.isPrivate(file, Optional.of(directory.toString())))
                .isFalse();
        assertThat(PrivateFile.isPrivate(file, Optional.of("/none"))).isFalse();
        for (String open : List.of("r--rw----", "r--r--r--", "r-----r--")) {
            assertThat(PrivateFile.isPrivate(mode(file, open), ours)).as(open).isFalse();
        }
        mode(file, "r--r-----");
        for (String open : List.of("rwxrwx---", "rwxr-x--x")) {
            mode(credentials, open);
            assertThat(PrivateFile.isPrivate(file, ours)).as(open).isFalse();
        }
        mode(credentials, "rwx------");
    }

    private static Path mode(Path file, String rights) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }

    private void createWithoutLinks(Path file) throws IOException {
        PrivateFile.create(file, CONTENT, 1, (name, existing) -> {
            throw new FileSystemException(name.toString(), existing.toString(), "Operation not permitted");
        });
    }

    @Test
    void whereThereAreNoLinksAFileIsMadeAllTheSame() throws IOException {
        Path file = directory.resolve("kek.key");
        createWithoutLinks(file);

        assertThat(file).hasBinaryContent(CONTENT);
        assertThat(PrivateFile.isPrivate(file)).isTrue();
        Files.writeString(file, "mine");
        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> createWithoutLinks(file));
        assertThat(file).hasContent("mine");
        try (var entries = Files.list(directory)) {
            assertThat(entries.toList()).isEqualTo(List.of(file));
        }
    }
}
