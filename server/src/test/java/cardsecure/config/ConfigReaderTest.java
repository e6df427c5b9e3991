package cardsecure.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cardsecure.config.ListenerConfig.ClientCertificates;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenerConfig.ProxyHeader;
import cardsecure.config.ListenerConfig.WhenFull;
import cardsecure.site.AddressRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    private static final String FULL = """
        data: /var/lib/cardsecure
        listeners:
          http: 127.0.0.1:1
          https: "[::]:2"
          socket: [3, {listen: "0.0.0.0:5", site: shop, addresses: [10.0.0.0/8, "::1"], connections-max: 9,
            when-full: refuse, idle-timeout: 2m, proxy-header: proxy-protocol, proxies: 10.0.0.1}]
          socket-tls: {listen: "localhost:4", client-certificates: required}
          rfc: {listen: "0.0.0.0:3300", addresses: 10.0.0.0/8}
        tls:
          certificates:
            - {certificate: a.pem, key: a.key}
            - {pkcs12: b.p12, password-file: b.txt}
          client-ca: ca.pem
        store:
          url: postgresql://till@db/vault?password-source=env:DB_PASSWORD
          block-cache: 1GiB
          disk-reserve: 2MiB
          pool-size: 3
          timeout: 4s
        kek: {uri: "file:/etc/kek.key"}
        keys: {rotate-after: off, rotate-after-seals: 20000000}
        wallets:
          apple-root: apple.cer
          apple-past: 90s
          apple-future: 1m
          google-keys: google.json
          google-test-keys: test.json
        limits:
          request-target-max: 2KiB
          headers-max: 3KiB
          body-max: 4096
          frame-max: 999
          connections-max: 5
          requests-in-flight-max: 6
          write-queue-max: 8
          write-batch-max: 7
          idle-timeout: 500ms
          stop-timeout: 1m
        rfc:
          program-id: TOKENS
          frame-max: 32KiB
          dump-frames: on
          functions:
            - {name: Z_A, type: string, action: A, data: B, parameters: C, reply-action: D, reply-data: E,
               reply-code: F, reply-message: G, width: 7, message-width: 8}
            - Z_B
        log:
          format: json
          level: debug
          file: logs/cardsecure.log
        """;

    private static final RfcConfig RFC = new RfcConfig(
            "TOKENS",
            32_768,
            true,
            List.of(
                    new RfcFunction("Z_A", RfcFunction.Type.STRING, "A", "B", "C", "D", "E", "F", "G", 7, 8),
                    RfcFunction.usual("Z_B", RfcFunction.Type.CHAR)));

    @Test
    void mapsEveryKey() throws ConfigException {
        assertThat(ConfigReader.parse("f", FULL, false))
                .isEqualTo(new ServerConfig(
                        false,
                        Path.of("/var/lib/cardsecure"),
                        new ListenersConfig(List.of(
                                plain(Kind.HTTP, "127.0.0.1", 1),
                                plain(Kind.HTTPS, "::", 2),
                                plain(Kind.SOCKET, "127.0.0.1", 3),
                                new ListenerConfig(
                                        Kind.SOCKET,
                                        new Listen.At("0.0.0.0", 5),
                                        Optional.of("shop"),
                                        List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("::1")),
                                        9,
                                        WhenFull.REFUSE,
                                        Duration.ofMinutes(2),
                                        ClientCertificates.OFF,
                                        ProxyHeader.PROXY_PROTOCOL,
                                        List.of(AddressRange.parse("10.0.0.1"))),
                                new ListenerConfig(
                                        Kind.SOCKET_TLS,
                                        new Listen.At("localhost", 4),
                                        Optional.empty(),
                                        List.of(),
                                        5,
                                        WhenFull.WAIT,
                                        Duration.ofMillis(500),
                                        ClientCertificates.REQUIRED,
                                        ProxyHeader.NONE,
                                        List.of()),
                                new ListenerConfig(
                                        Kind.RFC,
                                        new Listen.At("0.0.0.0", 3300),
                                        Optional.empty(),
                                        List.of(AddressRange.parse("10.0.0.0/8")),
                                        5,
                                        WhenFull.WAIT,
                                        Duration.ofMillis(500),
                                        ClientCertificates.OFF,
                                        ProxyHeader.NONE,
                                        List.of()))),
                        new TlsConfig(
                                List.of(
                                        new TlsIdentityConfig.Pem(Path.of("a.pem"), Path.of("a.key")),
                                        new TlsIdentityConfig.Pkcs12(Path.of("b.p12"), Optional.of(Path.of("b.txt")))),
                                Optional.of(Path.of("ca.pem"))),
                        new StoreConfig(
                                StoreLocation.parse("postgresql://till@db/vault?password-source=env:DB_PASSWORD"),
                                1 << 30,
                                2 << 20,
                                3,
                                Duration.ofSeconds(4)),
                        KekConfig.of("file:/etc/kek.key"),
                        new KeysConfig(Optional.empty(), 20_000_000),
                        new WalletsConfig(
                                Optional.of(Path.of("apple.cer")),
                                Duration.ofSeconds(90),
                                Duration.ofMinutes(1),
                                Optional.of(Path.of("google.json")),
                                Optional.of(Path.of("test.json"))),
                        new LimitsConfig(
                                2048, 3072, 4096, 999, 5, 6, 8, 7, Duration.ofMillis(500), Duration.ofMinutes(1)),
                        RFC,
                        new LogConfig(LogFormat.JSON, LogLevel.DEBUG, Optional.of(Path.of("logs/cardsecure.log")))));
    }

    private static ListenerConfig plain(Kind kind, String host, int port) {
        return new ListenerConfig(
                kind,
                new Listen.At(host, port),
                Optional.empty(),
                List.of(),
                5,
                WhenFull.WAIT,
                Duration.ofMillis(500),
                ClientCertificates.OFF,
                ProxyHeader.NONE,
                List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "{}", "listeners:\nlog: {}\n", "null"})
    void hasTheDefaultsWhereTheFileSaysNothing(String text) throws ConfigException {
        assertThat(ConfigReader.parse("f", text, true)).isEqualTo(ServerConfig.defaults(true, Path.of("data")));
    }

    @Test
    void saysEverythingThatIsWrongAtOnce() {
        String text = """
            data: [a, b]
            listners:
              http: off
            listeners:
              http: 6080
              https: 6080
              socket: somewhere
              http: off
            store:
              block-cache: much
              disk-reserve: 0
            kek:
              uri: vault:x
              passphrase: hunter2
            limits:
              body-max: 1GiB
              write-batch-max: 5000
              connections-max: 1e3
              idle-timeout: 5
            log: loud
            colour: red
            data: again
            """;
        assertThat(problems(text))
                .containsExactly(
                        "f:1: \"data\" has one plain value",
                        "f:2: unknown key \"listners\"; did you mean \"listeners\"?",
                        "f:6: https and http listen at the same address",
                        "f:7: \"listen\": a listener is HOST:PORT, [IPV6]:PORT, PORT or off (socket)",
                        "f:8: key \"http\" is there twice, first in line 5",
                        "f:10: \"block-cache\": a size is a number of bytes, or one with KiB, MiB or GiB, such as"
                                + " 64MiB",
                        "f:11: disk-reserve is from 1MiB to 1024GiB: with none, a full disk could not be emptied by"
                                + " purging",
                        "f:13: uri has a scheme: file:, passphrase: or pkcs11:",
                        "f:14: unknown key \"passphrase\"; secrets do not stand in this file, only where they are"
                                + " (kek: uri: …)",
                        "f:16: body-max is from 1024 to 16777216",
                        "f:17: write-batch-max is at most write-queue-max",
                        "f:18: \"connections-max\": a whole number is expected",
                        "f:19: \"idle-timeout\": a time is a number with ms, s, m or h, such as 10s",
                        "f:20: keys with values are expected here: format, level, file",
                        "f:21: unknown key \"colour\"; there are data, listeners, tls, store, kek, keys, wallets,"
                                + " limits, rfc, log",
                        "f:22: key \"data\" is there twice, first in line 1");
    }

    @Test
    void neverShowsAValueWhichMightBeASecret() {
        String secret = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
        for (String key : List.of("kek: {uri: ", "store: {block-cache: ", "listeners: {http: ", "log: {level: ")) {
            assertThat(String.join("\n", problems(key + secret + "}")))
                    .startsWith("f:1: ")
                    .doesNotContain("0011");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "listeners:\n  http: 1\n bad: 2\n",
                "a: b: c\n",
                "data: \"unfinished\n\n",
                "data: *nothing\n",
                "data: a\n---\ndata: b\n",
                "data: \u0007\n",
                "\tdata: a",
                "- a\n- b",
                "text",
                "data: !!java.lang.Runtime {}",
                "data: !mine x",
                "data:",
                "data: |\n  a\n  b\n",
                "? {a: b}\n: c",
                "&a [*a]",
                "log: {file: \"a\\0b\"}"
            })
    void refusesWhatIsNotOfTheForm(String text) {
        assertThat(problems(text)).hasSize(1).first().asString().matches("f:([1-9]:)? [^\n]+");
    }

    @Test
    void saysTheLineOfASyntaxError() {
        assertThat(problems("data: a\nlog:\n  level: info\n level: x\n").getFirst())
                .startsWith("f:4: this is not YAML");
    }

    @Test
    void answersOrRefusesWhateverTheBytes(@TempDir Path directory) throws IOException {
        Random random = new Random(20_261_123);
        Path file = directory.resolve("f.yaml");
        for (int run = 0; run < 500; run++) {
            byte[] bytes = FULL.getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(1, 6); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, bytes);
            try {
                assertThat(ConfigReader.read(file, false).limits()).isNotNull();
            } catch (ConfigException e) {
                assertThat(e.problems()).isNotEmpty();
            }
        }
    }

    @Test
    void refusesFilesThatCannotBeRead(@TempDir Path directory) throws IOException {
        Path large = Files.write(directory.resolve("large"), new byte[ConfigReader.FILE_MAX + 1]);
        Path latin = Files.write(directory.resolve("latin"), new byte[] {'#', (byte) 0xE9});
        assertThat(problems(directory.resolve("absent"))).isEqualTo("there is no such file");
        assertThat(problems(large)).isEqualTo("a configuration file has 1 MiB at most");
        assertThat(problems(latin)).isEqualTo("the file is not UTF-8");
        assertThat(problems(directory)).startsWith("the file cannot be read");
    }

    private static List<String> problems(String text) {
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> ConfigReader.parse("f", text, false));
        assertThat(refused).as(text).isNotNull();
        return refused.problems().stream().map(Problem::toString).toList();
    }

    private static String problems(Path file) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(file, false));
        assertThat(refused.problems())
                .hasSize(1)
                .allSatisfy(problem -> assertThat(problem.line()).isZero());
        return refused.problems().getFirst().message();
    }
}
