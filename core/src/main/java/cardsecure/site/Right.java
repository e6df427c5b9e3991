package cardsecure.site;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a caller may do, by groups of actions.
public enum Right {
    /// CE AE PE SE and whatever else makes a token.
    TOKENIZE,
    /// CV AV PV SV.
    VERIFY,
    /// CP AP PP SP.
    PURGE,
    /// CT.
    BIN,
    /// EC.
    ENCRYPT,
    /// CD AD PD SD DE: clear data come out. Never given by default, and good only over loopback or TLS.
    DECRYPT;

    /// As settings and logs write it, in lower case.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The right of a label, if it is one's.
    public static Optional<Right> of(String label) {
        return Arrays.stream(values())
                .filter(right -> right.label().equals(label))
                .findFirst();
    }
}
