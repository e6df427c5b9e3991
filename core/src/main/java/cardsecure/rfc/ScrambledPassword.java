package cardsecure.rfc;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.util.HexFormat;

/// The password of a logon, which is made unreadable and is no secret for that: four bytes of a seed,
/// little-endian, and the password's bytes, each xor one of a table and one that the seed gives. Whoever sees
/// it has it, so only TLS or the loopback address keep it. The table is known from independent clients; the
/// test has a recorded logon.
final class ScrambledPassword {
    private static final int SEED_LENGTH = 4;
    private static final int LENGTH_MAX = 256;
    private static final byte[] TABLE = HexFormat.of()
            .parseHex("f0ed53b83244f1f876c67959fd4f13a2c15195ec5483c234774943a27de26596"
                    + "5e5398789a17a33cd383a8b829fbdca555d702778413acddf9b83116610e6dfa");

    private ScrambledPassword() {}

    /// The password.
    ///
    /// @throws Refusal `0039` for a length that cannot be
    static SecretBytes decode(SecretBytes scrambled) {
        byte[] bytes = scrambled.reveal();
        if (bytes.length < SEED_LENGTH || bytes.length > SEED_LENGTH + LENGTH_MAX) {
            throw new Refusal(ErrorCode.WRONG_MESSAGE_LENGTH, "a password's field of " + bytes.length + " bytes");
        }
        return SecretBytes.owning(apply(seed(bytes), bytes, SEED_LENGTH));
    }

    private static int seed(byte[] bytes) {
        int seed = 0;
        for (int i = SEED_LENGTH - 1; i >= 0; i--) {
            seed = (seed << Byte.SIZE) | (bytes[i] & 0xff);
        }
        return seed;
    }

    /// Both ways.
    static byte[] apply(int seed, byte[] bytes, int from) {
        byte[] result = new byte[bytes.length - from];
        int first = seed ^ (seed >>> 5) ^ (seed << 1);
        for (int i = 0; i < result.length; i++) {
            result[i] = (byte) (bytes[from + i] ^ TABLE[(first + i) & (TABLE.length - 1)] ^ (seed * i * i - i));
        }
        return result;
    }
}
