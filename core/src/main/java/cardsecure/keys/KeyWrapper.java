package cardsecure.keys;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;

/// The key-encryption key (KEK), in a file, a passphrase or an HSM: wraps the ring's key and nothing else, at start and
/// when the ring changes, never for a request. `KeyWrapperContract`, in the tests, is the law for every one.
public interface KeyWrapper {
    /// Names the KEK: 1 to 64 ASCII characters that tell two keys apart. For the keystore alone; people are shown
    /// [KekName#of] it.
    String kekId();

    /// The key, wrapped so that [#unwrap] gives it back and nobody else can.
    byte[] wrap(SecretBytes key);

    /// The key of a blob.
    ///
    /// @throws Refusal `0027` if the blob is not what this KEK wrapped
    SecretBytes unwrap(byte[] wrapped);
}
