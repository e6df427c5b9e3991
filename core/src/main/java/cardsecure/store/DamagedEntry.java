package cardsecure.store;

import java.util.HexFormat;
import java.util.Optional;

/// Something that stands where a store keeps rows, or entries of its index, and is none: damaged, or another
/// program's.
///
/// @param key where it stands, the store's own key in hexadecimal digits; a row's has its site, domain and token
/// @param place what the key says, if that can be read
/// @param what is wrong with it, in a few words, without data
public record DamagedEntry(String key, Optional<TokenPlace> place, String what) {
    /// With a key as the store has it.
    public static DamagedEntry at(byte[] key, Optional<TokenPlace> place, String what) {
        return new DamagedEntry(HexFormat.of().formatHex(key), place, what);
    }
}
