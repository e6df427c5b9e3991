package cardsecure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The repository's own files, for the tests that read them.
final class Sources {
    private static final Set<String> NOT_OURS = Set.of("target", ".git", "data", ".cifuzz-corpus", ".idea", ".vscode");

    private Sources() {}

    /// The repository's directory, which the build passes to the tests.
    static Path root() {
        String root = System.getProperty("repository.root");
        assertThat(root).as("the system property repository.root").isNotNull();
        return Path.of(root);
    }

    /// Every Java source of every module, in a steady order.
    static List<Path> java() {
        return all().stream().filter(file -> file.toString().endsWith(".java")).toList();
    }

    /// Every file of the repository that is not built or run into being.
    static List<Path> all() {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(root(), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    boolean skipped = NOT_OURS.contains(String.valueOf(directory.getFileName()));
                    return skipped && !directory.equals(root())
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files.stream().sorted().toList();
    }

    /// A file's text; none if it is not UTF-8 text.
    static Optional<String> text(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
        } catch (MalformedInputException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A file's place in the repository, with slashes.
    static String name(Path file) {
        return root().relativize(file).toString().replace('\\', '/');
    }
}
