package cardsecure.rsa;

import cardsecure.secret.SecretBytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The RSA keys of one site at one moment, ready to decrypt. Safe for threads.
public final class SiteRsaKeys {
    private record Ready(RsaKey key, RsaDecryptor decryptor, String publicKeyText) {}

    private final List<Ready> newestFirst;

    private SiteRsaKeys(List<Ready> newestFirst) {
        this.newestFirst = newestFirst;
    }

    static SiteRsaKeys of(List<RsaKey> keys) {
        return new SiteRsaKeys(keys.stream()
                .sorted(Comparator.comparingInt(RsaKey::number).reversed())
                .map(key -> new Ready(key, RsaDecryptor.of(key), key.publicKeyText()))
                .toList());
    }

    /// The keys, the newest one first.
    public List<RsaKey> all() {
        return newestFirst.stream().map(Ready::key).toList();
    }

    /// The newest key's public half, as [RsaKey#publicKeyText]; none without a key.
    public Optional<String> publicKeyText() {
        return newestFirst.stream().findFirst().map(Ready::publicKeyText);
    }

    /// Whether any key has ciphertexts of this length.
    public boolean fits(SecretBytes ciphertext) {
        return newestFirst.stream().anyMatch(ready -> ready.key().length() == ciphertext.length());
    }

    /// What a ciphertext is read as, if under any key it came to something that can be read.
    ///
    /// It is decrypted under every key that it fits, and all that comes out is read, whatever came of the first, so
    /// that the work never says which key it was for. If several can be read, one with good padding counts; whether
    /// there is any depends on the messages alone.
    ///
    /// @param reader makes of a message what it is, or nothing
    public <T> Optional<T> decrypt(SecretBytes ciphertext, Function<SecretBytes, Optional<T>> reader) {
        List<T> padded = new ArrayList<>();
        List<T> others = new ArrayList<>();
        for (Ready ready : newestFirst) {
            if (ready.key().length() == ciphertext.length()) {
                RsaDecryptor.Opened opened = ready.decryptor().decrypt(ciphertext.reveal());
                Optional<T> read = reader.apply(opened.message());
                read.ifPresentOrElse((opened.padded() ? padded : others)::add, opened.message()::destroy);
            }
        }
        padded.addAll(others);
        return padded.stream().findFirst();
    }
}
