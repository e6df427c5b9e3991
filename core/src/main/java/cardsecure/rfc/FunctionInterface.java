package cardsecure.rfc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a function module takes, gives and raises, as its caller declares it. Nothing of that goes over the
/// wire with a call, so both must say the same.
///
/// @param name the module's, 1 to 30 characters
/// @param parameters in the order in which they are declared
/// @param exceptions the classic ones that it raises
public record FunctionInterface(String name, List<Parameter> parameters, List<String> exceptions) {
    private static final int NAME_MAX = 30;
    private static final Pattern NAME = Pattern.compile("[A-Z_/][A-Z0-9_/]{0," + (NAME_MAX - 1) + "}");
    private static final int ROW_CHARACTERS = 193;
    private static final int ROW_NUMBERS = 4;
    private static final int STRING_LENGTH = 8;

    /// The longest text of the type CHAR that is declared.
    public static final int WIDTH_MAX = 8_000;

    /// Whose parameter it is, from the function module's side, as ABAP has it.
    public enum Direction {
        /// The caller gives it.
        IMPORTING('I'),
        /// The caller gets it.
        EXPORTING('E');

        private final char letter;

        Direction(char letter) {
            this.letter = letter;
        }
    }

    /// A parameter, by value.
    ///
    /// @param width characters of the type CHAR; none for a STRING
    /// @param optional whether a caller may leave it out
    public record Parameter(String name, Direction direction, Optional<Integer> width, boolean optional) {
        /// Checks the parts.
        ///
        /// @throws IllegalArgumentException for a name or a width that cannot be
        public Parameter {
            requireName(name);
            if (width.isPresent() && (width.get() < 1 || width.get() > WIDTH_MAX)) {
                throw new IllegalArgumentException("a CHAR has 1 to " + WIDTH_MAX + " characters");
            }
        }
    }

    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException for names that cannot be, or come twice
    public FunctionInterface {
        requireName(name);
        parameters = List.copyOf(parameters);
        exceptions = List.copyOf(exceptions);
        Set<String> names = new HashSet<>();
        for (Parameter parameter : parameters) {
            if (!names.add(parameter.name())) {
                throw new IllegalArgumentException("two parameters of a function have the same name");
            }
        }
        exceptions.forEach(FunctionInterface::requireName);
    }

    /// Checks the name of a function module, a parameter or an exception.
    ///
    /// @throws IllegalArgumentException for one that ABAP does not take
    public static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a name in ABAP has 1 to 30 capital letters, digits, _ and /, and begins with no digit");
        }
    }

    /// The parameters of one direction.
    public List<Parameter> parameters(Direction direction) {
        return parameters.stream()
                .filter(parameter -> parameter.direction() == direction)
                .toList();
    }

    /// The rows of the table `PARAMS`, by which a client learns of all this:
    ///
    /// ```
    /// class 1 | parameter 30 | table 30 | field 30 | type 1 || position, offset, length, decimals: 4 bytes each
    /// default 21 | text 79 | optional 1
    /// ```
    ///
    /// @param inCharacters whether lengths are characters, or else bytes
    List<byte[]> rows(TextEncoding encoding, boolean inCharacters) {
        List<byte[]> rows = new ArrayList<>();
        int position = 0;
        for (Parameter parameter : parameters) {
            position++;
            int length = parameter
                    .width()
                    .map(width -> inCharacters ? width : encoding.length(width))
                    .orElse(STRING_LENGTH);
            String optional = parameter.optional() ? "X" : "";
            rows.add(row(
                    encoding,
                    parameter.direction().letter
                            + padded(parameter.name(), 90)
                            + (parameter.width().isPresent() ? "C" : "g"),
                    position,
                    length,
                    optional));
        }
        exceptions.forEach(exception -> rows.add(row(encoding, "X" + padded(exception, 91), 0, 0, "")));
        return rows;
    }

    /// Bytes of a row.
    static int rowLength(TextEncoding encoding) {
        return encoding.length(ROW_CHARACTERS) + ROW_NUMBERS * Integer.BYTES;
    }

    private static byte[] row(TextEncoding encoding, String start, int position, int length, String optional) {
        ByteOrder order = encoding.numbers();
        return ByteBuffer.allocate(rowLength(encoding))
                .order(order)
                .put(encoding.encode(start))
                .putInt(position)
                .putInt(0)
                .putInt(length)
                .putInt(0)
                .put(encoding.padded("", 100))
                .put(encoding.padded(optional, 1))
                .array();
    }

    private static String padded(String text, int characters) {
        return text + " ".repeat(characters - text.length());
    }
}
