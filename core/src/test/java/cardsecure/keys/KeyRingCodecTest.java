package cardsecure.keys;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.Seeded;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.time.Instant;
import java.util.Arrays;
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
    void anotherVersionIsNamed() {
        byte[] encoded = KeyRingCodec.encode(ring(new Random(1))).reveal();
        encoded[0]++;

        assertThat(Refusals.of(() -> KeyRingCodec.decode(SecretBytes.owning(encoded)))
                        .reason())
                .contains("another version");
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

    /// A ring that has lived.
    private static KeyRing ring(Random random) {
        KeyRing ring = KeyRing.create(random, instant(random));
        for (int i = random.nextInt(40); i > 0; i--) {
            ring = changed(ring, random);
        }
        return ring;
    }

    private static KeyRing changed(KeyRing ring, Random random) {
        Instant now = instant(random);
        try {
            return switch (random.nextInt(5)) {
                case 0 -> ring.withDataKeys(keys -> change(keys, random, now));
                case 1 -> ring.withCallerKeys(keys -> change(keys, random, now));
                case 2 -> ring.withFingerprintKeys(keys -> keys.install(random, now));
                case 3 -> ring.withFingerprintKeys(FingerprintKeys::activate);
                default -> ring.withFingerprintKeys(keys -> keys.finish(random.nextBoolean()));
            };
        } catch (Refusal | IllegalArgumentException _) {
            return ring;
        }
    }

    private static DataKeys change(DataKeys keys, Random random, Instant now) {
        KeyId any = keys.all().get(random.nextInt(keys.all().size())).id();
        return switch (random.nextInt(5)) {
            case 0 -> keys.install(random, now);
            case 1 -> keys.activate(now);
            case 2 -> keys.retire(any, now);
            case 3 -> keys.reinstate(any, now);
            default -> keys.destroy(any, now);
        };
    }

    private static Instant instant(Random random) {
        return Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L));
    }
}
