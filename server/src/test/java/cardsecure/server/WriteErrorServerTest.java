package cardsecure.server;

import cardsecure.Needs;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real server while the kernel refuses to let any of its files grow: real write errors.
@Timeout(120)
class WriteErrorServerTest {
    private static final String UNLIMITED = "unlimited";

    @TempDir
    Path temporary;

    @Test
    void afterWriteErrorsTheServerWorksAgainByItselfAndHasLostNothing() throws Exception {
        Path data = temporary.resolve("data");
        Trouble trouble = new Trouble();
        try (ServerProcess server = ServerProcess.start(data);
                Client client = server.client()) {
            Needs.require(limitFiles(server, UNLIMITED), "prlimit is missing: install util-linux");
            trouble.before(client);
            for (int times = 0; times < 3; times++) {
                limitFiles(server, "0");
                trouble.during(client);
                limitFiles(server, UNLIMITED);
                trouble.after(client);
                trouble.purges(client);
            }
            server.terminate();
        }
        try (ServerProcess server = ServerProcess.start(data);
                Client client = server.client()) {
            trouble.atTheEnd(client);
            server.terminate();
        }
    }

    private static boolean limitFiles(ServerProcess server, String bytes) throws InterruptedException {
        String pid = Long.toString(server.pid());
        try {
            return new ProcessBuilder("prlimit", "--pid", pid, "--fsize=" + bytes + ":" + UNLIMITED)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        }
    }
}
