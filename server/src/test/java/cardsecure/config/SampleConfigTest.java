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
                .filter(line -> line.matches(" *(# )?[a-z-]+:( .*)?") && !line.startsWith("# "))
                .map(line -> line.replaceFirst("^ *(# )?([a-z-]+):.*", "$2"))
                .toList();
        assertThat(keys)
                .containsExactlyElementsOf(Stream.of(
                                List.of("data", "listeners"),
                                ListenersConfig.KEYS,
                                List.of("store"),
                                ConfigReader.STORE,
                                List.of("kek"),
                                ConfigReader.KEK,
                                List.of("limits"),
                                ConfigReader.LIMITS,
                                List.of("log"),
                                ConfigReader.LOG)
                        .flatMap(List::stream)
                        .toList());
    }

    @Test
    void stillParsesWithWhatIsCommentedOut() throws IOException, ConfigException {
        String text = Files.readString(SAMPLE).replaceAll("(?m)^  # (file: .*)$", "  $1");
        assertThat(ConfigReader.parse("sample", text, false).log().file())
                .contains(Path.of("/var/log/cardsecure/cardsecure.log"));
    }
}
