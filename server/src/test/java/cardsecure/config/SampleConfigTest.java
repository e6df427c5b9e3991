package cardsecure.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The sample in the repository is what operators start from, so it says exactly what the server does.
class SampleConfigTest {
    private static final Path SAMPLE =
            Path.of(System.getProperty("repository.root", ".."), "docs", "cardsecure.sample.yaml");

    @Test
    void saysTheDefaults() throws ConfigException {
        assertThat(ConfigReader.read(SAMPLE, false)).isEqualTo(ServerConfig.defaults(false, ServerConfig.USUAL_DATA));
    }

    @Test
    void namesEveryKeyOnce() throws IOException {
        List<String> keys = Files.readAllLines(SAMPLE).stream()
                .filter(line -> line.matches(" *(# )? *(- )?[a-z0-9-]+:( [^ ].*)?") && !line.startsWith("# "))
                .map(line -> line.replaceFirst("^ *(# )? *(- )?([a-z0-9-]+):.*", "$3"))
                .toList();
        assertThat(keys)
                .containsExactlyElementsOf(Stream.of(
                                List.of("data", "listeners", "http", "https"),
                                ListenersReader.LISTENER,
                                List.of("socket", "socket-tls", "rfc", "rfc-tls", "tls", "certificates"),
                                ListenersReader.IDENTITY,
                                List.of("client-ca", "store"),
                                ConfigReader.STORE,
                                List.of("kek"),
                                ConfigReader.KEK,
                                List.of("keys"),
                                ConfigReader.ROTATION,
                                List.of("wallets"),
                                ConfigReader.WALLETS,
                                List.of("limits"),
                                ConfigReader.LIMITS,
                                List.of("rfc"),
                                RfcReader.RFC,
                                RfcReader.FUNCTION,
                                List.of("log"),
                                ConfigReader.LOG)
                        .flatMap(List::stream)
                        .toList());
    }

    @Test
    void stillParsesWithWhatIsCommentedOut() throws IOException, ConfigException {
        String text = Files.readString(SAMPLE)
                .replaceAll("(?m)^( +)# ( *(?:- )?[a-z0-9-]+:(?: [^ ].*)?)$", "$1$2")
                .replace("listen: off", "listen: 0.0.0.0:443")
                .replace("proxy-header: none", "proxy-header: forwarded");
        ServerConfig config = ConfigReader.parse("sample", text, false);
        assertThat(config.log().file()).contains(Path.of("/var/log/cardsecure/cardsecure.log"));
        assertThat(config.listeners().all()).singleElement().satisfies(https -> {
            assertThat(https.site()).contains("shop");
            assertThat(https.addresses()).hasSize(2);
            assertThat(https.proxies()).hasSize(1);
        });
        assertThat(config.rfc().functions()).containsExactly(RfcFunction.usual("Z_CARDSECURE", RfcFunction.Type.CHAR));
        assertThat(config.tls().identities()).hasSize(2);
        assertThat(config.tls().clientCa()).isPresent();
        assertThat(config.wallets().appleRoot()).isPresent();
        assertThat(config.wallets().googleKeys()).isPresent();
        assertThat(config.wallets().googleTestKeys()).isPresent();
    }
}
