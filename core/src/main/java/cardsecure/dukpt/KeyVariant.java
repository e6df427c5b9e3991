package cardsecure.dukpt;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Which of a transaction's working keys readers of a key set encrypt tracks with: a thing that vendors decide, and
/// operators have to know. ID TECH's readers take [#DATA_ONE_WAY] unless a frame says otherwise, MagTek's [#PIN].
public enum KeyVariant {
    /// The data key of requests, with the one-way step of X9.24-1:2009.
    DATA_ONE_WAY,
    /// The data key of responses, with the one-way step.
    DATA_ONE_WAY_RESPONSE,
    /// The data key of requests, without the one-way step.
    DATA_PLAIN,
    /// The data key of responses, without the one-way step.
    DATA_PLAIN_RESPONSE,
    /// The PIN key of TDES.
    PIN,
    /// AES DUKPT: a key of 128 bits with which the device encrypts data.
    AES_128_DATA,
    /// AES DUKPT: a key of 192 bits with which the device encrypts data.
    AES_192_DATA,
    /// AES DUKPT: a key of 256 bits with which the device encrypts data.
    AES_256_DATA,
    /// AES DUKPT: a key of 128 bits for data of both ways.
    AES_128_DATA_BOTH,
    /// AES DUKPT: a key of 192 bits for data of both ways.
    AES_192_DATA_BOTH,
    /// AES DUKPT: a key of 256 bits for data of both ways.
    AES_256_DATA_BOTH;

    /// How it is derived.
    sealed interface Kind {
        /// Of triple DES.
        record Tdes(TdesUsage usage) implements Kind {}

        /// Of AES.
        record Aes(AesUsage usage, AesKeyType type) implements Kind {}
    }

    Kind kind() {
        return switch (this) {
            case DATA_ONE_WAY -> new Kind.Tdes(TdesUsage.DATA_REQUEST);
            case DATA_ONE_WAY_RESPONSE -> new Kind.Tdes(TdesUsage.DATA_RESPONSE);
            case DATA_PLAIN -> new Kind.Tdes(TdesUsage.DATA_REQUEST_PLAIN);
            case DATA_PLAIN_RESPONSE -> new Kind.Tdes(TdesUsage.DATA_RESPONSE_PLAIN);
            case PIN -> new Kind.Tdes(TdesUsage.PIN);
            case AES_128_DATA -> new Kind.Aes(AesUsage.DATA_ENCRYPTION, AesKeyType.AES_128);
            case AES_192_DATA -> new Kind.Aes(AesUsage.DATA_ENCRYPTION, AesKeyType.AES_192);
            case AES_256_DATA -> new Kind.Aes(AesUsage.DATA_ENCRYPTION, AesKeyType.AES_256);
            case AES_128_DATA_BOTH -> new Kind.Aes(AesUsage.DATA_BOTH, AesKeyType.AES_128);
            case AES_192_DATA_BOTH -> new Kind.Aes(AesUsage.DATA_BOTH, AesKeyType.AES_192);
            case AES_256_DATA_BOTH -> new Kind.Aes(AesUsage.DATA_BOTH, AesKeyType.AES_256);
        };
    }

    /// Which derivation it belongs to.
    public Scheme scheme() {
        return switch (kind()) {
            case Kind.Tdes _ -> Scheme.TDES;
            case Kind.Aes _ -> Scheme.AES;
        };
    }

    /// Whether keys of an algorithm have it: its scheme's, and with AES none that is longer than the base key.
    public boolean isOf(BaseKeyAlgorithm algorithm) {
        return switch (kind()) {
            case Kind.Tdes _ -> algorithm.scheme() == Scheme.TDES;
            case Kind.Aes(AesUsage _, AesKeyType type) ->
                algorithm.scheme() == Scheme.AES && type.isMadeBy(algorithm.length());
        };
    }

    /// What readers take unless their vendor says otherwise.
    public static KeyVariant usual(BaseKeyAlgorithm algorithm) {
        return switch (algorithm) {
            case TDES -> DATA_ONE_WAY;
            case AES_128, AES_192, AES_256 -> AES_128_DATA;
        };
    }

    /// As commands write it: `data-one-way`.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The variant of a label, if it is one's.
    public static Optional<KeyVariant> of(String label) {
        return Arrays.stream(values())
                .filter(variant -> variant.label().equals(label))
                .findFirst();
    }
}
