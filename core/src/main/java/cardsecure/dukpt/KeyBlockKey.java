package cardsecure.dukpt;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// A key block protection key: what base keys come wrapped under (X9.143, 5.1; "KEK" or "ZMK" elsewhere).
///
/// @param key 16 or 24 bytes of triple DES; 16, 24 or 32 of AES
public record KeyBlockKey(Cipher cipher, SecretBytes key) {
    /// What the key is of.
    public enum Cipher {
        /// Triple DES: for key blocks of the versions A, B and C.
        TDES,
        /// AES: for those of version D.
        AES;

        /// As commands write it.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// The cipher of a label, if it is one's.
        public static Optional<Cipher> of(String label) {
            return Arrays.stream(values())
                    .filter(cipher -> cipher.label().equals(label))
                    .findFirst();
        }
    }

    private static final int LENGTH_MIN = 16;
    private static final int LENGTH_STEP = 8;

    /// Checks the length, and that triple DES is no single DES.
    ///
    /// @throws Refusal `0044` otherwise
    public KeyBlockKey {
        int longest = switch (cipher) {
            case TDES -> 24;
            case AES -> 32;
        };
        int length = key.length();
        if (length < LENGTH_MIN || length > longest || length % LENGTH_STEP != 0) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    switch (cipher) {
                        case TDES -> "a key-block key of triple DES has 16 or 24 bytes, not " + length;
                        case AES -> "a key-block key of AES has 16, 24 or 32 bytes, not " + length;
                    });
        }
    }

    /// What people compare it by.
    public CheckValue checkValue() {
        return switch (cipher) {
            case TDES -> CheckValue.ofTripleDes(key);
            case AES -> CheckValue.ofAes(key);
        };
    }

    /// As [BaseKey#isPublished].
    public boolean isPublished() {
        return PublishedKeys.contain(key, cipher == Cipher.TDES);
    }

    /// As [BaseKey#isDegenerate].
    public boolean isDegenerate() {
        return BaseKey.isDegenerate(key, cipher == Cipher.TDES);
    }
}
