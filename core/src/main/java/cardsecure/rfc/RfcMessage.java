package cardsecure.rfc;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a client's message wants: to log on, to call a function, or both. Fields that mean nothing here are
/// skipped, among them whom an ABAP system says that it calls for, and its logon tickets.
///
/// @param context whether it begins with the client's context, as a logon does
/// @param logon who logs on
/// @param encoding of names and values
/// @param function the function's name, if one is called
/// @param outputs names of the results that the caller takes
/// @param inputs values by their parameters' names, as they came
/// @param classic whether it can be read: what a serializer other than the classic one wrote cannot
public record RfcMessage(
        boolean context,
        Optional<Logon> logon,
        TextEncoding encoding,
        Optional<String> function,
        List<String> outputs,
        Map<String, SecretBytes> inputs,
        boolean classic) {
    private static final int NAME_MAX = 30;
    private static final int USER_MAX = 64;
    private static final List<String> BINARY_XML = List.of("BXML", "ZBXML");

    /// A name and a password; nothing of it is proven.
    ///
    /// @param password UTF-8
    public record Logon(String user, SecretBytes password) {
        /// The name is a caller's text, so it is not printed either.
        @Override
        public String toString() {
            return "Logon[]";
        }
    }

    /// Keeps copies.
    public RfcMessage {
        outputs = List.copyOf(outputs);
        inputs = Map.copyOf(inputs);
    }

    /// Reads a client's fields.
    ///
    /// @throws Refusal `0039` for names that cannot be, or values without names
    public static RfcMessage of(FieldChain chain) {
        return new Reading(chain.fields()).message();
    }

    /// Says which function, not with what.
    @Override
    public String toString() {
        return "RfcMessage[function=" + function.isPresent() + ", inputs=" + inputs.size() + "]";
    }

    /// The fields, one after the other.
    private static final class Reading {
        private final List<FieldChain.Field> fields;
        private final TextEncoding encoding;
        private final List<String> outputs = new ArrayList<>();
        private final Map<String, SecretBytes> inputs = new LinkedHashMap<>();
        private Optional<String> function = Optional.empty();
        private Optional<String> user = Optional.empty();
        private Optional<SecretBytes> password = Optional.empty();
        private Optional<String> parameter = Optional.empty();
        private boolean classic = true;

        Reading(List<FieldChain.Field> fields) {
            this.fields = fields;
            this.encoding = fields.stream()
                    .filter(field -> field.tag() == Tag.FUNCTION)
                    .findFirst()
                    .map(field -> encodingOf(field.value().reveal()))
                    .orElse(TextEncoding.UTF16_LE);
        }

        private static TextEncoding encodingOf(byte[] name) {
            return TextEncoding.of(name).orElseThrow(() -> malformed("a function's name is no text", Tag.FUNCTION));
        }

        private static Refusal malformed(String reason, int tag) {
            return new Refusal(ErrorCode.WRONG_MESSAGE_LENGTH, reason + " (" + FieldChain.shown(tag) + ")");
        }

        RfcMessage message() {
            fields.forEach(this::read);
            if (parameter.isPresent()) {
                throw malformed("a parameter has no value", Tag.PARAMETER_NAME);
            }
            Optional<Logon> logon = user.flatMap(name -> password.map(secret -> new Logon(name, secret)));
            boolean context = !fields.isEmpty() && fields.getFirst().tag() == Tag.CONTEXT;
            return new RfcMessage(context, logon, encoding, function, outputs, inputs, classic);
        }

        private void read(FieldChain.Field field) {
            byte[] value = field.value().reveal();
            switch (field.tag()) {
                case Tag.FUNCTION -> {
                    if (function.isPresent()) {
                        throw malformed("there are two functions", Tag.FUNCTION);
                    }
                    function = Optional.of(name(field.tag(), value));
                }
                case Tag.OUTPUT_NAME -> outputs.add(name(field.tag(), value));
                case Tag.PARAMETER_NAME -> {
                    if (parameter.isPresent()) {
                        throw malformed("a parameter has no value", field.tag());
                    }
                    parameter = Optional.of(name(field.tag(), value));
                }
                case Tag.PARAMETER_VALUE -> addInput(field);
                // Written by itself, before the function's name: SDKs log on in single bytes.
                case Tag.USER -> user = user(value);
                case Tag.PASSWORD -> password = Optional.of(ScrambledPassword.decode(field.value()));
                case Tag.FAST_SERIALIZER -> classic = false;
                case Tag.DEEP_VALUE -> classic = classic && !isBinary(value);
                default -> {
                    // Real systems send a lot that means nothing here.
                }
            }
        }

        private void addInput(FieldChain.Field field) {
            String name = parameter.orElseThrow(() -> malformed("a value has no name", field.tag()));
            parameter = Optional.empty();
            if (inputs.putIfAbsent(name, field.value()) != null) {
                throw malformed("a parameter comes twice", field.tag());
            }
        }

        private String name(int tag, byte[] value) {
            if (!TextEncoding.of(value).equals(Optional.of(encoding)) || value.length > encoding.length(NAME_MAX)) {
                throw malformed("a name cannot be one", tag);
            }
            return encoding.text(value).strip();
        }

        private static Optional<String> user(byte[] value) {
            return TextEncoding.of(value)
                    .map(written -> written.text(value).strip())
                    .filter(name -> name.length() <= USER_MAX);
        }

        private static boolean isBinary(byte[] value) {
            String start = new String(Arrays.copyOf(value, Math.min(value.length, 5)), StandardCharsets.ISO_8859_1);
            return BINARY_XML.stream().anyMatch(start::startsWith);
        }
    }
}
