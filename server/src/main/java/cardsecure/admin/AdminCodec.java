package cardsecure.admin;

import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/// The channel's messages as JSON, one a line. Strict: a part that one side does not know, or misses, might be the one
/// that matters.
final class AdminCodec {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .addModule(new SimpleModule()
                    .addSerializer(SecretBytes.class, new SecretWriter())
                    .addDeserializer(SecretBytes.class, new SecretReader()))
            .build();

    private AdminCodec() {}

    static byte[] encode(AdminRequest request) {
        return MAPPER.writerFor(AdminRequest.class).writeValueAsString(request).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] encode(AdminReply reply) {
        return MAPPER.writerFor(AdminReply.class).writeValueAsString(reply).getBytes(StandardCharsets.UTF_8);
    }

    /// @throws IllegalArgumentException for bytes that are no request
    static AdminRequest request(byte[] line) {
        return read(line, AdminRequest.class);
    }

    /// @throws IllegalArgumentException for bytes that are no reply
    static AdminReply reply(byte[] line) {
        return read(line, AdminReply.class);
    }

    private static <T> T read(byte[] line, Class<T> kind) {
        try {
            T message = MAPPER.readValue(line, kind);
            if (message == null) {
                throw new IllegalArgumentException("a message is an object");
            }
            return message;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("this is no message of the admin channel", e);
        }
    }

    /// Secrets travel in Base64.
    private static final class SecretWriter extends ValueSerializer<SecretBytes> {
        @Override
        public void serialize(SecretBytes secret, JsonGenerator json, SerializationContext context) {
            json.writeBinary(secret.reveal());
        }
    }

    private static final class SecretReader extends ValueDeserializer<SecretBytes> {
        @Override
        public SecretBytes deserialize(JsonParser json, DeserializationContext context) {
            return SecretBytes.owning(json.getBinaryValue());
        }
    }
}
