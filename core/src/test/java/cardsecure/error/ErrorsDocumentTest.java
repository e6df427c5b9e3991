package cardsecure.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/errors.md` has a row for every code, and tells the truth about which are raised.
class ErrorsDocumentTest {
    private static final Path ROOT = Path.of(System.getProperty("repository.root", ""));
    private static final Pattern USE = Pattern.compile("ErrorCode\\.([A-Z0-9_]+)");
    private static final String NEVER = "–";

    private record Row(String text, String raisedBy, String where, String whatToDo) {}

    @Test
    void everyCodeHasARowAndThereIsNoOther() throws IOException {
        Map<String, String> expected = Arrays.stream(ErrorCode.values())
                .collect(Collectors.toMap(ErrorCode::digits, ErrorCode::text, (one, _) -> one, TreeMap::new));

        Map<String, String> documented = new TreeMap<>();
        rows().forEach((digits, row) -> documented.put(digits, row.text()));

        assertThat(documented).isEqualTo(expected);
    }

    @Test
    void everyRowIsFilled() throws IOException {
        assertThat(rows()).allSatisfy((digits, row) -> {
            assertThat(row.raisedBy()).as(digits).isNotBlank();
            assertThat(row.where())
                    .as(digits)
                    .matches("–|(HTTP|socket|RFC|SOAP|start|CLI)(, (HTTP|socket|RFC|SOAP|start|CLI))*");
            assertThat(row.whatToDo()).as(digits).isNotBlank();
        });
    }

    @Test
    void theCodesThatAreRaisedAreThoseOfTheSources() throws IOException {
        Set<String> raised = new TreeSet<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            List<Path> sources = files.filter(
                            file -> file.toString().replace('\\', '/').contains("src/main/java/cardsecure/"))
                    .filter(file -> file.toString().endsWith(".java"))
                    .toList();
            for (Path source : sources) {
                USE.matcher(Files.readString(source, StandardCharsets.UTF_8))
                        .results()
                        .map((MatchResult use) ->
                                ErrorCode.valueOf(use.group(1)).digits())
                        .forEach(raised::add);
            }
        }

        Set<String> documented = new TreeSet<>();
        rows().forEach((digits, row) -> {
            if (!row.where().equals(NEVER)) {
                documented.add(digits);
            }
        });

        assertThat(documented).isNotEmpty().isEqualTo(raised);
    }

    private static Map<String, Row> rows() throws IOException {
        Map<String, Row> rows = new TreeMap<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/errors.md"), StandardCharsets.UTF_8)) {
            if (line.matches("\\| *[0-9].*")) {
                List<String> cells =
                        Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
                assertThat(cells).as(line).hasSize(7);
                Row row = new Row(cells.get(2), cells.get(3), cells.get(4), cells.get(5));
                assertThat(rows.put(cells.get(1), row))
                        .as("a second row for " + cells.get(1))
                        .isNull();
            }
        }
        return rows;
    }
}
