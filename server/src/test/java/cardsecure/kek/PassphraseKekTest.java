package cardsecure.kek;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.crypto.Argon2;
import cardsecure.keys.AesKeyWrapper;
import cardsecure.keys.KeyWrapper;
import cardsecure.keys.KeyWrapperContract;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PassphraseKekTest implements KeyWrapperContract {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int LEAST = 8;
    private static final String PASSPHRASE = "correct horse battery";

    private final KeyWrapper made = PassphraseKek.create(secret(PASSPHRASE), LEAST, RANDOM);

    private static SecretBytes secret(String text) {
        return SecretBytes.owning(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public KeyWrapper wrapper() {
        return PassphraseKek.open(secret(PASSPHRASE), made.kekId(), RANDOM);
    }

    @Override
    public KeyWrapper otherWrapper() {
        return PassphraseKek.create(secret(PASSPHRASE), LEAST, RANDOM);
    }

    @Test
    void saltAndCostsStandInItsName() {
        assertThat(made.kekId()).matches("argon2id-8-3-[0-9a-f]{32}-[0-9a-f]{8}");
        assertThat(PassphraseKek.create(secret(PASSPHRASE), 1 << 10, RANDOM).kekId())
                .startsWith("argon2id-1024-3-");
    }

    @Test
    void theKeyIsArgon2idsOfThePassphraseAndNothingElse() {
        String[] parts = made.kekId().split("-", -1);
        byte[] derived =
                new Argon2(8, 3, 1).derive(secret(PASSPHRASE), HexFormat.of().parseHex(parts[3]));
        KeyWrapper plain = new AesKeyWrapper(SecretBytes.owning(derived), RANDOM);
        assertThat(plain.unwrap(made.wrap(key()))).isEqualTo(key());
    }

    @Test
    void anotherPassphraseIsRefused() {
        assertThat(Refusals.of(() -> PassphraseKek.open(secret(PASSPHRASE + " "), made.kekId(), RANDOM))
                        .reason())
                .startsWith("wrong passphrase");
    }

    @Test
    void anIdThatIsDamagedIsRefused() {
        for (String id : new String[] {
            "argon2id-",
            made.kekId() + "0",
            made.kekId().replace("-3-", "-0-"),
            made.kekId().replace("-8-", "-9999999-")
        }) {
            assertThat(Refusals.of(() -> PassphraseKek.open(secret(PASSPHRASE), id, RANDOM))
                            .reason())
                    .startsWith("the keystore is damaged");
        }
    }

    @Test
    void aNewPassphraseIsNotShort() {
        assertThat(Refusals.of(() -> PassphraseKek.create(secret("fifteen letters"), LEAST, RANDOM))
                        .reason())
                .startsWith("the passphrase is too short");
    }
}
