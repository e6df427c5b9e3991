package cardsecure.rsa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import cardsecure.secret.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The vectors of draft-irtf-cfrg-rsa-guidance, appendix B, and those of Project Wycheproof, which stand beside the
/// repository (`../shared/vectors/rsa`).
class RsaVectorsTest {
    private static final Path VECTORS =
            Path.of(System.getProperty("repository.root", ""), "..", "shared", "vectors", "rsa");
    private static final HexFormat HEX = HexFormat.of();

    @TestFactory
    Stream<DynamicTest> implicitRejectionIsAsTheDraftHasIt() throws IOException {
        Path directory = VECTORS.resolve("cfrg-implicit-rejection");
        List<DynamicTest> tests = new ArrayList<>();
        for (Map.Entry<String, JsonNode> group :
                read(directory.resolve("test_cases.json")).properties()) {
            RsaDecryptor decryptor = RsaDecryptor.of(
                    pem(directory.resolve(group.getValue().get("key_pem").asString())));
            for (JsonNode vector : group.getValue().get("cases")) {
                tests.add(dynamicTest(vector.get("id").asString(), () -> {
                    byte[] ciphertext =
                            HEX.parseHex(vector.get("ciphertext_hex").asString());
                    assertThat(decryptor.decrypt(ciphertext).message()).isEqualTo(expected(vector.get("expect")));
                }));
            }
        }
        assertThat(tests).hasSize(36);
        return tests.stream();
    }

    private static SecretBytes expected(JsonNode expect) {
        if (expect.has("ascii")) {
            return SecretBytes.owning(expect.get("ascii").asString().getBytes(StandardCharsets.US_ASCII));
        }
        if (expect.has("hex")) {
            return SecretBytes.owning(HEX.parseHex(expect.get("hex").asString()));
        }
        assertThat(expect.get("empty").asBoolean()).isTrue();
        return SecretBytes.owning(new byte[0]);
    }

    /// An invalid case of these expects a failure. Here it must come to some other message, the same each time.
    @Test
    void pkcs1IsAsWycheproofHasIt() throws IOException {
        int valid = 0;
        int invalid = 0;
        for (JsonNode group : read(VECTORS.resolve("rsa_pkcs1_2048_test.json")).get("testGroups")) {
            RsaKey key = key(group, RsaPadding.PKCS1);
            SiteRsaKeys keys = SiteRsaKeys.of(List.of(key));
            RsaDecryptor decryptor = RsaDecryptor.of(key);
            for (JsonNode vector : group.get("tests")) {
                byte[] ciphertext = HEX.parseHex(vector.get("ct").asString());
                SecretBytes message =
                        SecretBytes.owning(HEX.parseHex(vector.get("msg").asString()));
                String name = "case " + vector.get("tcId").asInt();
                if (vector.get("result").asString().equals("valid")) {
                    RsaDecryptor.Opened opened = decryptor.decrypt(ciphertext);
                    assertThat(opened.message()).as(name).isEqualTo(message);
                    assertThat(opened.padded()).as(name).isTrue();
                    valid++;
                } else if (keys.fits(SecretBytes.copyOf(ciphertext))) {
                    RsaDecryptor.Opened opened = decryptor.decrypt(ciphertext);
                    assertThat(opened.padded()).as(name).isFalse();
                    assertThat(opened.message()).as(name).isNotEqualTo(message);
                    assertThat(decryptor.decrypt(ciphertext)).as(name).isEqualTo(opened);
                    invalid++;
                } else {
                    assertThat(ciphertext.length).as(name).isNotEqualTo(256);
                    invalid++;
                }
            }
        }
        assertThat(List.of(valid, invalid)).containsExactly(42, 25);
    }

    /// Those with a label are others' ciphertexts: ours have none.
    @Test
    void oaepIsAsWycheproofHasIt() throws IOException {
        List<String> opened = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (JsonNode group : read(VECTORS.resolve("rsa_oaep_2048_sha256_mgf1sha256_test.json"))
                .get("testGroups")) {
            RsaDecryptor decryptor = RsaDecryptor.of(key(group, RsaPadding.OAEP_SHA256));
            for (JsonNode vector : group.get("tests")) {
                byte[] ciphertext = HEX.parseHex(vector.get("ct").asString());
                String name = "case " + vector.get("tcId").asInt();
                RsaDecryptor.Opened result = decryptor.decrypt(ciphertext);
                if (vector.get("result").asString().equals("valid")
                        && vector.get("label").asString().isEmpty()) {
                    byte[] message = HEX.parseHex(vector.get("msg").asString());
                    assertThat(result).as(name).isEqualTo(new RsaDecryptor.Opened(SecretBytes.owning(message), true));
                    opened.add(name);
                } else {
                    assertThat(result)
                            .as(name)
                            .isEqualTo(new RsaDecryptor.Opened(SecretBytes.owning(new byte[0]), false));
                    refused.add(name);
                }
            }
        }
        assertThat(opened).hasSize(10);
        assertThat(refused).hasSize(27);
    }

    private static JsonNode read(Path file) throws IOException {
        assumeTrue(Files.exists(file), () -> "vectors are missing: ../shared/vectors/rsa beside the repository");
        return JsonMapper.shared().readTree(Files.readAllBytes(file));
    }

    private static RsaKey key(JsonNode group, RsaPadding padding) {
        return RsaKey.of(
                1,
                padding,
                Instant.EPOCH,
                HEX.parseHex(group.get("privateKeyPkcs8").asString()));
    }

    private static RsaKey pem(Path file) throws IOException {
        String armoured = Files.readString(file, StandardCharsets.US_ASCII);
        String base64 = String.join(
                "",
                Arrays.stream(armoured.split("\n"))
                        .filter(line -> !line.startsWith("-"))
                        .toList());
        return RsaKey.of(1, RsaPadding.PKCS1, Instant.EPOCH, Base64.getDecoder().decode(base64));
    }
}
