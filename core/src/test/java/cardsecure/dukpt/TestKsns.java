package cardsecure.dukpt;

import cardsecure.secret.SecretBytes;
import java.util.HexFormat;

/// The published keys of ANSI X9.24 and what else the tests of DUKPT share.
final class TestKsns {
    static final HexFormat HEX = HexFormat.of().withUpperCase();

    /// X9.24-1:2009, A.4.
    static final BaseKey TDES = baseKey(BaseKeyAlgorithm.TDES, "0123456789ABCDEFFEDCBA9876543210");

    private TestKsns() {}

    static BaseKey baseKey(BaseKeyAlgorithm algorithm, String hex) {
        return new BaseKey(algorithm, secret(hex));
    }

    static SecretBytes secret(String hex) {
        return SecretBytes.owning(HEX.parseHex(hex));
    }

    static String hex(SecretBytes secret) {
        return HEX.formatHex(secret.reveal());
    }
}
