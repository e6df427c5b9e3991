package cardsecure.dukpt;

import cardsecure.crypto.Cmac;
import cardsecure.crypto.DesBlocks;
import cardsecure.secret.SecretBytes;
import java.util.HexFormat;

/// What people compare a key by without seeing it (ANSI X9.24-1:2017, annex A). Of triple DES the first 3 bytes of a
/// block of zeros, encrypted; of AES the first 5 of the CMAC of a block of zeros, so that it says nothing about what
/// the key encrypts.
///
/// @param hex upper-case hexadecimal digits: 6 of TDES, 10 of AES
public record CheckValue(String hex) {
    private static final int TDES_BYTES = 3;
    private static final int AES_BYTES = 5;
    private static final int AES_BLOCK = 16;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /// The check value of a base key.
    public static CheckValue of(BaseKey key) {
        return switch (key.algorithm().scheme()) {
            case TDES -> ofTripleDes(key.key());
            case AES -> ofAes(key.key());
        };
    }

    /// The check value of 16 or 24 bytes of triple DES.
    public static CheckValue ofTripleDes(SecretBytes key) {
        byte[] block = new byte[DesBlocks.BLOCK];
        DesBlocks.encryptTriple(key.reveal(), block, 0, block.length);
        return new CheckValue(HEX.formatHex(block, 0, TDES_BYTES));
    }

    /// The check value of 16, 24 or 32 bytes of AES.
    public static CheckValue ofAes(SecretBytes key) {
        return new CheckValue(HEX.formatHex(Cmac.aes(key, new byte[AES_BLOCK]), 0, AES_BYTES));
    }

    @Override
    public String toString() {
        return hex;
    }
}
