package cardsecure.sap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cardsecure.config.LimitsConfig;
import cardsecure.config.Listen;
import cardsecure.config.ListenerConfig;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.RfcConfig;
import cardsecure.config.RfcFunction;
import cardsecure.server.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The recorded conversations (`../shared/vectors/sap-rfc`), said to a whole server again: it answers with the
/// same bytes, but for the token, how long it took, and what is named in the tests.
@Timeout(60)
class RfcReplayTest {
    private static final Path VECTORS =
            Path.of(System.getProperty("repository.root", ".."), "..", "shared", "vectors", "sap-rfc");

    /// As the recorded conversations declare it.
    private static final RfcFunction RECORDED = new RfcFunction(
            "Z_CARDSECURE",
            RfcFunction.Type.CHAR,
            "ACTION",
            "DATA",
            "PARAMS",
            "E_ACTION",
            "RESULT",
            "RETCODE",
            "E_MESSAGE",
            255,
            120);

    private static final String PASSWORD = "correct horse battery";
    private static final int HEADER = 80;

    @TempDir
    private Path temporary = Path.of("");

    private record Message(boolean fromClient, String hex) {}

    private static List<Message> read(String name) throws IOException {
        Path file = VECTORS.resolve(name);
        assumeTrue(Files.exists(file), "vectors are missing: ../shared/vectors/sap-rfc beside the repository");
        List<Message> messages = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode node = JsonMapper.shared().readTree(line);
            messages.add(new Message(
                    node.get("dir").asString().equals("C->S"), node.get("hex").asString()));
        }
        return messages;
    }

    private TestServer start() throws Exception {
        RfcConfig usual = RfcConfig.defaults();
        return TestServer.on(
                temporary.resolve("data"),
                ListenerConfig.plain(Kind.RFC, new Listen.At(Listen.LOOPBACK, 0), LimitsConfig.defaults()),
                new RfcConfig(usual.programId(), usual.frameMax(), true, List.of(RECORDED)));
    }

    @Test
    void anAbapSystemGetsTheSameAnswers() throws Exception {
        try (TestServer server = start();
                RfcClient client = RfcClient.unspoken(server.port())) {
            assertThat(replay(client, read("typet-synthetic.jsonl"))).isEqualTo(4);
        }
    }

    /// With a password of this server's users; the recorded one is too short to be set.
    @Test
    void anExternalClientGetsTheSameAnswers() throws Exception {
        List<Message> talk = read("client-open-rfc-0.2.3.jsonl");
        String logon = HexFormat.of().formatHex(RfcClient.logonMessage("CSUSER", PASSWORD));
        assertThat(talk.get(7).hex()).contains(HexFormat.of().formatHex("CSUSER".getBytes(StandardCharsets.US_ASCII)));
        talk.set(7, new Message(true, logon));
        try (TestServer server = start();
                RfcClient client = RfcClient.unspoken(server.port())) {
            server.addUser("dev", "CSUSER", "", PASSWORD);
            assertThat(replay(client, talk)).isEqualTo(8);
            assertThat(client.isEnded()).isTrue();
        }
    }

    /// Each frame of either door, byte by byte, and in two parts at every byte.
    @Test
    void howTheRecordedConversationsAreSplitDoesNotMatter() throws Exception {
        List<Message> external = read("client-open-rfc-0.2.3.jsonl");
        external.set(7, new Message(true, HexFormat.of().formatHex(RfcClient.logonMessage("CSUSER", PASSWORD))));
        try (TestServer server = start()) {
            server.addUser("dev", "CSUSER", "", PASSWORD);
            for (List<Message> talk : List.of(read("typet-synthetic.jsonl"), external)) {
                try (RfcClient client = RfcClient.unspoken(server.port())) {
                    replay(client, talk, client::sendBytewise);
                }
                int longest = talk.stream()
                        .filter(Message::fromClient)
                        .mapToInt(message -> message.hex().length() / 2)
                        .max()
                        .orElseThrow();
                for (int at = 1; at < longest + 4; at++) {
                    int split = at;
                    try (RfcClient client = RfcClient.unspoken(server.port())) {
                        replay(client, talk, message -> client.send(message, split));
                    }
                }
            }
        }
    }

    private static int replay(RfcClient client, List<Message> talk) throws IOException {
        return replay(client, talk, client::send);
    }

    /// How a message is sent.
    @FunctionalInterface
    private interface Sending {
        void send(byte[] message) throws IOException;
    }

    /// @return how many answers came
    private static int replay(RfcClient client, List<Message> talk, Sending sending) throws IOException {
        int answers = 0;
        for (Message message : talk) {
            byte[] bytes = HexFormat.of().parseHex(message.hex());
            if (message.fromClient()) {
                sending.send(bytes);
            } else {
                assertThat(shown(client.take())).as("answer " + answers).isEqualTo(shown(bytes));
                answers++;
            }
        }
        return answers;
    }

    /// An answer's parts, but for what differs each time: the token's free digits, and the time that was taken;
    /// and for what the recorded server had otherwise: its function had fewer parameters and exceptions, and
    /// codes of two digits.
    private static List<String> shown(byte[] message) throws IOException {
        if (message.length >= HEADER && message[0] == 6) {
            assertThat(new String(message, 40, 8, StandardCharsets.US_ASCII)).matches("4[0-9]{7}");
        }
        if (message.length <= HEADER || message[1] != (byte) 0xcb) {
            byte[] whole = message.clone();
            if (message.length >= HEADER) {
                Arrays.fill(whole, 40, 48, (byte) 0);
            }
            return List.of(HexFormat.of().formatHex(whole));
        }
        byte[] header = Arrays.copyOf(message, HEADER);
        for (int length : List.of(48, 56)) {
            Arrays.fill(header, length, length + 4, (byte) 0);
        }
        // The conversation's number is another one each time.
        Arrays.fill(header, 40, 48, (byte) 0);
        List<String> parts = new ArrayList<>(List.of(HexFormat.of().formatHex(header)));
        String name = "";
        for (RfcClient.Field field : RfcClient.fieldsOf(message)) {
            String value = field.hex();
            parts.add(Integer.toHexString(field.tag()) + " "
                    + switch (field.tag()) {
                        case 0x0201 -> value;
                        case 0x0203 -> value(name, value);
                        case 0x0302, 0x0303, 0x0667 -> "";
                        default -> value;
                    });
            name = field.tag() == 0x0201 ? value : name;
        }
        parts.removeIf("303 "::equals);
        return parts;
    }

    private static String value(String name, String value) {
        if (name.equals(utf16("RESULT"))) {
            String text = new String(HexFormat.of().parseHex(value), StandardCharsets.UTF_16LE);
            return text.replaceFirst("^944?[0-9]{9,10}1111", "token") + value.length();
        }
        return name.equals(utf16("RETCODE")) ? value.substring(0, 8) : value;
    }

    private static String utf16(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_16LE));
    }
}
