package cardsecure.dukpt;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a base key is of.
public enum BaseKeyAlgorithm {
    /// Double-length triple DES, for TDES DUKPT.
    TDES(16, Scheme.TDES),
    /// AES with 128 bits, for AES DUKPT, as all below.
    AES_128(16, Scheme.AES),
    /// AES with 192 bits.
    AES_192(24, Scheme.AES),
    /// AES with 256 bits.
    AES_256(32, Scheme.AES);

    private final int length;
    private final Scheme scheme;

    BaseKeyAlgorithm(int length, Scheme scheme) {
        this.length = length;
        this.scheme = scheme;
    }

    /// Bytes of a key.
    public int length() {
        return length;
    }

    /// How keys are derived of it.
    public Scheme scheme() {
        return scheme;
    }

    /// As commands write it: `aes-128`.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The algorithm of a label, if it is one's.
    public static Optional<BaseKeyAlgorithm> of(String label) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.label().equals(label))
                .findFirst();
    }
}
