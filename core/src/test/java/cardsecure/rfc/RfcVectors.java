package cardsecure.rfc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Recorded conversations, which stand beside the repository (`../shared/vectors/sap-rfc`): what an independent
/// client said to a server written from the same tables, and what an ABAP system would say, of which only the
/// headers were captured.
final class RfcVectors {
    private static final Path DIRECTORY =
            Path.of(System.getProperty("repository.root", ""), "..", "shared", "vectors", "sap-rfc");

    /// A message of such a conversation, without NI's length.
    ///
    /// @param hex its bytes
    record Message(boolean fromClient, String hex) {
        byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }
    }

    private RfcVectors() {}

    static List<Message> client() throws IOException {
        return read("client-open-rfc-0.2.3.jsonl");
    }

    static List<Message> typeT() throws IOException {
        return read("typet-synthetic.jsonl");
    }

    static List<Message> all() throws IOException {
        List<Message> all = new ArrayList<>(client());
        all.addAll(typeT());
        return all;
    }

    private static List<Message> read(String name) throws IOException {
        Path file = DIRECTORY.resolve(name);
        assumeTrue(Files.exists(file), "vectors are missing: ../shared/vectors/sap-rfc beside the repository");
        List<Message> messages = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode node = JsonMapper.shared().readTree(line);
            messages.add(new Message(
                    node.get("dir").asString().equals("C->S"), node.get("hex").asString()));
        }
        return messages;
    }
}
