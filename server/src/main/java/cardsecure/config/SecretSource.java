package cardsecure.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// Where a passphrase or PIN comes from. The secret itself stands in no URI, file of ours or command line.
public sealed interface SecretSource {
    /// Somebody types it.
    record Terminal() implements SecretSource {}

    /// The process that starts this one hands it over in an open file.
    ///
    /// @param number of its descriptor
    record Descriptor(int number) implements SecretSource {}

    /// The first line of a file.
    ///
    /// @param path an absolute one
    record File(Path path) implements SecretSource {}

    /// An environment variable.
    record Environment(String name) implements SecretSource {}

    /// What can be typed.
    String FORMS = "terminal, fd:NUMBER, file:/PATH or env:NAME";

    /// What a text names.
    ///
    /// @throws IllegalArgumentException for another text, which the message does not repeat: it might be the secret
    static SecretSource parse(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? text : text.substring(0, colon);
        if (colon < 0 && kind.equals("terminal")) {
            return new Terminal();
        }
        if (colon < 0) {
            throw new IllegalArgumentException("a secret comes from " + FORMS);
        }
        return of(kind, text.substring(colon + 1));
    }

    /// What a kind and its value name.
    ///
    /// @throws IllegalArgumentException for others
    static SecretSource of(String kind, String value) {
        return switch (kind) {
            case "fd" -> new Descriptor(descriptor(value));
            case "file" -> new File(path(value));
            case "env" -> new Environment(variable(value));
            default ->
                throw new IllegalArgumentException(NearestName.of(kind, List.of("fd", "file", "env"))
                        .map(near -> "a secret comes from " + FORMS + "; did you mean " + near + "?")
                        .orElse("a secret comes from " + FORMS));
        };
    }

    private static int descriptor(String value) {
        if (!Pattern.matches("[0-9]{1,5}", value)) {
            throw new IllegalArgumentException("fd has the number of an open file");
        }
        return Integer.parseInt(value);
    }

    private static Path path(String value) {
        try {
            Path path = Path.of(value);
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("file has a path", e);
        }
        throw new IllegalArgumentException("file has an absolute path");
    }

    private static String variable(String value) {
        if (!Pattern.matches("[A-Za-z_][A-Za-z0-9_]{0,99}", value)) {
            throw new IllegalArgumentException("env has the name of an environment variable");
        }
        return value;
    }
}
