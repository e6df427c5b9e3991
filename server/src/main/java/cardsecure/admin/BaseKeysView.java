package cardsecure.admin;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The base keys of readers as administrators see them: never the keys.
///
/// @param keyBlockKey the key under which key blocks come in, if one is loaded
/// @param keys by site, in the order in which they were loaded
/// @param pending keys of which a component is missing
public record BaseKeysView(Optional<KeyBlockKeyView> keyBlockKey, List<BaseKeyView> keys, List<PendingView> pending) {
    /// Keeps copies.
    public BaseKeysView {
        keys = List.copyOf(keys);
        pending = List.copyOf(pending);
    }

    /// The key-block key.
    ///
    /// @param cipher as [cardsecure.dukpt.KeyBlockKey.Cipher#label]
    /// @param checkValue as [cardsecure.dukpt.CheckValue]
    /// @param weakness why it proves less than it should, for people; empty if it does not
    public record KeyBlockKeyView(String cipher, int bits, String checkValue, String weakness) {}

    /// A base key.
    ///
    /// @param keySet hexadecimal digits
    /// @param algorithm as [cardsecure.dukpt.BaseKeyAlgorithm#label]
    /// @param variant as [cardsecure.dukpt.KeyVariant#label]
    /// @param checkValue as [cardsecure.dukpt.CheckValue]
    /// @param weakness why it protects less than it should, for people; empty if it does not
    public record BaseKeyView(
            String site,
            String keySet,
            String algorithm,
            String variant,
            String checkValue,
            Instant added,
            String weakness) {}

    /// A key that waits for its other components, in this server's memory.
    ///
    /// @param what `SITE KEYSET`, or `kek`
    /// @param entered so many components
    /// @param components so many there are
    /// @param until when those that were entered are forgotten
    public record PendingView(String what, int entered, int components, Instant until) {}
}
