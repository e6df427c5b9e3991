package cardsecure.dukpt;

/// What a key of AES DUKPT is derived for (ANSI X9.24-3:2017, table 2). Requests and responses have different usages:
/// the names are as the device sees it.
public enum AesUsage {
    /// PIN encryption.
    PIN(0x1000),
    /// The device makes MACs.
    MAC_GENERATION(0x2000),
    /// The device verifies MACs.
    MAC_VERIFICATION(0x2001),
    /// The device does both with one key.
    MAC_BOTH(0x2002),
    /// The device encrypts data.
    DATA_ENCRYPTION(0x3000),
    /// The device decrypts data.
    DATA_DECRYPTION(0x3001),
    /// The device does both with one key.
    DATA_BOTH(0x3002),
    /// A step on the way to a transaction's key.
    KEY_DERIVATION(0x8000),
    /// A device's initial key.
    INITIAL_KEY(0x8001);

    private final int code;

    AesUsage(int code) {
        this.code = code;
    }

    /// Two bytes of the derivation data.
    int code() {
        return code;
    }
}
