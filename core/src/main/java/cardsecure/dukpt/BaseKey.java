package cardsecure.dukpt;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;

/// A base derivation key (BDK): all keys of all devices of a key set come of it. Parity of triple DES is not looked at:
/// devices do not either, and keys of components have none.
///
/// @param key as many bytes as the algorithm says
public record BaseKey(BaseKeyAlgorithm algorithm, SecretBytes key) {
    /// DES does not use the lowest bit of a byte.
    static final int PARITY = 0xFE;

    private static final int DES_KEY = 8;

    /// Checks the length.
    ///
    /// @throws Refusal `0044` for another one
    public BaseKey {
        if (key.length() != algorithm.length()) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    "a base key of " + algorithm.label() + " has " + algorithm.length() + " bytes, not "
                            + key.length());
        }
    }

    /// What people compare it by.
    public CheckValue checkValue() {
        return CheckValue.of(this);
    }

    /// Whether it is worth less than its length: parts of a triple-DES key that are the same, which makes it single DES
    /// (parity aside), or all bytes the same.
    public boolean isDegenerate() {
        return isDegenerate(key, algorithm == BaseKeyAlgorithm.TDES);
    }

    static boolean isDegenerate(SecretBytes key, boolean tripleDes) {
        byte[] bytes = key.reveal();
        int mask = tripleDes ? PARITY : 0xFF;
        boolean repeats = differences(bytes, 0, bytes.length - 1, 1, mask) == 0;
        for (int at = 0; tripleDes && at + 2 * DES_KEY <= bytes.length; at += DES_KEY) {
            repeats |= differences(bytes, at, DES_KEY, DES_KEY, mask) == 0;
        }
        return repeats;
    }

    private static int differences(byte[] bytes, int from, int count, int distance, int mask) {
        int differences = 0;
        for (int i = from; i < from + count; i++) {
            differences |= (bytes[i] ^ bytes[i + distance]) & mask;
        }
        return differences;
    }

    /// Whether it stands in a standard or a manual: no secret of anybody's. Parity of triple DES aside.
    public boolean isPublished() {
        return PublishedKeys.contain(key, algorithm == BaseKeyAlgorithm.TDES);
    }
}
