package cardsecure.dukpt;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.util.List;

/// A key in parts, so that nobody knows it alone (ANSI X9.24-1:2017; PCI PIN, requirement 6): each custodian has one
/// as long as the key, and the key is the XOR of all.
public final class KeyComponents {
    /// The fewest.
    public static final int MIN = 2;
    /// The most.
    public static final int MAX = 3;

    private KeyComponents() {}

    /// The key of all components.
    ///
    /// @throws Refusal `0044` for fewer than 2, more than 3, different lengths, or two alike, which cancel out
    public static SecretBytes combine(List<SecretBytes> components) {
        if (components.size() < MIN || components.size() > MAX) {
            throw refused("a key has 2 or 3 components");
        }
        byte[] key = new byte[components.getFirst().length()];
        for (int i = 0; i < components.size(); i++) {
            SecretBytes component = components.get(i);
            if (component.length() != key.length) {
                throw refused("the components of a key are as long as the key, all of them");
            }
            if (components.subList(0, i).contains(component)) {
                throw refused("two components are the same, so that they cancel out; each custodian has another");
            }
            for (int at = 0; at < key.length; at++) {
                key[at] ^= component.reveal()[at];
            }
        }
        return SecretBytes.owning(key);
    }

    private static Refusal refused(String reason) {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, reason);
    }
}
