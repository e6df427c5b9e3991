package cardsecure;

import static org.assertj.core.api.Assertions.assertThat;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Keeps every Java source as palantir-java-format lays it out, so that nobody discusses it.
class FormatTest {
    private static final String MEND = "mvn -q -pl core test -Dtest=FormatTest -Dformat.write=true";

    private final Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .formatJavadoc(false)
            .build());

    @Test
    void everySourceIsFormatted() throws IOException, FormatterException {
        boolean write = Boolean.getBoolean("format.write");
        List<String> differing = new ArrayList<>();
        List<Path> sources = Sources.java();
        for (Path file : sources) {
            String source = Files.readString(file, StandardCharsets.UTF_8);
            String formatted = formatter.formatSourceAndFixImports(source);
            if (!formatted.equals(source)) {
                differing.add(Sources.name(file));
                if (write) {
                    requireStillJava(file, formatted);
                    Files.writeString(file, formatted, StandardCharsets.UTF_8);
                }
            }
        }

        assertThat(sources).as("sources found").hasSizeGreaterThan(50);
        if (!write) {
            assertThat(differing)
                    .as("files that are not formatted; mend them with: " + MEND)
                    .isEmpty();
        }
    }

    /// The formatter breaks a `///` line that is a few characters short of 120 and leaves the rest without slashes.
    private void requireStillJava(Path file, String formatted) {
        try {
            formatter.formatSource(formatted);
        } catch (FormatterException e) {
            throw new AssertionError(
                    "shorten the longest comments of " + Sources.name(file) + ", then format it again", e);
        }
    }

    @Test
    void badlyLaidOutSourceDiffers() throws FormatterException {
        String source = "class  A{int a ;}\n";

        assertThat(formatter.formatSourceAndFixImports(source)).isNotEqualTo(source);
    }
}
