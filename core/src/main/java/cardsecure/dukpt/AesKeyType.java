package cardsecure.dukpt;

/// What a key that AES DUKPT derives is of (ANSI X9.24-3:2017, table 3), as far as keys of data are.
public enum AesKeyType {
    /// AES with 128 bits.
    AES_128(2, 16),
    /// AES with 192 bits.
    AES_192(3, 24),
    /// AES with 256 bits.
    AES_256(4, 32);

    private final int code;
    private final int length;

    AesKeyType(int code, int length) {
        this.code = code;
        this.length = length;
    }

    /// Two bytes of the derivation data.
    int code() {
        return code;
    }

    /// Bytes of a key.
    public int length() {
        return length;
    }

    /// Whether a key of AES of so many bytes may make one of these: it must not be the weaker one (X9.24-3:2017, 6.3).
    boolean isMadeBy(int length) {
        return this.length <= length;
    }

    /// The type of base, initial and transaction keys.
    static AesKeyType of(BaseKeyAlgorithm algorithm) {
        return switch (algorithm) {
            case TDES -> throw new IllegalArgumentException("a key of triple DES makes none of AES DUKPT");
            case AES_128 -> AES_128;
            case AES_192 -> AES_192;
            case AES_256 -> AES_256;
        };
    }
}
