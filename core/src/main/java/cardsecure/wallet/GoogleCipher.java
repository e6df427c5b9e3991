package cardsecure.wallet;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// How a message is encrypted: ECIES with HKDF-SHA-256, AES-CTR with a counter that begins at 0, and
/// HMAC-SHA-256 over the ciphertext. ECv1 has AES-128 and 16 bytes of MAC key, ECv2 has AES-256 and 32.
///
/// @param keyLength of the AES key and of the MAC key, in bytes
/// @param ephemeral Google's, 65 bytes as they are sent
record GoogleCipher(
        int keyLength, SecretBytes ephemeral, ECPublicKey ephemeralKey, SecretBytes encrypted, SecretBytes tag) {
    private static final String HMAC = "HmacSHA256";
    private static final byte[] INFO = "Google".getBytes(StandardCharsets.US_ASCII);
    private static final int COUNTER_LENGTH = 16;

    /// The cipher of a token's signed message.
    static GoogleCipher of(GooglePayToken token) {
        JsonObject message = JsonObject.parse(Texts.utf8(token.signedMessage()), WalletStep.GOOGLE_SIGNED_MESSAGE);
        SecretBytes ephemeral = decoded(message, "ephemeralPublicKey");
        ECPublicKey key = P256.publicKey(ephemeral.reveal())
                .orElseThrow(() -> WalletStep.GOOGLE_EPHEMERAL_KEY.refusal(
                        "the ephemeral key, " + ephemeral.length() + " bytes, is none of P-256"));
        return new GoogleCipher(
                keyLength(token.version()),
                ephemeral,
                key,
                decoded(message, "encryptedMessage"),
                decoded(message, "tag"));
    }

    static int keyLength(GooglePayToken.Version version) {
        return version == GooglePayToken.Version.EC_V1 ? 16 : 32;
    }

    private static SecretBytes decoded(JsonObject message, String name) {
        String text =
                message.text(name).orElseThrow(() -> WalletStep.GOOGLE_SIGNED_MESSAGE.refusal(name + " is missing"));
        try {
            return Texts.base64(text, name);
        } catch (Refusal _) {
            throw WalletStep.GOOGLE_SIGNED_MESSAGE.refusal(name + " is not Base64");
        }
    }

    /// A message, and the key that it was for.
    record Decrypted(SecretBytes clear, WalletKeyPair key) {}

    /// The message; nothing if the MAC is right under none of the keys. All are tried, whichever it is for.
    Optional<Decrypted> decrypt(List<WalletKeyPair> keys) {
        Optional<Decrypted> clear = Optional.empty();
        for (WalletKeyPair key : keys) {
            byte[] derived = derive(key, ephemeralKey, ephemeral.reveal(), keyLength);
            if (MessageDigest.isEqual(mac(derived, keyLength, encrypted.reveal()), tag.reveal())) {
                clear = Optional.of(
                        new Decrypted(SecretBytes.owning(crypt(derived, keyLength, encrypted.reveal())), key));
            }
            Arrays.fill(derived, (byte) 0);
        }
        return clear;
    }

    /// `HKDF(ikm = ephemeral point | ECDH, salt = none, info = "Google")`: the AES key, then the MAC key.
    static byte[] derive(WalletKeyPair own, ECPublicKey other, byte[] ephemeral, int keyLength) {
        byte[] shared = P256.agree(own.privateKey(), other);
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(ephemeral)
                            .addIKM(shared)
                            .thenExpand(INFO, 2 * keyLength));
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "HKDF is not to be had", e);
        } finally {
            Arrays.fill(shared, (byte) 0);
        }
    }

    static byte[] mac(byte[] derived, int keyLength, byte[] encrypted) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(derived, keyLength, keyLength, HMAC));
            return mac.doFinal(encrypted);
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "HMAC-SHA-256 is not to be had", e);
        }
    }

    /// Encrypts, or decrypts, which is the same.
    static byte[] crypt(byte[] derived, int keyLength, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(derived, 0, keyLength, "AES"),
                    new IvParameterSpec(new byte[COUNTER_LENGTH]));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "AES-CTR is not to be had", e);
        }
    }
}
