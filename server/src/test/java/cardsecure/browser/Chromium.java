package cardsecure.browser;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Needs;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A browser without a window, with a profile of its own, that shows one page after the other.
///
/// @param profile where it keeps what it remembers
record Chromium(Path program, Path profile) {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final long SECONDS_MAX = 60;

    /// The page's own time, which stands still while something is loaded.
    private static final int PAGE_MILLIS = 10_000;

    /// The one that is installed; without any the test is skipped.
    static Chromium keepingIn(Path profile) {
        Optional<Path> program = Arrays.stream(
                        String.valueOf(System.getenv("PATH")).split(File.pathSeparator))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
        Needs.require(program.isPresent(), "a browser is missing: install chromium and fonts-dejavu-core");
        return new Chromium(program.orElseThrow(), profile);
    }

    /// The page as it is when its scripts are done, as HTML.
    String show(String url) throws IOException, InterruptedException {
        Files.createDirectories(profile);
        Path page = profile.resolveSibling("page.html");
        Path complaints = profile.resolveSibling("chromium.stderr");
        List<String> command = Stream.of(
                        program.toString(),
                        "--headless",
                        // Its sandbox wants a user who is not root, and more of a container than most give.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--user-data-dir=" + profile,
                        "--virtual-time-budget=" + PAGE_MILLIS,
                        "--dump-dom",
                        url)
                .toList();
        Process process = new ProcessBuilder(command)
                .redirectOutput(page.toFile())
                .redirectError(complaints.toFile())
                .start();
        try {
            assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS))
                    .as("the browser comes to an end; it said " + read(complaints))
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as("exit code; it said " + read(complaints))
                .isZero();
        return read(page);
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
