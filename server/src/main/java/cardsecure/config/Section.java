package cardsecure.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// One level of a configuration file: keys with values. What is wrong goes to the problems, and the usual value is
/// taken in its place, so that the reading goes on to the end.
final class Section {
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(password|passwd|passphrase|secret|credential|\\bpin\\b|key).*");
    private static final int SHOWN_MAX = 40;

    /// Takes problems: the line, and what is wrong.
    @FunctionalInterface
    interface Problems {
        void add(int line, String message);
    }

    private final Map<String, Node> values = new HashMap<>();
    private final Map<String, Integer> lines = new HashMap<>();
    private final int line;
    private final Problems problems;

    private Section(int line, Problems problems) {
        this.line = line;
        this.problems = problems;
    }

    static Section empty(Problems problems) {
        return new Section(1, problems);
    }

    static Section of(Node node, List<String> known, Problems problems) {
        Section section = new Section(lineOf(node), problems);
        if (isNull(node)) {
            return section;
        }
        if (!(node instanceof MappingNode mapping) || !mapping.getTag().equals(Tag.MAP)) {
            problems.add(lineOf(node), "keys with values are expected here: " + String.join(", ", known));
            return section;
        }
        mapping.getValue().forEach(entry -> section.take(entry, known));
        return section;
    }

    private void take(NodeTuple entry, List<String> known) {
        int at = lineOf(entry.getKeyNode());
        if (!(entry.getKeyNode() instanceof ScalarNode name)) {
            problems.add(at, "a key is a word");
            return;
        }
        String key = name.getValue();
        if (!known.contains(key)) {
            problems.add(at, unknown(key, known));
        } else if (lines.containsKey(key)) {
            problems.add(at, "key \"" + key + "\" is there twice, first in line " + lines.get(key));
        } else {
            lines.put(key, at);
            values.put(key, entry.getValueNode());
        }
    }

    private static String unknown(String key, List<String> known) {
        String shown = "unknown key \"" + printable(key) + "\"; ";
        Optional<String> nearest = NearestName.of(key, known);
        if (nearest.isPresent()) {
            return shown + "did you mean \"" + nearest.get() + "\"?";
        }
        if (SECRET.matcher(key).matches()) {
            return shown + "secrets do not stand in this file, only where they are (kek: uri: …)";
        }
        return shown + "there are " + String.join(", ", known);
    }

    private static String printable(String key) {
        String safe = key.replaceAll("[^\\x20-\\x7E]", "?");
        return safe.length() <= SHOWN_MAX ? safe : safe.substring(0, SHOWN_MAX) + "…";
    }

    /// The value of a key, or the usual one where it is absent or wrong.
    <T> T value(String key, T usual, Function<String, T> reader) {
        Node node = values.get(key);
        if (node == null) {
            return usual;
        }
        if (!(node instanceof ScalarNode scalar) || !isPlain(scalar)) {
            problems.add(lineOf(node), "\"" + key + "\" has one plain value");
            return usual;
        }
        try {
            return reader.apply(scalar.getValue());
        } catch (IllegalArgumentException e) {
            problems.add(lineOf(node), "\"" + key + "\": " + e.getMessage());
            return usual;
        }
    }

    private static boolean isPlain(ScalarNode scalar) {
        boolean line = scalar.getScalarStyle() != ScalarStyle.LITERAL && scalar.getScalarStyle() != ScalarStyle.FOLDED;
        return line
                && !isNull(scalar)
                && List.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL).contains(scalar.getTag());
    }

    /// The section under a key, empty where it is absent.
    Section section(String key, List<String> known) {
        Node node = values.get(key);
        return node == null ? new Section(line, problems) : of(node, known, problems);
    }

    /// The values of a key that may have several, in a list or alone; those that are wrong are left out.
    <T> List<T> values(String key, Function<String, T> reader) {
        List<T> read = new ArrayList<>();
        for (Node node : items(key)) {
            if (!(node instanceof ScalarNode scalar) || !isPlain(scalar)) {
                problems.add(lineOf(node), "\"" + key + "\" has plain values, one or a list");
                continue;
            }
            try {
                read.add(reader.apply(scalar.getValue()));
            } catch (IllegalArgumentException e) {
                problems.add(lineOf(node), "\"" + key + "\": " + e.getMessage());
            }
        }
        return read;
    }

    /// The sections of a key that may have several, in a list or alone. One that is a plain value is the same as a
    /// section that has nothing but this value for its first key.
    List<Section> sections(String key, List<String> known) {
        List<Section> read = new ArrayList<>();
        for (Node node : items(key)) {
            if (node instanceof ScalarNode scalar && isPlain(scalar)) {
                Section section = new Section(lineOf(node), problems);
                section.lines.put(known.getFirst(), lineOf(node));
                section.values.put(known.getFirst(), node);
                read.add(section);
            } else {
                read.add(of(node, known, problems));
            }
        }
        return read;
    }

    private List<Node> items(String key) {
        Node node = values.get(key);
        if (node == null) {
            return List.of();
        }
        return node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node);
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    void problem(String key, String message) {
        problems.add(lines.getOrDefault(key, line), message);
    }

    /// A record of this section, or the usual one where its parts do not go together.
    <T> T build(T usual, Supplier<T> maker) {
        try {
            return maker.get();
        } catch (InvalidConfigException e) {
            for (InvalidConfigException.Fault fault : new ArrayList<>(e.faults())) {
                problems.add(lines.getOrDefault(fault.key(), line), fault.toString());
            }
            return usual;
        }
    }

    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private static int lineOf(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
