package cardsecure.wallet;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;

/// How a token's data are encrypted: AES-GCM with a nonce of 16 zeros and no additional data, under a key that
/// comes from an ephemeral key or stands wrapped in the token.
sealed interface AppleCipher {
    /// SHA-256 for both hashes; the JDK takes SHA-1 for MGF1 unless it is told.
    OAEPParameterSpec OAEP =
            new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

    /// The cipher of a token.
    static AppleCipher of(ApplePayToken token) {
        return switch (token.version()) {
            case EC_V1 ->
                new Agreed(
                        P256.publicKeyOfInfo(token.key().reveal())
                                .orElseThrow(() -> WalletStep.APPLE_EPHEMERAL_KEY.refusal(
                                        "the ephemeral key, " + token.key().length() + " bytes, is none of P-256")),
                        token.data());
            case RSA_V1 -> new Wrapped(token.key(), token.data());
        };
    }

    /// The kind of key that it takes.
    WalletKeyPair.Algorithm algorithm();

    /// The payload; nothing if it is not for this key.
    Optional<SecretBytes> decrypt(ApplePayKey key);

    /// EC_v1: `SHA-256(00000001 | Z | 0D "id-aes256-GCM" | "Apple" | merchantIdHash)` is the key, Z what ECDH
    /// comes to.
    ///
    /// @param ephemeral Apple's
    record Agreed(ECPublicKey ephemeral, SecretBytes data) implements AppleCipher {
        /// The counter of the one round that there is (SP 800-56A, 5.8.1).
        private static final byte[] COUNTER = {0, 0, 0, 1};

        /// The algorithm behind its length, 13, and who sends.
        private static final byte[] NAMES = "\rid-aes256-GCMApple".getBytes(StandardCharsets.US_ASCII);

        @Override
        public WalletKeyPair.Algorithm algorithm() {
            return WalletKeyPair.Algorithm.EC_P256;
        }

        @Override
        public Optional<SecretBytes> decrypt(ApplePayKey key) {
            byte[] shared = P256.agree(key.pair().privateKey(), ephemeral);
            byte[] derived = derive(shared, key.merchantIdHash());
            Arrays.fill(shared, (byte) 0);
            try {
                return gcm(derived, data);
            } finally {
                Arrays.fill(derived, (byte) 0);
            }
        }

        static byte[] derive(byte[] shared, SecretBytes merchantIdHash) {
            return Texts.sha256(COUNTER, shared, NAMES, merchantIdHash.reveal());
        }
    }

    /// RSA_v1: the key, 16 bytes, is encrypted with RSA-OAEP.
    ///
    /// @param wrapped the encrypted key
    record Wrapped(SecretBytes wrapped, SecretBytes data) implements AppleCipher {
        private static final int KEY_LENGTH = 16;

        @Override
        public WalletKeyPair.Algorithm algorithm() {
            return WalletKeyPair.Algorithm.RSA_2048;
        }

        @Override
        public Optional<SecretBytes> decrypt(ApplePayKey key) {
            byte[] unwrapped = new byte[0];
            try {
                Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
                cipher.init(Cipher.DECRYPT_MODE, key.pair().privateKey(), OAEP);
                unwrapped = cipher.doFinal(wrapped.reveal());
                return unwrapped.length == KEY_LENGTH ? gcm(unwrapped, data) : Optional.empty();
            } catch (GeneralSecurityException | RuntimeException _) {
                return Optional.empty();
            } finally {
                Arrays.fill(unwrapped, (byte) 0);
            }
        }
    }

    private static Optional<SecretBytes> gcm(byte[] key, SecretBytes data) {
        try {
            Cipher cipher = newGcm(Cipher.DECRYPT_MODE, key);
            return Optional.of(SecretBytes.owning(cipher.doFinal(data.reveal())));
        } catch (GeneralSecurityException | RuntimeException _) {
            return Optional.empty();
        }
    }

    /// AES-GCM as Apple has it.
    ///
    /// @param mode to encrypt or to decrypt
    static Cipher newGcm(int mode, byte[] key) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, new byte[16]));
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "AES-GCM is not to be had", e);
        }
    }
}
