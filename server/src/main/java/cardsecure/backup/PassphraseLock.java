package cardsecure.backup;

import cardsecure.crypto.Argon2;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.kek.PassphraseKek;
import cardsecure.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Encrypts a backup under a passphrase: AES-256-GCM under Argon2id's bytes. Layout: `nonce (12) | ciphertext | tag
/// (16)`; salt and costs stand in the header.
public final class PassphraseLock implements BackupLock {
    private static final int NONCE_LENGTH = 12;
    private static final int SALT_LENGTH = 16;
    private static final int TAG_BITS = 128;
    private static final int PASSES = 3;
    private static final Pattern NAME = Pattern.compile("passphrase argon2id ([0-9]{1,7}) ([0-9]{1,3}) ([0-9a-f]{32})");

    private final String name;
    private final byte[] key;
    private final RandomGenerator random;

    /// Takes its parts.
    ///
    /// @param memoryKib what it costs to make the key
    /// @param random cryptographically strong
    /// @throws Refusal `0027` for a passphrase that is too short, or too little memory
    public PassphraseLock(SecretBytes passphrase, int memoryKib, RandomGenerator random) {
        PassphraseKek.requireGood(passphrase);
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        this.name = "passphrase argon2id " + memoryKib + " " + PASSES + " "
                + HexFormat.of().formatHex(salt);
        this.key = PassphraseKek.derive(passphrase, new Argon2(memoryKib, PASSES, 1), salt);
        this.random = random;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String label() {
        return PASSPHRASE;
    }

    @Override
    public byte[] seal(SecretBytes content) {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            byte[] ciphertext = cipher.doFinal(content.reveal());
            return ByteBuffer.allocate(NONCE_LENGTH + ciphertext.length)
                    .put(nonce)
                    .put(ciphertext)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the backup could not be encrypted", e);
        }
    }

    /// Opens by a passphrase.
    public static BackupUnlock unlock(SecretBytes passphrase) {
        return (header, bytes) -> {
            Matcher parts = NAME.matcher(header.openedBy());
            if (!parts.matches() || bytes.length < NONCE_LENGTH) {
                throw new Refusal(ErrorCode.KEYSTORE_IMPORT_FAILURE, "the key backup is not one for a passphrase");
            }
            try {
                Argon2 costs = new Argon2(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)), 1);
                byte[] key =
                        PassphraseKek.derive(passphrase, costs, HexFormat.of().parseHex(parts.group(3)));
                Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
                cipher.init(
                        Cipher.DECRYPT_MODE,
                        new SecretKeySpec(key, "AES"),
                        new GCMParameterSpec(TAG_BITS, bytes, 0, NONCE_LENGTH));
                return SecretBytes.owning(cipher.doFinal(bytes, NONCE_LENGTH, bytes.length - NONCE_LENGTH));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new Refusal(
                        ErrorCode.KEYSTORE_IMPORT_FAILURE,
                        "the key backup does not open: wrong passphrase, or a damaged file",
                        e);
            }
        };
    }
}
