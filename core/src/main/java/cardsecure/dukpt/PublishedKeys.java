package cardsecure.dukpt;

import cardsecure.secret.SecretBytes;
import java.util.HexFormat;
import java.util.List;

/// Test keys that everybody knows: whoever protects cards with one protects nothing.
final class PublishedKeys {
    /// Of ANSI X9.24-1 and X9.24-3, of vendors' manuals, and of key-management samples. A longer one counts by its
    /// beginning, too.
    private static final List<byte[]> KEYS = List.of(
                    "0123456789ABCDEFFEDCBA98765432100123456789ABCDEFFEDCBA9876543210",
                    "FEDCBA98765432100123456789ABCDEFFEDCBA98765432100123456789ABCDEF",
                    "FEDCBA9876543210F1F1F1F1F1F1F1F1FEDCBA9876543210F1F1F1F1F1F1F1F1",
                    "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF",
                    "404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F",
                    "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F")
            .stream()
            .map(HexFormat.of()::parseHex)
            .toList();

    private PublishedKeys() {}

    /// @param parity whether the lowest bit of each byte is parity, and does not count
    static boolean contain(SecretBytes key, boolean parity) {
        int mask = parity ? BaseKey.PARITY : 0xFF;
        return KEYS.stream().anyMatch(published -> same(key.reveal(), published, mask));
    }

    private static boolean same(byte[] key, byte[] published, int mask) {
        int differences = 0;
        for (int i = 0; i < key.length; i++) {
            differences |= (key[i] ^ published[i]) & mask;
        }
        return differences == 0;
    }
}
