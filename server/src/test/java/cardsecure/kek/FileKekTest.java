package cardsecure.kek;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyWrapper;
import cardsecure.keys.KeyWrapperContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileKekTest implements KeyWrapperContract {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String DIGITS = "0123456789abcdefABCDEF0123456789".repeat(2);

    @TempDir
    private Path directory = Path.of("");

    @Override
    public KeyWrapper wrapper() {
        return FileKek.openOrCreate(directory.resolve("one.key"), RANDOM);
    }

    @Override
    public KeyWrapper otherWrapper() {
        return FileKek.openOrCreate(directory.resolve("other.key"), RANDOM);
    }

    @Test
    void makesAFileOfHexDigitsThatItsOwnerAloneMayRead() throws IOException {
        Path file = directory.resolve("new/kek.key");
        KeyWrapper made = FileKek.create(file, RANDOM);
        assertThat(Files.readString(file)).matches("[0-9a-f]{64}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        assertThat(FileKek.open(file, RANDOM).kekId()).isEqualTo(made.kekId());
    }

    @Test
    void leavesNothingElseBehind() throws IOException {
        FileKek.create(directory.resolve("kek.key"), RANDOM);
        try (var entries = Files.list(directory)) {
            assertThat(entries).containsExactly(directory.resolve("kek.key"));
        }
    }

    @Test
    void overwritesNoFile() throws IOException {
        Path file = file("mine");
        assertRefuses(() -> FileKek.create(file, RANDOM), "exists already");
        assertThat(Files.readString(file)).isEqualTo("mine");
    }

    @Test
    void isMadeOnceHoweverManyTry() {
        Path file = directory.resolve("kek.key");
        AtomicInteger made = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                threads.execute(() -> {
                    try {
                        FileKek.create(file, RANDOM);
                        made.incrementAndGet();
                    } catch (Refusal refusal) {
                        assertThat(refusal.reason()).contains("exists already");
                    }
                });
            }
        }
        assertThat(made).hasValue(1);
        assertThat(FileKek.open(file, RANDOM).kekId()).isNotEmpty();
    }

    @Test
    void refusesAMissingFileAndMakesNone() {
        Path file = directory.resolve("kek.key");
        assertRefuses(() -> FileKek.open(file, RANDOM), "KEK file " + file + " is missing: put back");
        assertThat(file).doesNotExist();
    }

    @Test
    void readsEitherCaseWithOrWithoutALineEnd() throws IOException {
        String id = FileKek.open(file(DIGITS), RANDOM).kekId();
        Files.writeString(directory.resolve("kek.key"), DIGITS.toUpperCase(java.util.Locale.ROOT) + "\n");
        assertThat(FileKek.open(directory.resolve("kek.key"), RANDOM).kekId()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 32, 63})
    void refusesATruncatedFile(int length) throws IOException {
        Path file = file(DIGITS.substring(0, length));
        assertRefuses(() -> FileKek.open(file, RANDOM), "is damaged");
    }

    @Test
    void refusesWhatIsNotHexAtAnyPlaceWithoutShowingIt() throws IOException {
        for (int i = 0; i < DIGITS.length(); i++) {
            byte[] text = DIGITS.getBytes(StandardCharsets.US_ASCII);
            text[i] = (byte) (i % 2 == 0 ? 'g' : 0xC3);
            Path file = Files.write(file(""), text);
            assertRefuses(() -> FileKek.open(file, RANDOM), "is damaged");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n\n", "0", "\r\n", " "})
    void refusesAnythingAfterTheDigits(String rest) throws IOException {
        Path file = file(DIGITS + rest);
        assertRefuses(() -> FileKek.open(file, RANDOM), "is damaged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx", "rw------x"})
    void refusesAFileThatIsOpenToOthers(String mode) throws IOException {
        Path file = file(DIGITS);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        assertRefuses(() -> FileKek.open(file, RANDOM), "chmod 600 " + file);
    }

    @Test
    void refusesADirectory() {
        assertRefuses(() -> FileKek.open(directory, RANDOM), "is not a file");
    }

    private Path file(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("kek.key"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static void assertRefuses(Runnable opening, String reason) {
        assertThatExceptionOfType(Refusal.class).isThrownBy(opening::run).satisfies(refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.KEYSTORE_NOT_INITIALIZED);
            assertThat(refusal.reason()).contains(reason).doesNotContain("\n", DIGITS.substring(0, 16));
        });
    }
}
