package cardsecure.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The records: their defaults are pinned here, since installations rely on them, and each refuses what cannot be.
class ServerConfigTest {
    private static final Listen OFF = new Listen.Off();

    @Test
    void hasTheseDefaults() {
        assertThat(ServerConfig.defaults(false, Path.of("d")))
                .isEqualTo(new ServerConfig(
                        false,
                        Path.of("d"),
                        new ListenersConfig(OFF, OFF, OFF, OFF),
                        new StoreConfig(268_435_456, 67_108_864),
                        new KekConfig(URI.create("file:kek.key")),
                        new LimitsConfig(
                                16_384,
                                16_384,
                                65_536,
                                10_000,
                                2048,
                                4096,
                                512,
                                Duration.ofMinutes(5),
                                Duration.ofSeconds(10)),
                        new LogConfig(LogFormat.TEXT, LogLevel.INFO, Optional.empty())));
    }

    @Test
    void listensOnTheLoopbackAddressInDev() {
        assertThat(ServerConfig.defaults(true, Path.of("d")).listeners())
                .isEqualTo(new ListenersConfig(new Listen.At("127.0.0.1", 6080), OFF, OFF, OFF));
    }

    @Test
    void keepsTheKekInTheDataDirectoryWhereverThatIs() {
        ServerConfig config = ServerConfig.defaults(false, Path.of("d")).withData(Path.of("/elsewhere"));
        assertThat(config.kekFile()).isEqualTo(Path.of("/elsewhere/kek.key"));
    }

    @Test
    void keepsTheKekWhereAnAbsoluteUriSays() {
        Path data = Path.of("d");
        assertThat(new KekConfig(URI.create("file:/etc/k.key")).file(data)).isEqualTo(Path.of("/etc/k.key"));
        assertThat(new KekConfig(URI.create("file:///etc/k.key")).file(data)).isEqualTo(Path.of("/etc/k.key"));
        assertThat(new KekConfig(URI.create("file:a%20b")).file(data)).isEqualTo(Path.of("d/a b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kek.key",
                "pkcs11:token=a",
                "FILE:kek.key",
                "file://host/kek.key",
                "file:/kek.key?pin-value=1234",
                "file:kek.key?pin-value=1234",
                "file:kek.key#part",
                "file:///"
            })
    void refusesAnUnfitKekUri(String uri) {
        assertThatThrownBy(() -> new KekConfig(URI.create(uri)))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageStartingWith("uri ")
                .message()
                .doesNotContain("1234");
    }

    @Test
    void refusesTwoFrontsAtOneAddress() {
        Listen.At same = new Listen.At("127.0.0.1", 1443);
        assertThatThrownBy(() -> new ListenersConfig(OFF, same, OFF, same))
                .hasMessage("socket-tls and https listen at the same address");
    }

    @Test
    void allowsTwoFrontsAnyFreePort() {
        Listen.At free = new Listen.At("127.0.0.1", 0);
        assertThat(new ListenersConfig(free, free, free, free).https()).isEqualTo(free);
    }

    @Test
    void changesOneListenerAtATime() {
        ListenersConfig changed = ListenersConfig.defaults(false)
                .withHttp(Listen.parse("1"))
                .withHttps(Listen.parse("2"))
                .withSocket(Listen.parse("3"))
                .withSocketTls(Listen.parse("4"));
        assertThat(changed)
                .isEqualTo(new ListenersConfig(
                        Listen.parse("1"), Listen.parse("2"), Listen.parse("3"), Listen.parse("4")));
    }

    @Test
    void refusesAStoreWithoutReserve() {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> new StoreConfig(0, 0))
                .satisfies(e -> assertThat(e.faults())
                        .extracting(InvalidConfigException.Fault::key)
                        .containsExactly("block-cache", "disk-reserve"));
    }

    @Test
    void refusesLimitsThatCannotBeAllAtOnce() {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(
                        () -> new LimitsConfig(0, 0, 0, 0, 0, 0, 0, Duration.ZERO, Duration.ofSeconds(Long.MAX_VALUE)))
                .satisfies(e -> assertThat(e.faults())
                        .extracting(InvalidConfigException.Fault::key)
                        .containsExactly(
                                "request-target-max",
                                "headers-max",
                                "body-max",
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
                        16_384, 16_384, 65_536, 1, 1, 511, 512, usual.idleTimeout(), usual.stopTimeout()))
                .hasMessage("write-batch-max is at most write-queue-max");
    }
}
