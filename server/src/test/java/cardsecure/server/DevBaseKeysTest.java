package cardsecure.server;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.admin.AdminClient;
import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.admin.BaseKeysView;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The published keys of readers, in the real program.
@Timeout(120)
class DevBaseKeysTest {
    @TempDir
    Path temporary;

    private static BaseKeysView keys(Path data) throws Exception {
        AdminReply.Answer answer = new AdminClient(data).call(new AdminRequest.BdkList(Optional.of("dev")), _ -> {});
        return ((AdminReply.BaseKeys) answer).keys();
    }

    @Test
    void theServerForTryingOutHasThePublishedKeysAndSaysSo() throws Exception {
        Path data = temporary.resolve("data");
        for (int start = 0; start < 2; start++) {
            try (ServerProcess server = ServerProcess.start(data)) {
                assertThat(keys(data).keys())
                        .extracting(key -> key.keySet() + " " + key.variant() + " " + key.checkValue())
                        .hasSize(7)
                        .contains("FFFF987654 data-one-way 08D7B4", "FFFF9876543210 pin 08D7B4");
                server.terminate();
                assertThat(server.errors()).contains("PUBLISHED KEYS", "site dev has published test keys");
            }
        }
    }
}
