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
    private static final int PARITY = 0xFE;

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

    /// Whether it is worth less than its length: both halves of a triple-DES key the same, which makes it single DES
    /// (parity aside), or all bytes the same.
    public boolean isDegenerate() {
        byte[] bytes = key.reveal();
        int mask = algorithm == BaseKeyAlgorithm.TDES ? PARITY : 0xFF;
        int half = bytes.length / 2;
        boolean halves = algorithm == BaseKeyAlgorithm.TDES && repeats(bytes, half, mask);
        return halves || repeats(bytes, 1, mask);
    }

    private static boolean repeats(byte[] bytes, int period, int mask) {
        int difference = 0;
        for (int i = period; i < bytes.length; i++) {
            difference |= (bytes[i] ^ bytes[i - period]) & mask;
        }
        return difference == 0;
    }
}
