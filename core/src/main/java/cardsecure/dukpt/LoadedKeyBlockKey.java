package cardsecure.dukpt;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;

/// The key-block key as it was loaded, with what is known of those who know it: a key block proves no more than
/// the key that it came under.
///
/// @param custody who entered its components
public record LoadedKeyBlockKey(KeyBlockKey key, Custody custody) {
    /// Who entered the components of a key.
    public enum Custody {
        /// Each component another user.
        SEVERAL('S'),
        /// One user more than one, and said so.
        ONE('O'),
        /// One user more than one, of a server that ran with `--dev` and did not ask.
        TRIED_OUT('D'),
        /// Nobody knows: a version loaded it that did not keep that.
        UNKNOWN('U');

        private final char letter;

        Custody(char letter) {
            this.letter = letter;
        }

        private static Custody of(byte letter) {
            for (Custody custody : values()) {
                if (custody.letter == letter) {
                    return custody;
                }
            }
            throw laterVersion();
        }
    }

    private static final byte TDES = 'T';
    private static final byte AES = 'A';

    /// Keys are whole blocks of this many bytes.
    private static final int STEP = 8;

    /// Whether it protects nothing: everybody knows it, it is worth less than its length, or one person could
    /// load it without being asked.
    public boolean isForTryingOut() {
        return key.isPublished() || key.isDegenerate() || custody == Custody.TRIED_OUT;
    }

    /// For sealing: `cipher (1) | custody (1) | key`.
    SecretBytes encode() {
        byte[] bytes = new byte[2 + key.key().length()];
        bytes[0] = switch (key.cipher()) {
            case TDES -> TDES;
            case AES -> AES;
        };
        bytes[1] = (byte) custody.letter;
        System.arraycopy(key.key().reveal(), 0, bytes, 2, key.key().length());
        return SecretBytes.owning(bytes);
    }

    /// Reads what [#encode] made, or an earlier version, which did not say who entered it.
    ///
    /// @throws Refusal `0044` for what is neither
    static LoadedKeyBlockKey decode(SecretBytes encoded) {
        byte[] bytes = encoded.reveal();
        if (bytes.length < 2) {
            throw laterVersion();
        }
        KeyBlockKey.Cipher cipher = switch (bytes[0]) {
            case TDES -> KeyBlockKey.Cipher.TDES;
            case AES -> KeyBlockKey.Cipher.AES;
            default -> throw laterVersion();
        };
        boolean earlier = bytes.length % STEP == 1;
        int at = earlier ? 1 : 2;
        return new LoadedKeyBlockKey(
                new KeyBlockKey(cipher, SecretBytes.copyOf(bytes, at, bytes.length - at)),
                earlier ? Custody.UNKNOWN : Custody.of(bytes[1]));
    }

    private static Refusal laterVersion() {
        return new Refusal(
                ErrorCode.CONFIG_ITEM_BAD, "the key-block key is of a later version; use the program of that version");
    }
}
