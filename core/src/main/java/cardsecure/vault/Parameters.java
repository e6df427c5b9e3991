package cardsecure.vault;

import java.util.Optional;

/// What a request says beside action and data. All are a caller's text, and none is judged yet.
///
/// @param unique whether a token of its own is wanted
/// @param keyId the key that is meant, for `EC` and `DE`
/// @param encryptionHandler whose public key is wanted, for `KG`
/// @param ref the caller's reference, a part of what is signed
/// @param time when the caller signed
/// @param sig the signature, in hex
public record Parameters(
        boolean unique,
        Optional<String> keyId,
        Optional<String> encryptionHandler,
        Optional<String> ref,
        Optional<String> time,
        Optional<String> sig) {
    private static final Parameters NONE = new Parameters(
            false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /// None at all.
    public static Parameters none() {
        return NONE;
    }

    /// The same, but for whether a token of its own is wanted.
    public Parameters withUnique(boolean wanted) {
        return new Parameters(wanted, keyId, encryptionHandler, ref, time, sig);
    }

    /// The same, but for the key that is meant.
    public Parameters withKeyId(String meant) {
        return new Parameters(unique, Optional.of(meant), encryptionHandler, ref, time, sig);
    }

    /// The same, but for whose public key is wanted.
    public Parameters withEncryptionHandler(Optional<String> wanted) {
        return new Parameters(unique, keyId, wanted, ref, time, sig);
    }

    /// The same, signed.
    public Parameters withSignature(String newRef, String newTime, String newSig) {
        return new Parameters(
                unique, keyId, encryptionHandler, Optional.of(newRef), Optional.of(newTime), Optional.of(newSig));
    }

    /// Says which there are, not what they hold.
    @Override
    public String toString() {
        return "Parameters[unique=" + unique + ", keyId=" + keyId.isPresent() + ", signed=" + sig.isPresent() + "]";
    }
}
