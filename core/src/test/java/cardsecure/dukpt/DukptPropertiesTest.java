package cardsecure.dukpt;

import static cardsecure.dukpt.TestKsns.HEX;
import static cardsecure.dukpt.TestKsns.hex;
import static cardsecure.dukpt.TestKsns.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.Seeded;
import cardsecure.error.ErrorCode;
import cardsecure.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class DukptPropertiesTest {
    /// Beyond the first counters with more than ten one-bits, which a device skips.
    private static final int TRANSACTIONS = 5_000;

    @Test
    void aReadersTripleDesKeysAreTheServers() {
        Seeded.forAll(3, random -> {
            byte[] key = new byte[16];
            random.nextBytes(key);
            byte[] id = new byte[10];
            random.nextBytes(id);
            id[7] &= (byte) 0xE0;
            id[8] = 0;
            id[9] = 0;
            BaseKey baseKey = new BaseKey(BaseKeyAlgorithm.TDES, SecretBytes.copyOf(key));
            SecretBytes initial = TdesDukpt.initialKey(baseKey, tdesKsn(id, 1));
            assertThat(initial.reveal()).isEqualTo(initialKey(key, id));
            ReaderSimulation reader = new ReaderSimulation(
                    initial.reveal(),
                    21,
                    10,
                    (from, counter) -> nonReversible(from, tdesKsn(id, counter).bytes()));

            for (int i = 0; i < TRANSACTIONS; i++) {
                Ksn ksn = tdesKsn(id, reader.counter());
                assertThat(TdesDukpt.transactionKey(initial, ksn).reveal())
                        .as(ksn.hex())
                        .isEqualTo(reader.next());
            }
            assertThat(reader.counter()).isGreaterThan(TRANSACTIONS);
        });
    }

    @Test
    void aReadersAesKeysAreTheServers() {
        for (BaseKeyAlgorithm algorithm :
                Set.of(BaseKeyAlgorithm.AES_128, BaseKeyAlgorithm.AES_192, BaseKeyAlgorithm.AES_256)) {
            Seeded.forAll(2, random -> {
                byte[] key = new byte[algorithm.length()];
                random.nextBytes(key);
                byte[] id = new byte[8];
                random.nextBytes(id);
                BaseKey baseKey = new BaseKey(algorithm, SecretBytes.owning(key));
                SecretBytes initial = AesDukpt.initialKey(baseKey, aesKsn(id, 1));
                ReaderSimulation reader =
                        new ReaderSimulation(initial.reveal(), 32, 16, (from, counter) -> aesStep(from, id, counter));

                for (int i = 0; i < TRANSACTIONS; i++) {
                    Ksn ksn = aesKsn(id, reader.counter());
                    assertThat(AesDukpt.transactionKey(initial, ksn).reveal())
                            .as(ksn.hex())
                            .isEqualTo(reader.next());
                }
            });
        }
    }

    @Test
    void noTwoVariantsOfATransactionAreOneKey() {
        Ksn ksn = Ksn.parseHex("FFFF9876543210E00008");
        Set<String> keys = new HashSet<>();
        int variants = 0;
        for (KeyVariant variant : KeyVariant.values()) {
            if (variant.isOf(BaseKeyAlgorithm.TDES)) {
                keys.add(hex(WorkingKeys.derive(TestKsns.TDES, ksn, variant)));
                variants++;
            }
        }
        assertThat(keys).hasSize(variants).hasSize(5);
    }

    /// node-dukpt and ID TECH's SecureMag manual, 80096504: the data key of that KSN.
    @Test
    void aReadersDataKeyIsAsItsVendorHasIt() {
        Ksn ksn = Ksn.parseHex("62994901190000000003");

        assertThat(hex(WorkingKeys.derive(TestKsns.TDES, ksn, KeyVariant.DATA_ONE_WAY)))
                .isEqualTo("895250336175515C4120CF45F41ABF1C");
    }

    @Test
    void aKsnOfTheOtherSchemeIsRefused() {
        Ksn ksn = Ksn.parseHex("123456789012345600000001");

        assertThat(Refusals.codeOf(() -> WorkingKeys.derive(TestKsns.TDES, ksn, KeyVariant.DATA_ONE_WAY)))
                .isEqualTo(ErrorCode.INVALID_SWIPE_DATA);
    }

    @Test
    void aVariantOfTheOtherSchemeIsRefused() {
        Ksn ksn = Ksn.parseHex("FFFF9876543210E00008");

        assertThat(Refusals.codeOf(() -> WorkingKeys.derive(TestKsns.TDES, ksn, KeyVariant.AES_128_DATA)))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    @Test
    void anAesKeyMakesNoneThatIsStronger() {
        Ksn ksn = Ksn.parseHex("123456789012345600000001");
        BaseKey weak = new BaseKey(BaseKeyAlgorithm.AES_128, secret("000102030405060708090A0B0C0D0E0F"));

        assertThat(Refusals.codeOf(() -> WorkingKeys.derive(weak, ksn, KeyVariant.AES_256_DATA)))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        assertThat(WorkingKeys.derive(weak, ksn, KeyVariant.AES_128_DATA_BOTH).length())
                .isEqualTo(16);
    }

    @Test
    void derivingLeavesTheBaseKeyAsItWas() {
        byte[] before = TestKsns.TDES.key().reveal().clone();
        WorkingKeys.derive(TestKsns.TDES, Ksn.parseHex("FFFF9876543210E00008"), KeyVariant.PIN)
                .destroy();

        assertThat(TestKsns.TDES.key().reveal()).isEqualTo(before);
    }

    private static Ksn tdesKsn(byte[] id, int counter) {
        byte[] ksn = id.clone();
        ksn[7] |= (byte) (counter >> 16);
        ksn[8] = (byte) (counter >> 8);
        ksn[9] = (byte) counter;
        return Ksn.parse(ksn);
    }

    private static Ksn aesKsn(byte[] id, int counter) {
        return Ksn.parse(ByteBuffer.allocate(12).put(id).putInt(counter).array());
    }

    /// X9.24-1:2009, A.2, with the JDK's DES.
    private static byte[] nonReversible(byte[] key, byte[] ksn) {
        byte[] data = Arrays.copyOfRange(ksn, 2, 10);
        byte[] mask = HEX.parseHex("C0C0C0C000000000C0C0C0C000000000");
        byte[] right = half(key, data);
        byte[] left = half(xor(key, mask), data);
        return ByteBuffer.allocate(16).put(left).put(right).array();
    }

    private static byte[] half(byte[] key, byte[] data) {
        byte[] right = Arrays.copyOfRange(key, 8, 16);
        return xor(encrypt("DES", Arrays.copyOf(key, 8), xor(data, right)), right);
    }

    private static byte[] initialKey(byte[] key, byte[] id) {
        byte[] mask = HEX.parseHex("C0C0C0C000000000C0C0C0C000000000");
        byte[] block = Arrays.copyOf(id, 8);
        return ByteBuffer.allocate(16)
                .put(encrypt("DESede", triple(key), block))
                .put(encrypt("DESede", triple(xor(key, mask)), block))
                .array();
    }

    private static byte[] triple(byte[] key) {
        return ByteBuffer.allocate(24).put(key).put(key, 0, 8).array();
    }

    /// X9.24-3:2017, 6.3.3.
    private static byte[] aesStep(byte[] key, byte[] id, int counter) {
        int keyType = key.length / 8;
        ByteBuffer derived = ByteBuffer.allocate(32);
        for (int block = 1; block * 16 < key.length + 16; block++) {
            ByteBuffer data = ByteBuffer.allocate(16);
            data.put((byte) 1).put((byte) block).putShort((short) 0x8000).putShort((short) keyType);
            data.putShort((short) (key.length * 8)).put(id, 4, 4).putInt(counter);
            derived.put(encrypt("AES", key, data.array()));
        }
        return Arrays.copyOf(derived.array(), key.length);
    }

    private static byte[] encrypt(String algorithm, byte[] key, byte[] block) {
        try {
            Cipher cipher = Cipher.getInstance(algorithm + "/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, algorithm));
            return cipher.doFinal(block);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] xor(byte[] one, byte[] other) {
        byte[] sum = one.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] ^= other[i];
        }
        return sum;
    }
}
