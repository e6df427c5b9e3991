package cardsecure.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a start says of keys that are in no backup.
@Timeout(300)
class KeysWithoutBackupTest {
    @TempDir
    Path temporary;

    private String startSays(KeyProgram program, String name, boolean backup) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("--data", program.data().toString()));
        arguments.addAll(ServerProcess.HTTP_ALONE);
        try (ServerProcess server =
                ServerProcess.launch(temporary.resolve(name), arguments).awaitReady()) {
            if (backup) {
                Path secret = program.secret("passphrase", "correct horse battery staple");
                String file = temporary.resolve("keys.backup").toString();
                program.keyDone("backup", "--out", file, "--passphrase", "file:" + secret, "--memory", "19");
            }
            server.terminate();
            return server.errors();
        }
    }

    @Test
    void eachStartWarnsUntilThereIsABackupButNotWhereAVaultIsTriedOut() throws Exception {
        KeyProgram program = new KeyProgram(temporary, Map.of());
        try (ServerProcess server = ServerProcess.start(program.data())) {
            server.terminate();
            assertThat(server.errors()).doesNotContain("KEYS WITHOUT BACKUP");
        }

        assertThat(startSays(program, "first", true))
                .contains("KEYS WITHOUT BACKUP: no key backup has data key 001, fingerprint key 1, callers' key E01; ");
        assertThat(startSays(program, "second", false)).doesNotContain("KEYS WITHOUT BACKUP");
    }
}
