package cardsecure.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/wallets.md` says of every step how to see that it failed, and what to do.
class WalletsDocumentTest {
    private static final Path PAGE =
            Path.of(System.getProperty("repository.root", "..")).resolve("docs/wallets.md");
    private static final Pattern ROW = Pattern.compile("\\| `([a-z0-9-]+)` \\| ([0-9]{4}) \\| ([^|]+) \\| ([^|]+) \\|");

    @Test
    void everyStepHasARowWithItsCodeInTheirOrder() throws IOException {
        Map<String, String> documented = new LinkedHashMap<>();
        for (String line : Files.readAllLines(PAGE, StandardCharsets.UTF_8)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                assertThat(documented.put(row.group(1), row.group(2))).as(line).isNull();
            }
        }
        List<String> steps = Arrays.stream(WalletStep.values())
                .map(step -> step.label() + " " + step.code().digits())
                .toList();

        assertThat(documented.entrySet().stream()
                        .map(row -> row.getKey() + " " + row.getValue())
                        .toList())
                .isEqualTo(steps);
    }
}
