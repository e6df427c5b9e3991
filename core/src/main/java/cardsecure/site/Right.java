package cardsecure.site;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a caller may do, by groups of actions.
public enum Right {
    /// CE AE PE SE, CR AR PR SR and whatever else makes a token.
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
    DECRYPT,
    /// Administration over the network; never everybody's. No action of this version needs it: administrators use the
    /// admin socket.
    ADMIN;

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

    /// The rights of comma-separated labels.
    ///
    /// @throws IllegalArgumentException for a label that is none's
    public static Set<Right> parse(String labels) {
        return parse(labels, EnumSet.allOf(Right.class));
    }

    /// The same.
    ///
    /// @param offered of which the message for a label that is none's tells
    static Set<Right> parse(String labels, Set<Right> offered) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        Arrays.stream(labels.split(","))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .map(label -> of(label)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "a right is one of " + labels(offered).replace(",", ", "))))
                .forEach(rights::add);
        return rights;
    }

    /// The labels of rights as [#parse] reads them, in their usual order.
    public static String labels(Set<Right> rights) {
        return rights.stream().sorted().map(Right::label).collect(Collectors.joining(","));
    }
}
