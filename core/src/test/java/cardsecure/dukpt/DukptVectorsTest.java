package cardsecure.dukpt;

import static cardsecure.dukpt.TestKsns.HEX;
import static cardsecure.dukpt.TestKsns.baseKey;
import static cardsecure.dukpt.TestKsns.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cardsecure.crypto.Cmac;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.engines.DESEngine;
import org.bouncycastle.crypto.macs.ISO9797Alg3Mac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The vectors of ANSI X9.24-1:2009, A.4, and of the supplement to X9.24-3:2017, as openemv/dukpt has them, which stand
/// beside the repository (`../shared/vectors/swipe`): every column of every KSN.
class DukptVectorsTest {
    private static final Path VECTORS = Path.of(
            System.getProperty("repository.root", ""), "..", "shared", "vectors", "swipe", "dukpt-ansi-vectors.json");

    @ParameterizedTest
    @ValueSource(strings = {"", "2"})
    void everyKeyOfTripleDesIsAsPublished(String suffix) throws Exception {
        JsonNode file = file("dukpt_tdes_test.c");
        BaseKey baseKey = baseKey(BaseKeyAlgorithm.TDES, file.get("bdk").asString());
        byte[] pinBlock = HEX.parseHex(file.get("pinblock").asString());
        byte[] data = data(file);
        List<JsonNode> ksns = all(file, "ksn_verify" + suffix);
        assertThat(ksns).hasSize(suffix.isEmpty() ? 21 : 13);

        for (int i = 0; i < ksns.size(); i++) {
            Ksn ksn = Ksn.parseHex(ksns.get(i).asString());
            SecretBytes initial = TdesDukpt.initialKey(baseKey, ksn);
            SecretBytes key = TdesDukpt.transactionKey(initial, ksn);
            SecretBytes macRequest = TdesDukpt.workingKey(key, TdesUsage.MAC_REQUEST);
            SecretBytes macResponse = TdesDukpt.workingKey(key, TdesUsage.MAC_RESPONSE);
            Row row = new Row(file, suffix, i);

            assertThat(hex(initial)).isEqualTo(file.get("ik_verify").asString());
            row.has("txn_key", key.reveal());
            row.has("encrypted_pinblock", tdes(TdesDukpt.workingKey(key, TdesUsage.PIN), pinBlock));
            row.has("mac_request", retailMac(macRequest, data));
            row.has("mac_response", retailMac(macResponse, data));
            row.has("cmac_request", Cmac.tripleDes(macRequest, data));
            row.has("cmac_response", Cmac.tripleDes(macResponse, data));
            byte[] padded = Arrays.copyOf(data, (data.length + 7) / 8 * 8);
            row.has("txn_request", tdes(WorkingKeys.derive(baseKey, ksn, KeyVariant.DATA_ONE_WAY), padded));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"128", "256"})
    void everyKeyOfAesIsAsPublished(String bits) throws Exception {
        JsonNode file = file("dukpt_aes" + bits + "_test.c");
        BaseKeyAlgorithm algorithm = BaseKeyAlgorithm.of("aes-" + bits).orElseThrow();
        BaseKey baseKey = baseKey(algorithm, file.get("bdk").asString());
        int seen = 0;
        for (String suffix : List.of("", "2", "3")) {
            List<JsonNode> ksns = all(file, "ksn_verify" + suffix);
            for (int i = 0; i < ksns.size(); i++) {
                Ksn ksn = Ksn.parseHex(ksns.get(i).asString());
                SecretBytes initial = AesDukpt.initialKey(baseKey, ksn);
                assertThat(hex(initial)).isEqualTo(file.get("ik_verify").asString());
                SecretBytes key = AesDukpt.transactionKey(initial, ksn);
                Row row = new Row(file, suffix, i);
                row.has("txn_key", key.reveal());
                if (suffix.isEmpty()) {
                    workingKeysAreAsPublished(row, ksn, key);
                    encryptedPinBlockIsAsPublished(row, ksn, key);
                }
                seen++;
            }
        }
        assertThat(seen).isEqualTo(15);
    }

    private static void workingKeysAreAsPublished(Row row, Ksn ksn, SecretBytes key) {
        for (AesKeyType type : List.of(AesKeyType.AES_128, AesKeyType.AES_256)) {
            String name = "_aes" + type.length() * 8;
            if (row.hasColumn("pin_key" + name)) {
                row.has(
                        "pin_key" + name,
                        AesDukpt.workingKey(key, ksn, AesUsage.PIN, type).reveal());
                row.has(
                        "cmac" + name + "_key",
                        AesDukpt.workingKey(key, ksn, AesUsage.MAC_GENERATION, type)
                                .reveal());
                row.has(
                        "data" + name + "_key",
                        AesDukpt.workingKey(key, ksn, AesUsage.DATA_ENCRYPTION, type)
                                .reveal());
            }
        }
        assertThat(row.hasColumn("pin_key_aes128")).isTrue();
    }

    /// Format 4 (ISO 9564-1): encrypt the PIN field, add the PAN field, encrypt.
    private static void encryptedPinBlockIsAsPublished(Row row, Ksn ksn, SecretBytes key) throws Exception {
        if (!row.hasColumn("encrypted_pinblock")) {
            return;
        }
        Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
        SecretBytes pinKey = AesDukpt.workingKey(key, ksn, AesUsage.PIN, AesKeyType.AES_128);
        aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(pinKey.reveal(), "AES"));
        byte[] block = aes.doFinal(HEX.parseHex(row.file().get("pinfield").asString()));
        byte[] pan = HEX.parseHex(row.file().get("panfield").asString());
        for (int i = 0; i < block.length; i++) {
            block[i] ^= pan[i];
        }
        row.has("encrypted_pinblock", aes.doFinal(block));
    }

    /// One KSN of a file, and its place in every column.
    private record Row(JsonNode file, String suffix, int index) {
        boolean hasColumn(String column) {
            return file.has(column + "_verify" + suffix);
        }

        void has(String column, byte[] expected) {
            assertThat(HEX.formatHex(expected))
                    .as(column)
                    .isEqualTo(file.get(column + "_verify" + suffix).get(index).asString());
        }
    }

    private static byte[] tdes(SecretBytes key, byte[] clear) throws GeneralSecurityException {
        byte[] triple = Arrays.copyOf(key.reveal(), 24);
        System.arraycopy(key.reveal(), 0, triple, 16, 8);
        Cipher cipher = Cipher.getInstance("DESede/CBC/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(triple, "DESede"), new IvParameterSpec(new byte[8]));
        return cipher.doFinal(clear);
    }

    private static byte[] retailMac(SecretBytes key, byte[] data) {
        ISO9797Alg3Mac mac = new ISO9797Alg3Mac(new DESEngine(), 32);
        mac.init(new KeyParameter(key.reveal()));
        mac.update(data, 0, data.length);
        byte[] code = new byte[4];
        mac.doFinal(code, 0);
        return code;
    }

    private static byte[] data(JsonNode file) {
        return file.get("txn_data").asString().getBytes(StandardCharsets.US_ASCII);
    }

    private static List<JsonNode> all(JsonNode file, String column) {
        return file.get(column).valueStream().toList();
    }

    private static JsonNode file(String name) throws Exception {
        assumeTrue(Files.exists(VECTORS), () -> "vectors are missing: ../shared/vectors/swipe beside the repository");
        return new JsonMapper().readTree(Files.readString(VECTORS)).get("files").get(name);
    }
}
