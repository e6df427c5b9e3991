package cardsecure.server;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Looks for data that must not be there: clear, in UTF-16, as hex digits, in Base64 wherever it begins, as packed
/// BCD and URL-encoded.
///
/// Data of fewer than 9 characters are not looked for, nor packed BCD of fewer than 10 digits: among the random bytes
/// of sealed rows they turn up by chance.
final class LeakSearch {
    static final int LENGTH_MIN = 9;

    private static final int BCD_DIGITS_MIN = 10;
    /// Each form has at least so many bytes; they find its bucket.
    private static final int PREFIX = 4;

    /// A form of a datum.
    ///
    /// @param what for people; never the datum
    private record Form(String what, String latin1) {
        byte[] bytes() {
            return latin1.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    private final Map<Integer, List<Form>> byPrefix = new HashMap<>();
    private final BitSet prefixes = new BitSet(1 << 16);

    /// @param data by a name that can be shown
    LeakSearch(Map<String, String> data) {
        data.forEach((name, datum) -> {
            if (datum.length() < LENGTH_MIN) {
                throw new IllegalArgumentException(name + " is too short to be looked for");
            }
            forms(datum).forEach((form, bytes) -> add(name + ", " + form, bytes));
        });
    }

    private void add(String what, byte[] bytes) {
        if (bytes.length < PREFIX) {
            throw new IllegalArgumentException(what + " is too short");
        }
        Form form = new Form(what, new String(bytes, StandardCharsets.ISO_8859_1));
        byPrefix.computeIfAbsent(prefix(bytes, 0), _ -> new ArrayList<>()).add(form);
        prefixes.set(prefix(bytes, 0) >>> 16);
    }

    private static int prefix(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
    }

    /// Every form of a datum, by name.
    static Map<String, byte[]> forms(String datum) {
        byte[] utf8 = datum.getBytes(StandardCharsets.UTF_8);
        Map<String, byte[]> forms = new LinkedHashMap<>();
        forms.put("clear", utf8);
        forms.put("UTF-16LE", datum.getBytes(StandardCharsets.UTF_16LE));
        forms.put("UTF-16BE", datum.getBytes(StandardCharsets.UTF_16BE));
        forms.put("lower hex", ascii(HexFormat.of().formatHex(utf8)));
        forms.put("upper hex", ascii(HexFormat.of().withUpperCase().formatHex(utf8)));
        for (int shift = 0; shift < 3; shift++) {
            forms.put("Base64 " + shift, ascii(base64(Base64.getEncoder(), utf8, shift)));
            forms.put("Base64 for URLs " + shift, ascii(base64(Base64.getUrlEncoder(), utf8, shift)));
        }
        forms.put("URL-encoded", ascii(URLEncoder.encode(datum, StandardCharsets.UTF_8)));
        forms.put(
                "URL-encoded, %20",
                ascii(URLEncoder.encode(datum, StandardCharsets.UTF_8).replace("+", "%20")));
        if (datum.matches("[0-9]{" + BCD_DIGITS_MIN + ",}")) {
            putBcd(forms, "BCD", bcd(datum));
            putBcd(forms, "BCD, odd", bcd(datum.substring(1)));
        }
        return forms;
    }

    /// Not what a store's own numbers may look like: a number of 8 bytes that is small has many zeros, at one end.
    private static void putBcd(Map<String, byte[]> forms, String name, byte[] form) {
        if (!HexFormat.of().formatHex(form).matches("000000(..)*|(..)*000000")) {
            forms.put(name, form);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// Those digits of the encoding that depend on nothing before or after.
    private static String base64(Base64.Encoder encoder, byte[] bytes, int shift) {
        byte[] shifted = new byte[shift + bytes.length];
        System.arraycopy(bytes, 0, shifted, shift, bytes.length);
        String encoded = encoder.withoutPadding().encodeToString(shifted);
        int from = Math.ceilDiv(8 * shift, 6);
        int to = 8 * shifted.length / 6;
        return encoded.substring(from, to);
    }

    /// Whole bytes of two digits each; an odd last digit is left out.
    private static byte[] bcd(String digits) {
        return HexFormat.of().parseHex(digits.substring(0, digits.length() / 2 * 2));
    }

    /// What is found in bytes, a sentence each.
    List<String> in(String place, byte[] bytes) {
        List<String> found = new ArrayList<>();
        for (int at = 0; at + PREFIX <= bytes.length; at++) {
            int prefix = prefix(bytes, at);
            if (!prefixes.get(prefix >>> 16)) {
                continue;
            }
            for (Form form : byPrefix.getOrDefault(prefix, List.of())) {
                byte[] wanted = form.bytes();
                int end = at + wanted.length;
                if (end <= bytes.length && Arrays.equals(bytes, at, end, wanted, 0, wanted.length)) {
                    found.add(place + " has " + form.what() + " at " + at);
                }
            }
        }
        return found;
    }

    /// What is found in a text, a sentence each.
    List<String> in(String place, String text) {
        return in(place, text.getBytes(StandardCharsets.UTF_8));
    }

    /// What is found in all files below a directory, and in their names.
    List<String> below(Path directory) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                found.addAll(in("a name of a file", file.toString()));
                if (Files.isRegularFile(file)) {
                    found.addAll(in(file.toString(), Files.readAllBytes(file)));
                }
            }
        }
        return found;
    }
}
