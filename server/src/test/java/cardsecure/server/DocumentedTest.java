package cardsecure.server;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.site.SiteSetting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// The documents name all that there is to choose, and all that the product is made of.
class DocumentedTest {
    private static final Path ROOT = Path.of(System.getProperty("repository.root", ".."));
    private static final String OURS = "cardsecure-";

    /// A dependency, a plug-in or an annotation processor: each has an artifact ID. The modules' own names do not
    /// count.
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]+)</artifactId>");

    private static final Pattern CONFIG_KEY = Pattern.compile("(?m)^ *(?:# )?([a-z][a-z-]*):(?: [^ ].*)?$");

    private static final Pattern TEST_NAME = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

    @Test
    void everyArtifactHasItsReason() throws IOException {
        Set<String> artifacts = new TreeSet<>();
        for (String pom : List.of("pom.xml", "core/pom.xml", "server/pom.xml", "benchmarks/pom.xml")) {
            ARTIFACT.matcher(read(pom))
                    .results()
                    .map(result -> result.group(1))
                    .filter(artifact -> !artifact.startsWith(OURS))
                    .forEach(artifacts::add);
        }

        assertThat(artifacts).contains("rocksdbjni", "helidon-webserver", "junit-jupiter", "nullaway", "jmh-core");
        assertNamed("docs/dependencies.md", artifacts);
    }

    @Test
    void everySiteSettingIsExplained() throws IOException {
        assertNamed(
                "docs/configuration.md",
                Arrays.stream(SiteSetting.values()).map(SiteSetting::key).toList());
    }

    /// The sample has every key: a test of its own says so.
    @Test
    void everyConfigurationKeyIsExplained() throws IOException {
        List<String> keys = CONFIG_KEY
                .matcher(read("docs/cardsecure.sample.yaml"))
                .results()
                .map(result -> result.group(1))
                .toList();

        assertThat(keys).contains("data", "block-cache", "uri", "requests-in-flight-max", "file");
        assertNamed("docs/configuration.md", keys);
    }

    @Test
    void everyOptionOfServeIsExplained() throws IOException {
        List<String> options = new CommandLine(new ServeCommand())
                .getCommandSpec().options().stream()
                        .map(option -> option.longestName())
                        .toList();

        assertThat(options).contains("--dev", "--data", "--config", "--http");
        assertNamed("docs/configuration.md", options);
    }

    /// A limit that no test shows is a promise.
    @Test
    void everyLimitIsShownByATestThatThereIs() throws IOException {
        String page = read("docs/configuration.md");
        String limits = page.substring(page.indexOf("## What happens past a limit"));
        List<String> rows = limits.substring(0, limits.indexOf("\n## "))
                .lines()
                .filter(line -> line.startsWith("|"))
                .skip(2)
                .toList();

        assertThat(rows)
                .hasSizeGreaterThanOrEqualTo(10)
                .allMatch(row -> TEST_NAME.matcher(row).find());
        assertThat(rows)
                .flatMap(row -> TEST_NAME.matcher(row).results().toList())
                .filteredOn(test -> !isTest(test.group(1), test.group(2)))
                .extracting(test -> test.group())
                .isEmpty();
    }

    private static boolean isTest(String type, String method) {
        return Stream.of("core", "server").anyMatch(module -> {
            try (Stream<Path> sources = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                return sources.filter(source -> source.endsWith(type + ".java"))
                        .anyMatch(source -> has(source, " void " + method + "("));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static boolean has(Path source, String text) {
        try {
            return Files.readString(source, StandardCharsets.UTF_8).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Each name stands in the document as code.
    private static void assertNamed(String document, Collection<String> names) throws IOException {
        String text = read(document);
        assertThat(names.stream().filter(name -> !text.contains("`" + name + "`")))
                .as("what %s does not name", document)
                .isEmpty();
    }

    private static String read(String name) throws IOException {
        return Files.readString(ROOT.resolve(name), StandardCharsets.UTF_8);
    }
}
