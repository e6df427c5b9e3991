package cardsecure.kek;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Needs;
import cardsecure.tls.Shell;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// An HSM in software (SoftHSM2), with tokens in a directory of its own.
public final class SoftHsm {
    /// The user PIN of each token.
    public static final String PIN = "4711-0815";

    private static final Optional<Path> LIBRARY = Stream.of(
                    "/usr/lib/softhsm/libsofthsm2.so",
                    "/usr/lib64/pkcs11/libsofthsm2.so",
                    "/usr/local/lib/softhsm/libsofthsm2.so",
                    "/opt/homebrew/lib/softhsm/libsofthsm2.so")
            .map(Path::of)
            .filter(Files::exists)
            .findFirst();

    private final Path directory;

    private SoftHsm(Path directory) {
        this.directory = directory;
    }

    /// One without tokens.
    public static SoftHsm in(Path directory) throws IOException {
        Needs.require(
                LIBRARY.isPresent() && Shell.has("softhsm2-util"),
                "SoftHSM2 is missing: apt-get install softhsm2, or dnf install softhsm");
        Files.createDirectories(directory.resolve("tokens"));
        Files.writeString(directory.resolve("softhsm2.conf"), """
            directories.tokendir = %s
            objectstore.backend = file
            log.level = ERROR
            slots.removable = false
            """.formatted(
                        directory.resolve("tokens").toAbsolutePath()));
        return new SoftHsm(directory);
    }

    /// Adds a token.
    public SoftHsm withToken(String label) throws IOException, InterruptedException {
        String said = Shell.run(
                directory,
                "SOFTHSM2_CONF=" + configuration() + " softhsm2-util --init-token --free --label " + label
                        + " --so-pin 12345678 --pin " + PIN);
        assertThat(said).contains("initialized");
        return this;
    }

    /// What `SOFTHSM2_CONF` names.
    public Path configuration() {
        return directory.resolve("softhsm2.conf").toAbsolutePath();
    }

    /// Where the tokens are.
    public Path tokens() {
        return directory.resolve("tokens");
    }

    /// The URI of a key.
    ///
    /// @param pinSource as a URI has it
    public String uri(String token, String object, String pinSource) {
        return "pkcs11:token=" + token + ";object=" + object + "?module-path=" + LIBRARY.orElseThrow() + "&pin-source="
                + pinSource;
    }

    /// Has this process use it: sets the environment that the library reads, which Java cannot.
    @SuppressWarnings("restricted")
    public SoftHsm forThisProcess() {
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            int result = (int) linker.downcallHandle(
                            linker.defaultLookup().find("setenv").orElseThrow(),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT))
                    .invokeExact(
                            arena.allocateFrom("SOFTHSM2_CONF"),
                            arena.allocateFrom(configuration().toString()),
                            1);
            assertThat(result).isZero();
            return this;
        } catch (Throwable e) {
            throw new AssertionError("the environment cannot be set", e);
        }
    }
}
