package cardsecure.sap;

import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.audit.AuditEvent;
import cardsecure.config.LimitsConfig;
import cardsecure.config.Listen;
import cardsecure.config.ListenerConfig;
import cardsecure.config.ListenerConfig.ClientCertificates;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenerConfig.ProxyHeader;
import cardsecure.config.ListenerConfig.WhenFull;
import cardsecure.config.RfcConfig;
import cardsecure.config.RfcFunction;
import cardsecure.sap.RfcClient.Field;
import cardsecure.sap.RfcClient.Result;
import cardsecure.server.TestServer;
import cardsecure.site.AddressRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A listener for RFC of a whole server, by the small client of these tests.
@Timeout(60)
class RfcFrontTest {
    private static final String TOKEN = "944[0-9]{9}1111";

    @TempDir
    private Path temporary = Path.of("");

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.on(temporary.resolve("data"), Kind.RFC);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RfcClient abap() throws IOException {
        return RfcClient.abap(server.port());
    }

    @Test
    void callsFollowOneAnotherOnOneConnection() throws IOException {
        try (RfcClient client = abap()) {
            Result first = client.act("CE", VISA);
            assertThat(client.chars(first, "E_DATA")).matches(TOKEN);
            assertThat(client.chars(first, "E_RETCODE")).isEqualTo("0000");
            assertThat(client.chars(first, "E_MESSAGE")).isEqualTo("No error");
            assertThat(client.chars(first, "E_ACTION")).isEqualTo("CE");
            assertThat(client.act("CE", VISA)).isEqualTo(first);
        }
    }

    @Test
    void aSystemThatIsNotUnicodeIsServed() throws IOException {
        try (RfcClient client = abap().in(StandardCharsets.ISO_8859_1)) {
            assertThat(client.chars(client.act("CE", VISA), "E_DATA")).matches(TOKEN);
            String token = client.chars(client.act("PE", "Zo\u00eb"), "E_DATA");
            assertThat(token).matches("[A-Za-z0-9]{8}");
            // Under another encoding it is the same name.
            try (RfcClient unicode = abap()) {
                Result result = unicode.act("PE", "Zo\u00eb");
                assertThat(unicode.chars(result, "E_DATA")).isEqualTo(token);
            }
        }
    }

    @Test
    void onlyResultsThatAreAskedForComeBack() throws IOException {
        try (RfcClient client = abap()) {
            Result result = client.call("Z_CARDSECURE", client.inputs("CE", VISA), List.of("E_DATA", "ELSE"));
            assertThat(result.outputs()).containsOnlyKeys("E_DATA");
        }
    }

    @Test
    void aRefusalIsAResultWithoutData() throws IOException {
        try (RfcClient client = abap()) {
            Result result = client.act("CE", "frisbee");
            assertThat(result.exception()).isEmpty();
            assertThat(client.chars(result, "E_ACTION")).isEqualTo("ER");
            assertThat(client.chars(result, "E_DATA")).isEmpty();
            assertThat(client.chars(result, "E_RETCODE")).isEqualTo("0008");
            assertThat(client.chars(result, "E_MESSAGE")).isEqualTo("Data not decimal digits");
        }
    }

    @Test
    void callsThatCannotBeUsedRaiseExceptions() throws Exception {
        server.setSite("dev", Map.of("open", "bin"));
        try (RfcClient client = abap()) {
            assertThat(client.act("CE", VISA).exception()).contains("NOT_AUTHORIZED");
            assertThat(client.act("ZZ", "1").exception()).contains("INVALID_ACTION");
            Map<String, byte[]> noAction = Map.of("I_DATA", client.chars("1", 512));
            assertThat(client.call("Z_CARDSECURE", noAction, RfcClient.OUTPUTS).exception())
                    .contains("INVALID_ACTION");
            Map<String, byte[]> noData = Map.of("I_ACTION", client.chars("CT", 2));
            assertThat(client.call("Z_CARDSECURE", noData, RfcClient.OUTPUTS).exception())
                    .contains("INVALID_DATA");
            Map<String, byte[]> tooWide =
                    Map.of("I_ACTION", client.chars("CT", 2), "I_DATA", client.chars("1".repeat(513), 513));
            assertThat(client.call("Z_CARDSECURE", tooWide, RfcClient.OUTPUTS).exception())
                    .contains("INVALID_DATA");
            assertThat(client.call("Z_NOPE", Map.of(), RfcClient.OUTPUTS).exception())
                    .contains("FU_NOT_FOUND");
        }
    }

    @Test
    void aVaultThatIsBusyIsUnavailable() throws Exception {
        server.setSite("dev", Map.of("rate", "1/m:1"));
        try (RfcClient client = abap()) {
            client.act("CE", VISA);
            assertThat(client.act("CE", VISA).exception()).contains("SERVICE_UNAVAILABLE");
        }
    }

    @Test
    void aDestinationCanBeTried() throws IOException {
        try (RfcClient client = abap()) {
            assertThat(client.call("RFC_PING", Map.of(), List.of())).isEqualTo(nothing());
            assertThat(client.call("RFCPING", Map.of(), List.of())).isEqualTo(nothing());
            Result echo = client.call(
                    "STFC_CONNECTION", Map.of("REQUTEXT", client.chars("hello", 255)), List.of("ECHOTEXT", "RESPTEXT"));
            assertThat(client.chars(echo, "ECHOTEXT")).isEqualTo("hello");
            assertThat(client.chars(echo, "RESPTEXT")).isEqualTo("CardSecure Server OK");
            assertThat(client.test())
                    .extracting(Field::tag)
                    .containsExactly(0x0101, 0x0103, 0x0106, 0x0007, 0x0011, 0x0012, 0x0013, 0x0130, 0x0667);
        }
    }

    private static Result nothing() {
        return new Result(Map.of(), Optional.empty(), Optional.empty());
    }

    /// A GUID in the answer to an ABAP system was refused there.
    @Test
    void anAnswerToAnAbapSystemHasNoGuid() throws IOException {
        try (RfcClient client = abap()) {
            assertThat(client.callForFields("Z_CARDSECURE", client.inputs("CE", VISA), RfcClient.OUTPUTS))
                    .extracting(Field::tag)
                    .startsWith(0x0500, 0x0503, 0x0420, 0x0512)
                    .endsWith(0x0130, 0x0667)
                    .doesNotContain(0x0514, 0x0104);
        }
    }

    @Test
    void anotherProgramIdIsServed() throws IOException {
        try (RfcClient client = abap().of("OTHER")) {
            assertThat(client.chars(client.act("CE", VISA), "E_DATA")).matches(TOKEN);
        }
    }

    @Test
    void otherSerializersAreToldWhatToSet() throws IOException {
        for (Field foreign : List.of(
                new Field(0x5001, "43".repeat(80)),
                new Field(0x3c05, hex("BXML...")),
                new Field(0x3c05, hex("ZBXML")))) {
            try (RfcClient client = abap()) {
                Field function = new Field(0x0102, HexFormat.of().formatHex(client.chars("Z_CARDSECURE", 12)));
                Field begins = new Field(0x0502, "");
                for (List<Field> call : List.of(List.of(begins, function, foreign), List.of(begins, foreign))) {
                    client.begin();
                    byte[] answer = client.exchange(joined(RfcClient.header(0xcb, 7), RfcClient.chain(call, false)));
                    assertThat(new String(answer, StandardCharsets.UTF_16LE))
                            .contains("serializer of this destination");
                }
            }
        }
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    @Test
    void aHundredConnectionsWorkAtATime() throws Exception {
        List<RfcClient> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                clients.add(abap());
            }
            List<Callable<String>> calls = clients.stream()
                    .<Callable<String>>map(client -> () -> {
                        String token = "";
                        for (int i = 0; i < 5; i++) {
                            token = client.chars(client.act("CE", VISA), "E_DATA");
                        }
                        return token;
                    })
                    .toList();
            List<String> tokens = new ArrayList<>();
            for (Future<String> token : threads.invokeAll(calls)) {
                tokens.add(token.get());
            }
            assertThat(tokens).hasSize(100).allMatch(token -> token.matches(TOKEN));
            assertThat(tokens.stream().distinct()).hasSize(1);
        } finally {
            for (RfcClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void howAMessageIsSplitDoesNotMatter() throws IOException {
        try (RfcClient client = abap()) {
            byte[] message = client.message("Z_CARDSECURE", client.inputs("CE", VISA), RfcClient.OUTPUTS);
            byte[] frame = joined(ByteBuffer.allocate(4).putInt(message.length).array(), message);
            for (byte b : frame) {
                client.out().write(b);
                client.out().flush();
            }
            assertThat(client.take()[35]).isEqualTo((byte) 18);
        }
    }

    @Test
    void whatCannotBeReadIsRecordedWithoutValuesAndEndsTheConnection() throws IOException {
        byte[] broken = RfcClient.chain(List.of(new Field(0x0502, ""), new Field(0x0203, hex(VISA))), false);
        broken[broken.length - 7] ^= 1;
        List<byte[]> messages = List.of(
                joined(RfcClient.header(0xcb, 7), broken),
                RfcClient.header(0x08, 7),
                RfcClient.header(0x0c, 7),
                new byte[17],
                hexBytes("0b" + "00".repeat(62)));
        for (byte[] message : messages) {
            try (RfcClient client = abap()) {
                client.begin();
                client.send(message);
                assertThat(client.isEnded()).isTrue();
            }
        }
        try (RfcClient client = abap()) {
            // No conversation has begun.
            client.send(joined(RfcClient.header(0xcb, 7), RfcClient.chain(List.of(new Field(0x0502, "")), false)));
            assertThat(client.isEnded()).isTrue();
        }
        assertThat(server.audit())
                .filteredOn(AuditEvent.Refused.class::isInstance)
                .hasSize(messages.size() + 1)
                .allMatch(event -> !event.toString().contains(VISA.substring(6)))
                .anyMatch(event -> event.toString().contains("the chain of fields breaks at byte"))
                .anyMatch(event -> event.toString().contains("a message in several frames"));
    }

    private static byte[] hexBytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void aFrameOverTheLimitEndsTheConnectionAtOnce() throws IOException {
        try (RfcClient client = abap()) {
            client.out().write(ByteBuffer.allocate(4).putInt(65_537).array());
            client.out().flush();
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void whoMayNotBeHereIsSentAway() throws Exception {
        stop();
        server = TestServer.on(
                temporary.resolve("data"), listener(List.of(AddressRange.parse("192.0.2.1"))), RfcConfig.defaults());
        try (RfcClient client = RfcClient.unspoken(server.port())) {
            assertThat(client.isEnded()).isTrue();
        }
        assertThat(server.audit().toString()).contains("the listener does not allow the address");
    }

    private static ListenerConfig listener(List<AddressRange> addresses) {
        return new ListenerConfig(
                Kind.RFC,
                new Listen.At(Listen.LOOPBACK, 0),
                Optional.of("dev"),
                addresses,
                10,
                WhenFull.WAIT,
                Duration.ofMinutes(1),
                ClientCertificates.OFF,
                ProxyHeader.NONE,
                List.of());
    }

    @Test
    void functionsAreCalledByTheNamesOfTheConfiguration() throws Exception {
        stop();
        RfcConfig usual = RfcConfig.defaults();
        RfcFunction own = new RfcFunction("Z_PAY", RfcFunction.Type.CHAR, "A", "B", "C", "D", "E", "F", "G", 19, 10);
        server = TestServer.on(
                temporary.resolve("data"),
                ListenerConfig.plain(Kind.RFC, new Listen.At(Listen.LOOPBACK, 0), LimitsConfig.defaults()),
                new RfcConfig(usual.programId(), usual.frameMax(), true, List.of(own)));
        try (RfcClient client = abap()) {
            Map<String, byte[]> inputs = Map.of("A", client.chars("CE", 2), "B", client.chars(VISA, 19));
            assertThat(client.chars(client.call("Z_PAY", inputs, List.of("E")), "E"))
                    .matches(TOKEN);
            Map<String, byte[]> tooShort = Map.of("A", client.chars("HI", 2), "B", client.chars("12345678", 19));
            Result result = client.call("Z_PAY", tooShort, List.of("E", "F", "G"));
            assertThat(client.chars(result, "F")).isEqualTo("0035");
            assertThat(client.chars(result, "G")).isEqualTo("Buffer too");
            assertThat(client.act("CE", VISA).exception()).contains("FU_NOT_FOUND");
        }
    }

    @Test
    void pingsAreAnsweredBeforeAnythingIsSaid() throws IOException {
        try (RfcClient client = RfcClient.unspoken(server.port())) {
            for (int i : IntStream.range(0, 3).toArray()) {
                assertThat(HexFormat.of().formatHex(client.exchange(hexBytes("4e495f50494e4700"))))
                        .as("ping " + i)
                        .isEqualTo("4e495f504f4e4700");
            }
        }
    }
}
