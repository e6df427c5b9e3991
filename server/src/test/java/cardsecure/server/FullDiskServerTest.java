package cardsecure.server;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Needs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real server on a disk of 64 MiB that another fills.
@Timeout(120)
class FullDiskServerTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path temporary;

    private Path disk = Path.of("");
    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(temporary.resolve("disk"));
        mounted = run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString()) == 0;
        Needs.require(mounted, "a small disk cannot be mounted: run the tests as root");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", disk.toString())).isZero();
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Test
    void onAFullDiskOnlyNewCardsAreRefusedAndTheServerRecoversByItself() throws Exception {
        Path config = temporary.resolve("config.yaml");
        Files.writeString(config, """
            store:
              disk-reserve: 16MiB
            """);
        String[] options = {"--config", config.toString()};
        Path data = disk.resolve("data");
        Trouble trouble = new Trouble();
        try (ServerProcess server = ServerProcess.start(data, options);
                Client client = server.client()) {
            trouble.before(client);
            // Nearly full, then to the last byte.
            for (long leave : new long[] {8 * MIB, 0}) {
                Path filler = fill(leave);
                trouble.during(client);
                trouble.purges(client);
                Files.delete(filler);
                trouble.after(client);
            }
            server.terminate();
        }
        try (ServerProcess server = ServerProcess.start(data, options);
                Client client = server.client()) {
            trouble.atTheEnd(client);
            server.terminate();
        }
    }

    private Path fill(long leave) throws IOException {
        Path filler = disk.resolve("filler");
        byte[] chunk = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (Files.getFileStore(disk).getUsableSpace() > leave) {
                out.write(chunk);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
        return filler;
    }
}
