package cardsecure.sap;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.config.ListenerConfig.Kind;
import cardsecure.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The call that the page shows byte by byte, said to a server: it answers as the page says.
@Timeout(60)
class RfcWalkTest {
    private static final Path PAGE = Path.of(System.getProperty("repository.root", ".."), "docs", "sap.md");
    private static final String DIGIT = "3[0-9]00";
    private static final HexFormat HEX = HexFormat.of();

    @TempDir
    private Path temporary = Path.of("");

    /// @param hex with no blanks
    private record Message(boolean fromClient, String hex) {}

    @Test
    void theCallOfThePageIsTrue() throws Exception {
        List<Message> talk = talk();
        assertThat(talk).hasSize(8);
        try (TestServer server = TestServer.on(temporary.resolve("data"), Kind.RFC);
                RfcClient client = RfcClient.unspoken(server.port())) {
            for (Message message : talk) {
                if (message.fromClient()) {
                    client.send(HEX.parseHex(message.hex()));
                } else {
                    assertThat(same(HEX.formatHex(client.take()))).isEqualTo(same(message.hex()));
                }
            }
        }
    }

    /// But for a token's free digits, and the time that was taken.
    private static String same(String hex) {
        return hex.replaceFirst("390034003400(" + DIGIT + "){9}(31003100)", "token$2")
                .replaceFirst("013006670008.{16}", "time");
    }

    private static List<Message> talk() throws IOException {
        List<Message> talk = new ArrayList<>();
        List<String> lines = Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.equals("```walk"))
                .skip(1)
                .takeWhile(line -> !line.equals("```"))
                .toList();
        for (String line : lines) {
            String hex = hex(line.substring(3).replaceFirst("#.*", "").strip());
            if (line.startsWith("  ")) {
                Message last = talk.removeLast();
                talk.add(new Message(last.fromClient(), last.hex() + hex));
            } else {
                talk.add(new Message(line.startsWith("->"), hex));
            }
        }
        return talk;
    }

    private static String hex(String shown) {
        StringBuilder hex = new StringBuilder();
        for (String part : shown.split(" +", -1)) {
            String[] times = part.split("\\*", -1);
            hex.append(times[0].repeat(times.length == 1 ? 1 : Integer.parseInt(times[1])));
        }
        return hex.toString();
    }
}
