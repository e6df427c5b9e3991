package cardsecure.fronts;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.fronts.FrontContract.Answer;
import cardsecure.fronts.FrontContract.Caller;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Requests of one site and their answers, in order:
///
/// ```
/// # Of no account.
/// site domains=C open=tokenize      its settings
/// > CE 4444333322221111             a request: action, data; \xHH is a byte, {x*1024} as many of them
/// & unique=true                     a parameter of it
/// < CE {visa:944[0-9]{9}1111}       its answer; what matches the pattern is called visa from here on
/// > CV {visa}
/// < CV Token Found
/// < needs credentials               whatever a front has to say so
/// ```
///
/// @param name the file's, and the site's
record Transcript(String name, Map<String, String> settings, List<Exchange> exchanges) {
    private static final Path DIRECTORY = Path.of("src", "test", "resources", "fronts");
    private static final String NEEDS_CREDENTIALS = "needs credentials";
    private static final Pattern BYTE = Pattern.compile("\\\\x([0-9a-f]{2})");
    private static final Pattern MANY = Pattern.compile("\\{(.)\\*([0-9]+)}");
    private static final Pattern CAPTURE = Pattern.compile("\\{([a-z]+):(.+)}");
    private static final Pattern NAME = Pattern.compile("\\{([a-z]+)}");

    /// A request and its answer, as they are written.
    ///
    /// @param line of the answer
    record Exchange(int line, String action, String data, Map<String, String> parameters, String expected) {}

    /// All there are.
    static List<Transcript> all() throws IOException {
        List<Transcript> transcripts = new ArrayList<>();
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            for (Path file : files.sorted().toList()) {
                transcripts.add(read(file));
            }
        }
        return transcripts;
    }

    private static Transcript read(Path file) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        List<Exchange> exchanges = new ArrayList<>();
        String request = "";
        Map<String, String> parameters = new LinkedHashMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            number++;
            if (line.startsWith("site ")) {
                List.of(line.substring(5).split(" ")).forEach(setting -> put(settings, setting));
            } else if (line.startsWith("> ")) {
                request = line.substring(2);
                parameters = new LinkedHashMap<>();
            } else if (line.startsWith("& ")) {
                put(parameters, line.substring(2));
            } else if (line.startsWith("< ")) {
                String data = request.length() > 2 ? request.substring(3) : "";
                exchanges.add(new Exchange(number, request.substring(0, 2), data, parameters, line.substring(2)));
            } else {
                assertThat(line).as(file + ":" + number).matches("(#.*)?");
            }
        }
        String name = String.valueOf(file.getFileName()).replace(".txt", "");
        return new Transcript(name, settings, exchanges);
    }

    private static void put(Map<String, String> map, String entry) {
        int equals = entry.indexOf('=');
        map.put(entry.substring(0, equals), entry.substring(equals + 1));
    }

    /// Plays it.
    void play(Caller caller) throws Exception {
        Map<String, String> captured = new HashMap<>();
        for (Exchange exchange : exchanges) {
            byte[] data = bytes(known(exchange.data(), captured));
            Answer answer = caller.call(exchange.action(), data, exchange.parameters());
            String where = name + ".txt:" + exchange.line();
            if (exchange.expected().equals(NEEDS_CREDENTIALS)) {
                assertThat(answer).as(where).isEqualTo(caller.needsCredentials());
            } else {
                assertThat(answer.action())
                        .as(where + " " + answer)
                        .isEqualTo(exchange.expected().substring(0, 2));
                check(where, exchange.expected().substring(3), answer.data(), captured);
            }
        }
    }

    private static void check(String where, String expected, String data, Map<String, String> captured) {
        Matcher capture = CAPTURE.matcher(expected);
        if (capture.matches()) {
            assertThat(data).as(where).matches(capture.group(2));
            captured.put(capture.group(1), data);
        } else {
            String wanted = new String(bytes(known(expected, captured)), StandardCharsets.UTF_8);
            if (!data.equals(wanted)) {
                assertThat(data).as(where).matches(wanted);
            }
        }
    }

    private static String known(String text, Map<String, String> captured) {
        String many = MANY.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1).repeat(Integer.parseInt(found.group(2)))));
        return NAME.matcher(many)
                .replaceAll(found -> Matcher.quoteReplacement(captured.getOrDefault(found.group(1), found.group())));
    }

    private static byte[] bytes(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Matcher escape = BYTE.matcher(text);
        int from = 0;
        while (escape.find()) {
            bytes.writeBytes(text.substring(from, escape.start()).getBytes(StandardCharsets.UTF_8));
            bytes.write(Integer.parseInt(escape.group(1), 16));
            from = escape.end();
        }
        bytes.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }
}
