package cardsecure.dukpt;

import cardsecure.crypto.Cmac;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A base key that somebody else wrapped: `header | encrypted key | MAC`, the last two in hexadecimal (TR-31:2018; ANSI
/// X9.143). It is read only: no key of ours leaves the server.
///
/// The key-block key makes two: one encrypts, `bits (2) | key | padding` in CBC mode; one authenticates header and key.
/// Version B (triple DES) and D (AES) derive both by CMAC and authenticate what is clear, whose MAC is the encryption's
/// IV. Versions A and C make them by XOR and authenticate what is encrypted; they are for old devices.
public final class KeyBlock {
    private static final int ENCRYPTION = 0;
    private static final int AUTHENTICATION = 1;
    private static final int ENCRYPTION_VARIANT = 0x45;
    private static final int AUTHENTICATION_VARIANT = 0x4D;
    private static final int TDES_BLOCK = 8;
    private static final int AES_BLOCK = 16;
    private static final int VARIANT_MAC = 4;
    private static final int LENGTH_FIELD = 2;

    private final String text;
    private final KeyBlockHeader header;
    private final KeyBlockKey.Cipher cipher;

    private KeyBlock(String text, KeyBlockHeader header) {
        this.text = text;
        this.header = header;
        this.cipher = header.version() == 'D' ? KeyBlockKey.Cipher.AES : KeyBlockKey.Cipher.TDES;
    }

    /// Reads what is clear of a key block.
    ///
    /// @param text printable ASCII, without blanks around it
    /// @throws Refusal `0044` for what is no key block, or none of a base key
    public static KeyBlock parse(String text) {
        if (!text.chars().allMatch(each -> each >= ' ' && each <= '~')) {
            throw refused("a key block is printable ASCII");
        }
        return new KeyBlock(text, KeyBlockHeader.parse(text));
    }

    /// The base key, if header and key are those that somebody wrapped who has `protection`.
    ///
    /// @throws Refusal `0044` if they are not, if the key is none that a base key is, or `protection` is weaker
    public BaseKey unwrap(KeyBlockKey protection) {
        if (protection.cipher() != cipher) {
            throw refused("a key block of version " + header.version() + " needs a key-block key of "
                    + cipher.label() + ", and the one that is loaded is of "
                    + protection.cipher().label() + "; have it wrapped in another version, or load such a key-block key"
                    + " in the place of this one");
        }
        byte[] body = body();
        byte[] clear = switch (header.version()) {
            case 'A', 'C' -> unwrapVariant(protection, body);
            default -> unwrapDerived(protection, body);
        };
        try {
            return baseKey(clear, protection);
        } finally {
            Arrays.fill(clear, (byte) 0);
        }
    }

    private byte[] body() {
        int block = block();
        int mac = macLength();
        byte[] body;
        try {
            body = HexFormat.of().parseHex(text, header.length(), text.length());
        } catch (IllegalArgumentException _) {
            throw refused("a key block's key and MAC are hexadecimal digits");
        }
        boolean whole = header.length() % block == 0 && (body.length - mac) % block == 0;
        if (!whole || body.length < mac + block) {
            throw refused("a key block's header and key are not whole blocks of their cipher");
        }
        return body;
    }

    private int block() {
        return switch (cipher) {
            case TDES -> TDES_BLOCK;
            case AES -> AES_BLOCK;
        };
    }

    private int macLength() {
        return header.version() == 'A' || header.version() == 'C' ? VARIANT_MAC : block();
    }

    private byte[] head() {
        return text.substring(0, header.length()).getBytes(StandardCharsets.US_ASCII);
    }

    /// Versions B and D: the MAC is of what is clear (TR-31:2018, 5.3.2, 5.3.3).
    private byte[] unwrapDerived(KeyBlockKey protection, byte[] body) {
        int encryptedLength = body.length - macLength();
        byte[] mac = Arrays.copyOfRange(body, encryptedLength, body.length);
        SecretBytes encryption = derive(protection, ENCRYPTION);
        byte[] clear = cbc(Cipher.DECRYPT_MODE, encryption, mac, Arrays.copyOf(body, encryptedLength));
        encryption.destroy();
        SecretBytes authentication = derive(protection, AUTHENTICATION);
        byte[] message = ByteBuffer.allocate(header.length() + clear.length)
                .put(head())
                .put(clear)
                .array();
        byte[] expected = cmac(authentication, message);
        authentication.destroy();
        Arrays.fill(message, (byte) 0);
        if (!MessageDigest.isEqual(expected, mac)) {
            Arrays.fill(clear, (byte) 0);
            throw notAuthentic();
        }
        return clear;
    }

    /// `counter (1) | usage (2) | 00 | algorithm (2) | bits (2)`, a block of CMAC for each counter.
    private SecretBytes derive(KeyBlockKey protection, int usage) {
        int length = protection.key().length();
        int algorithm = switch (cipher) {
            case TDES -> length == 16 ? 0 : 1;
            case AES -> length / TDES_BLOCK;
        };
        int blocks = (length + block() - 1) / block();
        ByteBuffer derived = ByteBuffer.allocate(blocks * block());
        for (int counter = 1; counter <= blocks; counter++) {
            byte[] data = ByteBuffer.allocate(TDES_BLOCK)
                    .put((byte) counter)
                    .putShort((short) usage)
                    .put((byte) 0)
                    .putShort((short) algorithm)
                    .putShort((short) (length * Byte.SIZE))
                    .array();
            derived.put(cmac(protection.key(), data));
        }
        SecretBytes key = SecretBytes.copyOf(derived.array(), 0, length);
        Arrays.fill(derived.array(), (byte) 0);
        return key;
    }

    private byte[] cmac(SecretBytes key, byte[] message) {
        return switch (cipher) {
            case TDES -> Cmac.tripleDes(key, message);
            case AES -> Cmac.aes(key, message);
        };
    }

    /// Versions A and C: the MAC is of what is encrypted, a CBC-MAC of 4 bytes (TR-31:2018, 5.3.1).
    private byte[] unwrapVariant(KeyBlockKey protection, byte[] body) {
        int encryptedLength = body.length - macLength();
        byte[] head = head();
        byte[] message = ByteBuffer.allocate(head.length + encryptedLength)
                .put(head)
                .put(body, 0, encryptedLength)
                .array();
        SecretBytes authentication = variant(protection, AUTHENTICATION_VARIANT);
        byte[] chain = cbc(Cipher.ENCRYPT_MODE, authentication, new byte[TDES_BLOCK], message);
        authentication.destroy();
        byte[] expected = Arrays.copyOfRange(chain, chain.length - TDES_BLOCK, chain.length - TDES_BLOCK + VARIANT_MAC);
        if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(body, encryptedLength, body.length))) {
            throw notAuthentic();
        }
        SecretBytes encryption = variant(protection, ENCRYPTION_VARIANT);
        byte[] iv = Arrays.copyOf(head, TDES_BLOCK);
        byte[] clear = cbc(Cipher.DECRYPT_MODE, encryption, iv, Arrays.copyOf(body, encryptedLength));
        encryption.destroy();
        return clear;
    }

    private static SecretBytes variant(KeyBlockKey protection, int mask) {
        byte[] key = protection.key().reveal().clone();
        for (int i = 0; i < key.length; i++) {
            key[i] ^= (byte) mask;
        }
        return SecretBytes.owning(key);
    }

    private byte[] cbc(int mode, SecretBytes key, byte[] iv, byte[] data) {
        byte[] whole = key.reveal().clone();
        if (cipher == KeyBlockKey.Cipher.TDES && whole.length == 2 * TDES_BLOCK) {
            Arrays.fill(whole, (byte) 0);
            whole = Arrays.copyOf(key.reveal(), 3 * TDES_BLOCK);
            System.arraycopy(whole, 0, whole, 2 * TDES_BLOCK, TDES_BLOCK);
        }
        String name = switch (cipher) {
            case TDES -> "DESede";
            case AES -> "AES";
        };
        try {
            Cipher instance = Cipher.getInstance(name + "/CBC/NoPadding");
            instance.init(mode, new SecretKeySpec(whole, name), new IvParameterSpec(iv));
            return instance.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, name + " is not to be had", e);
        } finally {
            Arrays.fill(whole, (byte) 0);
        }
    }

    private BaseKey baseKey(byte[] clear, KeyBlockKey protection) {
        int bits = ((clear[0] & 0xFF) << Byte.SIZE) | (clear[1] & 0xFF);
        int length = bits / Byte.SIZE;
        if (bits % Byte.SIZE != 0 || length > clear.length - LENGTH_FIELD) {
            throw refused("a key block's key has no sensible length");
        }
        BaseKeyAlgorithm algorithm = algorithm(length);
        if (algorithm.scheme() == Scheme.AES
                && (cipher == KeyBlockKey.Cipher.TDES
                        || length > protection.key().length())) {
            throw refused("the key block's key is stronger than the key-block key (X9.143, 5.1); have it wrapped under"
                    + " one that is as strong");
        }
        return new BaseKey(algorithm, SecretBytes.copyOf(clear, LENGTH_FIELD, length));
    }

    private BaseKeyAlgorithm algorithm(int length) {
        if (header.algorithm() == 'T' && length == BaseKeyAlgorithm.TDES.length()) {
            return BaseKeyAlgorithm.TDES;
        }
        for (BaseKeyAlgorithm each : BaseKeyAlgorithm.values()) {
            if (header.algorithm() == 'A' && each.scheme() == Scheme.AES && each.length() == length) {
                return each;
            }
        }
        throw refused("a base key has 16 bytes of triple DES, or 16, 24 or 32 of AES");
    }

    private static Refusal notAuthentic() {
        return refused("the key block's MAC is wrong; it was wrapped under another key, or was changed on its way");
    }

    private static Refusal refused(String reason) {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, reason);
    }
}
