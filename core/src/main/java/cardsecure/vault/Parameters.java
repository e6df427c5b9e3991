package cardsecure.vault;

import java.util.Map;
import java.util.Optional;

/// What a request says beside action and data. All are a caller's text, and none is judged yet.
///
/// @param unique whether a token of its own is wanted
/// @param keyId the key that is meant, for `EC` and `DE`
/// @param encryptionHandler whose public key is wanted, for `KG`
/// @param ref the caller's reference, a part of what is signed
/// @param time when the caller signed
/// @param sig the signature, in hex
/// @param wallet what comes beside a wallet's data, by the names of [cardsecure.wallet.WalletParameters]
public record Parameters(
        boolean unique,
        Optional<String> keyId,
        Optional<String> encryptionHandler,
        Optional<String> ref,
        Optional<String> time,
        Optional<String> sig,
        Map<String, String> wallet) {
    private static final Parameters NONE = new Parameters(
            false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

    /// Keeps a copy.
    public Parameters {
        wallet = Map.copyOf(wallet);
    }

    /// None at all.
    public static Parameters none() {
        return NONE;
    }

    /// The same, but for whether a token of its own is wanted.
    public Parameters withUnique(boolean wanted) {
        return new Parameters(wanted, keyId, encryptionHandler, ref, time, sig, wallet);
    }

    /// The same, but for the key that is meant.
    public Parameters withKeyId(String meant) {
        return new Parameters(unique, Optional.of(meant), encryptionHandler, ref, time, sig, wallet);
    }

    /// The same, but for whose public key is wanted.
    public Parameters withEncryptionHandler(Optional<String> wanted) {
        return new Parameters(unique, keyId, wanted, ref, time, sig, wallet);
    }

    /// The same, signed.
    public Parameters withSignature(String newRef, String newTime, String newSig) {
        return new Parameters(
                unique,
                keyId,
                encryptionHandler,
                Optional.of(newRef),
                Optional.of(newTime),
                Optional.of(newSig),
                wallet);
    }

    /// The same, but for what comes beside a wallet's data.
    public Parameters withWallet(Map<String, String> named) {
        return new Parameters(unique, keyId, encryptionHandler, ref, time, sig, named);
    }

    /// Says which there are, not what they hold.
    @Override
    public String toString() {
        return "Parameters[unique=" + unique + ", keyId=" + keyId.isPresent() + ", signed=" + sig.isPresent()
                + ", wallet=" + wallet.keySet() + "]";
    }
}
