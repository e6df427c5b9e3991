package cardsecure.sap;

import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.audit.AuditEvent;
import cardsecure.config.ConfigReader;
import cardsecure.config.Listen;
import cardsecure.config.ListenerConfig;
import cardsecure.config.ListenerConfig.ClientCertificates;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenerConfig.ProxyHeader;
import cardsecure.config.ListenerConfig.WhenFull;
import cardsecure.config.RfcConfig;
import cardsecure.rfc.NiDecoder;
import cardsecure.sap.RfcClient.Field;
import cardsecure.sap.RfcClient.Result;
import cardsecure.server.TestServer;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// What the server answers without an action of the vault is for nobody else than those who may come in; and what
/// is odd in a message that may be answered does not end the connection.
@Timeout(60)
class RfcGateTest {
    private static final String PASSWORD = "correct horse battery";
    private static final List<String> BUILT_IN = List.of(
            "RFC_PING",
            "RFCPING",
            "STFC_CONNECTION",
            "SYSTEM_RESET_RFC_SERVER",
            "RFC_GET_FUNCTION_INTERFACE",
            "Z_NOPE");

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

    @Test
    void aSiteThatDoesNotAllowAnAddressAllowsItNothing() throws Exception {
        server.setSite("dev", Map.of("addresses", "192.0.2.1"));
        try (RfcClient client = RfcClient.abap(server.port())) {
            for (String function : BUILT_IN) {
                assertThat(client.call(function, Map.of(), List.of()).exception())
                        .as(function)
                        .contains("NOT_AUTHORIZED");
            }
            assertThat(client.test()).extracting(Field::tag).contains(0x0401);
        }
        assertThat(server.audit())
                .filteredOn(AuditEvent.Refused.class::isInstance)
                .hasSize(BUILT_IN.size() + 1)
                .allMatch(event -> event.toString().contains("0047"));
    }

    @Test
    void tryingADestinationCountsAsACall() throws Exception {
        server.setSite("dev", Map.of("rate", "1/m:1"));
        try (RfcClient client = RfcClient.abap(server.port())) {
            assertThat(client.call("RFC_PING", Map.of(), List.of()).exception()).isEmpty();
            assertThat(client.call("RFC_PING", Map.of(), List.of()).exception()).contains("SERVICE_UNAVAILABLE");
            assertThat(client.act("HI", "12345678").exception()).contains("SERVICE_UNAVAILABLE");
        }
    }

    @Test
    void aDestinationCanBeTriedWhereRequestsAreSigned() throws Exception {
        server.setSite("dev", Map.of("signing", "on"));
        try (RfcClient client = RfcClient.abap(server.port())) {
            assertThat(client.call("RFC_PING", Map.of(), List.of()).exception()).isEmpty();
            assertThat(client.call("Z_NOPE", Map.of(), List.of()).exception()).contains("FU_NOT_FOUND");
        }
    }

    @Test
    void aUserWhoIsRemovedIsServedNothingMore() throws Exception {
        server.addUser("dev", "TILL", "", PASSWORD);
        try (RfcClient client = RfcClient.external(server.port())) {
            assertThat(client.logOn("TILL", PASSWORD)).isEmpty();
            assertThat(client.call("RFC_PING", Map.of(), List.of()).exception()).isEmpty();
            server.removeUser("dev", "TILL");
            for (String function : BUILT_IN) {
                assertThat(client.call(function, Map.of(), List.of()).exception())
                        .as(function)
                        .contains("NOT_AUTHORIZED");
            }
        }
    }

    @Test
    void aListenerNarrowsWhatTheSiteLetsEverybodyDo() throws Exception {
        stop();
        Path file = temporary.resolve("config.yaml");
        Files.writeString(file, "data: d\nlisteners:\n  rfc: {listen: \"127.0.0.1:0\", rights: [tokenize, bin]}\n");
        ListenerConfig narrow = ConfigReader.parse("config", Files.readString(file), false)
                .listeners()
                .all()
                .getFirst();
        server = TestServer.on(temporary.resolve("narrow"), narrow, RfcConfig.defaults());
        server.setSite("dev", Map.of("open", "tokenize,verify", "default", "on"));
        server.addUser("dev", "TILL", "verify", PASSWORD);
        try (RfcClient client = RfcClient.abap(server.port());
                RfcClient user = RfcClient.external(server.port())) {
            String token = client.chars(client.act("CE", VISA), "E_DATA");
            assertThat(token).matches("944[0-9]{9}1111");
            assertThat(client.act("CV", token).exception())
                    .as("the site lets everybody, the listener does not")
                    .contains("NOT_AUTHORIZED");
            assertThat(client.act("CT", token).exception())
                    .as("the listener would, the site does not")
                    .contains("NOT_AUTHORIZED");
            assertThat(user.logOn("TILL", PASSWORD)).isEmpty();
            assertThat(user.chars(user.act("CV", token), "E_DATA")).isEqualTo("Token Found");
        }
    }

    @Test
    void aQuestionAboutAFunctionThatIsOddIsAnswered() throws Exception {
        try (RfcClient client = RfcClient.abap(server.port())) {
            Map<String, byte[]> name = Map.of("FUNCNAME", client.chars("Z_CARDSECURE", 30));
            for (Map<String, byte[]> odd : List.of(
                    Map.of("FUNCNAME", client.chars("Z".repeat(31), 31)),
                    Map.of("FUNCNAME", name.get("FUNCNAME"), "NONE_UNICODE_LENGTH", client.chars("XX", 2)),
                    Map.of("FUNCNAME", name.get("FUNCNAME"), "NONE_UNICODE_LENGTH", new byte[] {'X'}),
                    Map.of("FUNCNAME", HexFormat.of().parseHex("00d8")))) {
                Result result = client.call("RFC_GET_FUNCTION_INTERFACE", odd, List.of("PARAMS"));
                assertThat(result.exception()).contains("INVALID_DATA");
            }
            assertThat(client.call("RFC_GET_FUNCTION_INTERFACE", name, List.of("PARAMS"))
                            .exception())
                    .isEmpty();
        }
    }

    @Test
    void aPasswordThatNobodyLooksAtMayBeOdd() throws Exception {
        try (RfcClient client = RfcClient.abap(server.port())) {
            for (String odd : List.of("", "0102", "00".repeat(300))) {
                client.begin();
                String ping = HexFormat.of().formatHex(client.chars("RFC_PING", 8));
                List<Field> call = List.of(
                        new Field(0x0101, "0301010504010003"),
                        new Field(0x0111, "4a00"),
                        new Field(0x0117, odd),
                        new Field(0x0502, ""),
                        new Field(0x0102, ping));
                client.send(joined(RfcClient.header(0xcb, 7), RfcClient.chain(call, false)));
                assertThat(RfcClient.fieldsOf(client.take()))
                        .extracting(Field::tag)
                        .contains(0x0420);
            }
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /// Also who goes on sending, but does not come to an end.
    @Test
    void whoIsSilentOrDoesNotFinishAFrameIsCutOff() throws Exception {
        stop();
        ListenerConfig impatient = new ListenerConfig(
                Kind.RFC,
                new Listen.At(Listen.LOOPBACK, 0),
                Optional.empty(),
                List.of(),
                10,
                WhenFull.WAIT,
                Duration.ofMillis(300),
                ClientCertificates.OFF,
                ProxyHeader.NONE,
                List.of());
        RfcConfig usual = RfcConfig.defaults();
        RfcConfig longFrames = new RfcConfig(usual.programId(), NiDecoder.LENGTH_MAX, false, usual.functions());
        server = TestServer.on(temporary.resolve("impatient"), impatient, longFrames);
        try (RfcClient silent = RfcClient.unspoken(server.port())) {
            assertThat(silent.isEnded()).isTrue();
        }
        try (RfcClient slow = RfcClient.unspoken(server.port())) {
            slow.out().write(ByteBuffer.allocate(4).putInt(NiDecoder.LENGTH_MAX).array());
            assertThatThrownBy(() -> {
                        for (int i = 1; i < NiDecoder.LENGTH_MAX; i++) {
                            slow.out().write(0);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void anotherProgramIdIsToldOfOnceAConnection() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(RfcConnection.class);
        Level before = logger.getLevel();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        try (RfcClient client = RfcClient.abap(server.port()).of("OTHER")) {
            for (int i = 0; i < 5; i++) {
                client.begin();
            }
        } finally {
            logger.detachAppender(log);
            logger.setLevel(before);
        }
        assertThat(log.list)
                .filteredOn(event -> event.getMessage().contains("another Program ID"))
                .hasSize(1);
    }
}
