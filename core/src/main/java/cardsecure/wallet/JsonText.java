package cardsecure.wallet;

import cardsecure.secret.SecretBytes;
import java.io.ByteArrayOutputStream;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Writes JSON as wallets do, for the simulators.
final class JsonText {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final JsonGenerator generator =
            FACTORY.createGenerator(ObjectWriteContext.empty(), bytes, JsonEncoding.UTF8);

    void start() {
        generator.writeStartObject();
    }

    void start(String name) {
        generator.writeName(name);
        generator.writeStartObject();
    }

    void end() {
        generator.writeEndObject();
    }

    void put(String name, String text) {
        generator.writeName(name);
        generator.writeString(text);
    }

    void put(String name, SecretBytes utf8) {
        generator.writeName(name);
        generator.writeUTF8String(utf8.reveal(), 0, utf8.length());
    }

    void put(String name, long number) {
        generator.writeName(name);
        generator.writeNumber(number);
    }

    void putAll(String name, Iterable<String> texts) {
        generator.writeName(name);
        generator.writeStartArray();
        texts.forEach(generator::writeString);
        generator.writeEndArray();
    }

    SecretBytes finish() {
        generator.close();
        return SecretBytes.owning(bytes.toByteArray());
    }
}
