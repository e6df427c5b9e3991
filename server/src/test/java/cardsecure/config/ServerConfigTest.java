package cardsecure.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.config.ListenerConfig.ClientCertificates;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenerConfig.ProxyHeader;
import cardsecure.config.ListenerConfig.WhenFull;
import cardsecure.site.AddressRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The records: their defaults are pinned here, since installations rely on them, and each refuses what cannot
/// be.
class ServerConfigTest {
    private static final LimitsConfig LIMITS = LimitsConfig.defaults();

    @Test
    void hasTheseDefaults() {
        assertThat(ServerConfig.defaults(false, Path.of("d")))
                .isEqualTo(new ServerConfig(
                        false,
                        Path.of("d"),
                        new ListenersConfig(List.of()),
                        new TlsConfig(List.of(), Optional.empty()),
                        new StoreConfig(
                                StoreLocation.parse("rocksdb:"), 268_435_456, 67_108_864, 10, Duration.ofSeconds(2)),
                        KekConfig.of("file:kek.key"),
                        new KeysConfig(Optional.of(Duration.ofDays(365)), 1_073_741_824),
                        new WalletsConfig(
                                Optional.empty(),
                                Duration.ofMinutes(2),
                                Duration.ofMinutes(1),
                                Optional.empty(),
                                Optional.empty()),
                        new LimitsConfig(
                                16_384,
                                16_384,
                                65_536,
                                9_999,
                                10_000,
                                2048,
                                4096,
                                512,
                                Duration.ofMinutes(5),
                                Duration.ofSeconds(10)),
                        new RfcConfig(
                                "CARDSECURE",
                                65_536,
                                false,
                                List.of(
                                        function("Z_CARDSECURE", RfcFunction.Type.CHAR),
                                        function("Z_CARDSECURE_STR", RfcFunction.Type.STRING))),
                        new LogConfig(LogFormat.TEXT, LogLevel.INFO, Optional.empty())));
    }

    private static RfcFunction function(String name, RfcFunction.Type type) {
        return new RfcFunction(
                name, type, "I_ACTION", "I_DATA", "I_PARAMS", "E_ACTION", "E_DATA", "E_RETCODE", "E_MESSAGE", 512, 120);
    }

    @Test
    void refusesFunctionsThatAbapWouldNotTake() {
        assertThatThrownBy(() -> RfcFunction.usual("z_cardsecure", RfcFunction.Type.CHAR))
                .hasMessageContaining("name is a name in ABAP");
        for (String own : List.of("RFC_GET_FUNCTION_INTERFACE", "RFC_PING", "STFC_CONNECTION")) {
            assertThatThrownBy(() -> RfcFunction.usual(own, RfcFunction.Type.CHAR))
                    .hasMessageContaining("name is none of the function modules that the server has itself");
        }
        RfcFunction usual = RfcFunction.usual("Z_CARDSECURE", RfcFunction.Type.CHAR);
        assertThatThrownBy(() -> new RfcFunction(
                        usual.name(),
                        usual.type(),
                        "A",
                        "A",
                        usual.parameters(),
                        usual.replyAction(),
                        usual.replyData(),
                        usual.replyCode(),
                        usual.replyMessage(),
                        0,
                        6_001))
                .hasMessageContaining("width")
                .hasMessageContaining("message-width")
                .hasMessageContaining("two parameters of one name");
        assertThatThrownBy(() -> new RfcConfig("A B", 1, false, List.of(usual, usual)))
                .hasMessageContaining("program-id")
                .hasMessageContaining("frame-max")
                .hasMessageContaining("functions has two of one name");
    }

    @Test
    void refusesAnRfcListenerForEverybody() {
        assertThatThrownBy(() -> new ListenerConfig(
                        Kind.RFC,
                        (Listen.At) Listen.parse("127.0.0.1:3300"),
                        Optional.empty(),
                        List.of(),
                        1,
                        WhenFull.WAIT,
                        Duration.ofMinutes(1),
                        ClientCertificates.OFF,
                        ProxyHeader.PROXY_PROTOCOL,
                        List.of(AddressRange.parse("127.0.0.1"))))
                .as("whom a proxy speaks for is not at the loopback address")
                .hasMessageContaining("addresses of an RFC listener");
        for (String open : List.of("0.0.0.0:3300", "[::]:3300", "sap.example.com:3300", "localhost.example.com:1")) {
            assertThatThrownBy(() -> ListenerConfig.plain(Kind.RFC, (Listen.At) Listen.parse(open), LIMITS))
                    .as(open)
                    .hasMessageContaining("addresses of an RFC listener");
        }
        for (String local : List.of("3300", "localhost:3300", "127.1.2.3:3300", "[::1]:3300")) {
            assertThat(ListenerConfig.plain(Kind.RFC_TLS, (Listen.At) Listen.parse(local), LIMITS)
                            .addresses())
                    .isEmpty();
        }
    }

    @Test
    void listensOnTheLoopbackAddressInDev() {
        assertThat(ServerConfig.defaults(true, Path.of("d")).listeners().all())
                .extracting(listener -> listener.kind().label() + " " + listener.address())
                .containsExactly(
                        "http 127.0.0.1:6080",
                        "https 127.0.0.1:6443",
                        "socket 127.0.0.1:1443",
                        "socket 127.0.0.1:4944",
                        "socket-tls 127.0.0.1:1444",
                        "socket-tls 127.0.0.1:4945");
    }

    @Test
    void refusesTwoFrontsAtOneAddress() {
        assertThatThrownBy(() -> new ListenersConfig(List.of(plain(Kind.HTTPS, 1443), plain(Kind.SOCKET_TLS, 1443))))
                .hasMessage("socket-tls and https listen at the same address");
    }

    @Test
    void allowsTwoFrontsAnyFreePort() {
        assertThat(new ListenersConfig(List.of(plain(Kind.SOCKET, 0), plain(Kind.SOCKET, 0))).all())
                .hasSize(2);
    }

    @Test
    void changesTheListenersOfOneKindAtATime() {
        ListenersConfig changed =
                ListenersConfig.defaults(true, LIMITS).with(Kind.SOCKET, Listen.parse("0.0.0.0:7"), LIMITS);
        assertThat(changed.of(Kind.SOCKET))
                .extracting(listener -> listener.address().toString())
                .containsExactly("0.0.0.0:7");
        assertThat(changed.of(Kind.SOCKET_TLS)).hasSize(2);
        assertThat(changed.with(Kind.HTTP, new Listen.Off(), LIMITS).of(Kind.HTTP))
                .isEmpty();
    }

    @Test
    void keepsTheSettingsOfTheOneListenerThatAnOptionMoves() {
        ListenerConfig guarded = guarded(1443);
        assertThat(new ListenersConfig(List.of(guarded))
                        .with(Kind.SOCKET, Listen.parse("2443"), LIMITS)
                        .all())
                .containsExactly(guarded.withAddress(new Listen.At("127.0.0.1", 2443)));
    }

    @Test
    void doesNotGuessWhichOfSeveralListenersAnOptionMoves() {
        ListenersConfig two = new ListenersConfig(List.of(guarded(1), plain(Kind.SOCKET, 2)));
        assertThatThrownBy(() -> two.with(Kind.SOCKET, Listen.parse("3"), LIMITS))
                .hasMessage("socket has several listeners with settings of their own; change them in the file");
    }

    @Test
    void refusesAListenerWhosePartsDoNotGoTogether() {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> new ListenerConfig(
                        Kind.SOCKET,
                        new Listen.At("127.0.0.1", 1),
                        Optional.of("No Name"),
                        List.of(),
                        0,
                        WhenFull.WAIT,
                        Duration.ZERO,
                        ClientCertificates.REQUIRED,
                        ProxyHeader.FORWARDED,
                        List.of()))
                .satisfies(e -> assertThat(e.faults())
                        .extracting(InvalidConfigException.Fault::key)
                        .containsExactly(
                                "site",
                                "connections-max",
                                "idle-timeout",
                                "client-certificates",
                                "proxy-header",
                                "proxies"));
    }

    @Test
    void refusesTlsListenersWithNothingToShow() {
        ServerConfig bare = ServerConfig.defaults(false, Path.of("d"));
        ListenersConfig listeners = new ListenersConfig(List.of(plain(Kind.HTTPS, 1)));
        assertThatThrownBy(() -> bare.withListeners(listeners))
                .hasMessage("listeners has some that speak TLS, and tls: certificates has nothing to show there");
    }

    private static ListenerConfig plain(Kind kind, int port) {
        return ListenerConfig.plain(kind, new Listen.At("127.0.0.1", port), LIMITS);
    }

    private static ListenerConfig guarded(int port) {
        return new ListenerConfig(
                Kind.SOCKET,
                new Listen.At("127.0.0.1", port),
                Optional.of("shop"),
                List.of(AddressRange.parse("10.0.0.0/8")),
                10,
                WhenFull.REFUSE,
                Duration.ofMinutes(1),
                ClientCertificates.OFF,
                ProxyHeader.NONE,
                List.of());
    }

    @Test
    void refusesAStoreWithoutReserveConnectionsAndFullSeconds() {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> new StoreConfig(StoreLocation.usual(), 0, 0, 0, Duration.ofMillis(1500)))
                .satisfies(e -> assertThat(e.faults())
                        .extracting(InvalidConfigException.Fault::key)
                        .containsExactly("block-cache", "disk-reserve", "pool-size", "timeout"));
    }

    @Test
    void refusesLimitsThatCannotBeAllAtOnce() {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() ->
                        new LimitsConfig(0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO, Duration.ofSeconds(Long.MAX_VALUE)))
                .satisfies(e -> assertThat(e.faults())
                        .extracting(InvalidConfigException.Fault::key)
                        .containsExactly(
                                "request-target-max",
                                "headers-max",
                                "body-max",
                                "frame-max",
                                "connections-max",
                                "requests-in-flight-max",
                                "write-queue-max",
                                "write-batch-max",
                                "idle-timeout",
                                "stop-timeout"));
    }

    @Test
    void refusesABatchThatIsLargerThanTheQueue() {
        LimitsConfig usual = LimitsConfig.defaults();
        assertThatThrownBy(() -> new LimitsConfig(
                        16_384, 16_384, 65_536, 9_999, 1, 1, 511, 512, usual.idleTimeout(), usual.stopTimeout()))
                .hasMessage("write-batch-max is at most write-queue-max");
    }

    @Test
    void rotatesADataKeyWellBeforeItHasSealedAsOftenAsItMay() {
        assertThatThrownBy(() -> new KeysConfig(Optional.empty(), 1L << 32))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("rotate-after-seals");
        assertThatThrownBy(() -> new KeysConfig(Optional.of(Duration.ofMinutes(59)), 1L << 30))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("rotate-after");
        assertThat(new KeysConfig(Optional.empty(), 1L << 24).limits().seals()).isEqualTo(1 << 24);
    }

    @Test
    void believesAWalletForALimitedTimeAndKeepsGooglesKeysForTestsApart() {
        Optional<Path> none = Optional.empty();
        Duration minute = Duration.ofMinutes(1);
        assertThatThrownBy(() -> new WalletsConfig(none, Duration.ZERO, Duration.ofMinutes(11), none, none))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("apple-past is from 1s to 1h")
                .hasMessageContaining("apple-future is from 1s to 10m");
        assertThatThrownBy(() -> new WalletsConfig(none, Duration.ofMillis(1500), minute, none, none))
                .hasMessageContaining("apple-past");
        Optional<Path> file = Optional.of(Path.of("keys.json"));
        assertThatThrownBy(() -> new WalletsConfig(none, minute, minute, file, file))
                .hasMessageContaining("google-test-keys");
        assertThat(new WalletsConfig(none, Duration.ofHours(1), minute, file, none).googleKeys())
                .isEqualTo(file);
    }
}
