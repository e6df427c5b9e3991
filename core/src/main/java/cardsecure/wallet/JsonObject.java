package cardsecure.wallet;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/// A JSON object (RFC 8259), read strictly: UTF-8, no name twice, nothing behind it, within limits. Its texts
/// are secrets, because some are: no `String` is made of one unless it is asked for, and the reader's buffers
/// are overwritten.
final class JsonObject {
    private static final int DEPTH_MAX = 8;
    private static final int TOKENS_MAX = 1024;
    private static final int NAME_LENGTH_MAX = 128;
    private static final int NUMBER_LENGTH_MAX = 32;
    private static final int INTEGER_LENGTH_MAX = 15;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxTokenCount(TOKENS_MAX)
                    .maxNameLength(NAME_LENGTH_MAX)
                    .maxNumberLength(NUMBER_LENGTH_MAX)
                    .maxStringLength(WalletParameters.LENGTH_MAX)
                    .build())
            .build();

    private sealed interface Value {
        /// A text, UTF-8 with its escapes undone.
        record Text(SecretBytes utf8) implements Value {}

        /// A number as it is written.
        record Numeral(SecretBytes digits) implements Value {}

        /// An object.
        record Node(JsonObject object) implements Value {}

        /// An array.
        record Items(List<Value> values) implements Value {}

        /// True, false or null, which stand for nothing here.
        record Other() implements Value {}
    }

    private final WalletStep step;
    private final Map<String, Value> fields;
    private final List<SecretBytes> given = new ArrayList<>();

    private JsonObject(WalletStep step, Map<String, Value> fields) {
        this.step = step;
        this.fields = fields;
    }

    /// Reads an object.
    ///
    /// @param step that fails if it is none, or a field has another type than is asked for
    static JsonObject parse(SecretBytes utf8, WalletStep step) {
        if (utf8.length() > WalletParameters.LENGTH_MAX) {
            throw step.refusal("over " + WalletParameters.LENGTH_MAX + " bytes of JSON");
        }
        CharBuffer characters = CharBuffer.allocate(utf8.length());
        Reader reader = new Reader(step);
        try {
            return reader.read(decoded(utf8, characters, step));
        } catch (JacksonException _) {
            reader.discard();
            throw step.refusal("no JSON, or JSON beyond the limits");
        } catch (Refusal e) {
            reader.discard();
            throw e;
        } finally {
            Arrays.fill(characters.array(), '\0');
        }
    }

    private static CharBuffer decoded(SecretBytes utf8, CharBuffer characters, WalletStep step) {
        CoderResult result =
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8.reveal()), characters, true);
        if (result.isError()) {
            throw step.refusal("JSON that is not UTF-8");
        }
        return characters.flip();
    }

    /// A text as a copy that outlives [#destroy]; none if it is absent or null.
    Optional<SecretBytes> secret(String name) {
        return switch (fields.get(name)) {
            case null -> Optional.empty();
            case Value.Other _ -> Optional.empty();
            case Value.Text text -> {
                SecretBytes copy = SecretBytes.copyOf(text.utf8().reveal());
                given.add(copy);
                yield Optional.of(copy);
            }
            case Value.Numeral _, Value.Node _, Value.Items _ -> throw wrongType(name);
        };
    }

    /// A text that is none of the secret ones.
    Optional<String> text(String name) {
        return secret(name).map(Texts::text);
    }

    /// A whole number of up to 15 digits, as a number or as a text.
    Optional<Long> integer(String name) {
        return switch (fields.get(name)) {
            case null -> Optional.empty();
            case Value.Other _ -> Optional.empty();
            case Value.Text text -> Optional.of(integer(name, text.utf8()));
            case Value.Numeral number -> Optional.of(integer(name, number.digits()));
            case Value.Node _, Value.Items _ -> throw wrongType(name);
        };
    }

    private long integer(String name, SecretBytes digits) {
        byte[] bytes = digits.reveal();
        long value = 0;
        for (byte digit : bytes) {
            if (digit < '0' || digit > '9' || bytes.length > INTEGER_LENGTH_MAX) {
                throw wrongType(name);
            }
            value = 10 * value + (digit - '0');
        }
        if (bytes.length == 0) {
            throw wrongType(name);
        }
        return value;
    }

    /// An object in this one.
    Optional<JsonObject> object(String name) {
        return switch (fields.get(name)) {
            case null -> Optional.empty();
            case Value.Other _ -> Optional.empty();
            case Value.Node node -> Optional.of(node.object());
            case Value.Text _, Value.Numeral _, Value.Items _ -> throw wrongType(name);
        };
    }

    /// The texts of an array; none if it is absent.
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Value item : items(name)) {
            if (!(item instanceof Value.Text text)) {
                throw wrongType(name);
            }
            texts.add(Texts.text(text.utf8()));
        }
        return texts;
    }

    /// The objects of an array; none if it is absent.
    List<JsonObject> objects(String name) {
        List<JsonObject> objects = new ArrayList<>();
        for (Value item : items(name)) {
            if (!(item instanceof Value.Node node)) {
                throw wrongType(name);
            }
            objects.add(node.object());
        }
        return objects;
    }

    private List<Value> items(String name) {
        return switch (fields.get(name)) {
            case null -> List.of();
            case Value.Other _ -> List.of();
            case Value.Items items -> items.values();
            case Value.Text _, Value.Numeral _, Value.Node _ -> throw wrongType(name);
        };
    }

    private Refusal wrongType(String name) {
        return step.refusal("the field " + name + " has another type, or no such value");
    }

    /// Overwrites all texts and numbers.
    void destroy() {
        fields.values().forEach(JsonObject::destroy);
    }

    /// Overwrites all texts that were given away, for who cannot use them after all.
    void destroyGiven() {
        given.forEach(SecretBytes::destroy);
        for (Value value : fields.values()) {
            if (value instanceof Value.Node(JsonObject object)) {
                object.destroyGiven();
            }
        }
    }

    private static void destroy(Value value) {
        switch (value) {
            case Value.Text text -> text.utf8().destroy();
            case Value.Numeral number -> number.digits().destroy();
            case Value.Node node -> node.object().destroy();
            case Value.Items items -> items.values().forEach(JsonObject::destroy);
            case Value.Other _ -> {}
        }
    }

    /// Reads one text, and remembers what to overwrite if it is none.
    private static final class Reader {
        private final WalletStep step;
        private final List<SecretBytes> held = new ArrayList<>();

        Reader(WalletStep step) {
            this.step = step;
        }

        JsonObject read(CharBuffer text) {
            try (JsonParser parser =
                    FACTORY.createParser(ObjectReadContext.empty(), text.array(), 0, text.remaining())) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw step.refusal("JSON that is no object");
                }
                JsonObject object = object(parser);
                if (parser.nextToken() != null) {
                    throw step.refusal("something behind the JSON object");
                }
                return object;
            }
        }

        private JsonObject object(JsonParser parser) {
            Map<String, Value> fields = new HashMap<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                fields.put(name, value(parser, parser.nextToken()));
            }
            return new JsonObject(step, fields);
        }

        private Value value(JsonParser parser, @Nullable JsonToken token) {
            return switch (token) {
                case START_OBJECT -> new Value.Node(object(parser));
                case START_ARRAY -> {
                    List<Value> values = new ArrayList<>();
                    for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                        values.add(value(parser, next));
                    }
                    yield new Value.Items(values);
                }
                case VALUE_STRING -> new Value.Text(secret(parser));
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Value.Numeral(secret(parser));
                case VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> new Value.Other();
                case null, default -> throw step.refusal("JSON that ends too soon");
            };
        }

        private SecretBytes secret(JsonParser parser) {
            char[] buffer = parser.getStringCharacters();
            int start = parser.getStringOffset();
            int length = parser.getStringLength();
            try {
                ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(buffer, start, length));
                byte[] utf8 = new byte[encoded.remaining()];
                encoded.get(utf8);
                encoded.clear();
                while (encoded.hasRemaining()) {
                    encoded.put((byte) 0);
                }
                SecretBytes secret = SecretBytes.owning(utf8);
                held.add(secret);
                return secret;
            } catch (CharacterCodingException _) {
                throw step.refusal("JSON with half a character");
            } finally {
                Arrays.fill(buffer, start, start + length, '\0');
            }
        }

        void discard() {
            held.forEach(SecretBytes::destroy);
        }
    }
}
