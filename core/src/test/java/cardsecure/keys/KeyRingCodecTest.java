package cardsecure.keys;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.Seeded;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyRingCodecTest {
    @Test
    void aRingComesBackAsItWas() {
        Seeded.forAll(100, random -> {
            KeyRing ring = ring(random);
            assertThat(KeyRingCodec.decode(KeyRingCodec.encode(ring))).isEqualTo(ring);
        });
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] encoded = KeyRingCodec.encode(ring(new Random(1))).reveal();

        for (int length = 0; length < encoded.length; length++) {
            SecretBytes truncated = SecretBytes.owning(Arrays.copyOf(encoded, length));
            assertThat(Refusals.codeOf(() -> KeyRingCodec.decode(truncated)))
                    .isEqualTo(ErrorCode.KEYSTORE_NOT_INITIALIZED);
        }
    }

    @Test
    void aLaterVersionIsNamed() {
        byte[] encoded = KeyRingCodec.encode(ring(new Random(1))).reveal();
        encoded[0] = 2;

        assertThat(Refusals.of(() -> KeyRingCodec.decode(SecretBytes.owning(encoded)))
                        .reason())
                .contains("later version");
    }

    @Test
    void damagedBytesAreARingOrRefusedAndNothingElse() {
        byte[] encoded = KeyRingCodec.encode(ring(new Random(1))).reveal();

        Seeded.forAll(5000, random -> {
            byte[] damaged = encoded.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                KeyRingCodec.decode(SecretBytes.owning(damaged));
            } catch (Refusal refusal) {
                assertThat(refusal.code()).isEqualTo(ErrorCode.KEYSTORE_NOT_INITIALIZED);
            }
        });
    }

    private static KeyRing ring(Random random) {
        Map<KeyId, DataKey> keys = new HashMap<>();
        KeyId id = KeyId.first();
        KeyId current = id;
        for (int i = 0; i <= random.nextInt(40); i++) {
            keys.put(id, new DataKey(id, KeyRing.draw(random, DataKey.LENGTH), instant(random)));
            current = random.nextBoolean() ? id : current;
            id = id.next();
        }
        FingerprintKey fingerprintKey = new FingerprintKey(
                1 + random.nextInt(127), KeyRing.draw(random, FingerprintKey.LENGTH), instant(random));
        return new KeyRing("vault" + random.nextInt(), keys, current, fingerprintKey);
    }

    private static Instant instant(Random random) {
        return Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L));
    }
}
