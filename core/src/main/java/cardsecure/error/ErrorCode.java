package cardsecure.error;

/// The errors of the protocol, with the texts that the real service sends (`docs/errors.md` says what raises each).
/// A name here may change; a number and its text may not.
public enum ErrorCode {
    NO_ERROR(0, "No error"),
    WRONG_VERSION_NUMBER(3, "Wrong version number"),
    INVALID_ACTION(7, "Invalid action"),
    NOT_DECIMAL_DIGITS(8, "Data not decimal digits"),
    KEY_ID_NOT_FOUND(12, "Key ID not found"),
    DATA_TOO_LONG(13, "Data too long"),
    DATA_EMPTY(14, "Data empty"),
    UNKNOWN_ALGORITHM(16, "Unknown algorithm"),
    ENCRYPTION_FAILURE(17, "Encryption failure"),
    BASE64_DECODE_FAILURE(19, "Base 64 decode failure"),
    CRYPTO_DATA_WRONG_LENGTH(20, "Crypto data wrong length"),
    DATA_TOO_SHORT(21, "Data too short"),
    CCN_WRONG_LENGTH(22, "CCN wrong length on decryption"),
    DECRYPTION_FAILURE(24, "Decryption failure"),
    BAD_PADDING(25, "Bad PKCS 5 padding"),
    BAD_LENGTH_FIELD(26, "Bad decrypted length field"),
    KEYSTORE_NOT_INITIALIZED(27, "Keystore not initialized"),
    APPLICATION_NOT_INITIALIZED(33, "Application not initialized"),
    BUFFER_TOO_SHORT(35, "Buffer too short"),
    ILLEGAL_CHARACTERS(38, "Illegal characters"),
    WRONG_MESSAGE_LENGTH(39, "Wrong message length"),
    SERVER_FAILED(43, "Server failed"),
    CONFIG_ITEM_BAD(44, "Config item bad"),
    TOKEN_DATABASE_PROBLEM(46, "Token database problem"),
    UNAUTHORIZED_HOST(47, "Unauthorized host"),
    TOKEN_PURGED(48, "Token purged"),
    DATA_NOT_FOUND(49, "Data not found"),
    FINGERPRINT_FAILURE(50, "Error hashing the value"),
    TOKEN_OR_DATA_DUPLICATE(53, "Token or data duplicate"),
    LUHN_FAILED(54, "Card number check (Luhn formula) failed"),
    UNKNOWN_SITE(55, "Missing or unknown site name"),
    TOKEN_FORMAT_BAD(56, "Token format bad"),
    SIGNATURE_INVALID(57, "Request signature invalid"),
    SIGNATURE_EXPIRED(58, "Request signature timestamp expired"),
    SIGNATURE_MISMATCH(59, "Request signature mismatch"),
    SIGNATURE_FAILURE(60, "Request signature failure"),
    PIN_TRANSLATION_FAILURE(61, "PIN translation failure"),
    KEYSTORE_IMPORT_FAILURE(63, "Keystore import failure"),
    KEYSTORE_USERSTORE_FAILURE(64, "Keystore userstore failure"),
    KEYSTORE_INVALID_PROCESSOR(65, "Keystore invalid processor"),
    UNAUTHORIZED_TERMINAL(66, "Unauthorized terminal"),
    KEYSTORE_ROLLBACK_FAILURE(68, "Keystore rollback failure"),
    UNAUTHORIZED_DECRYPT(71, "Unauthorized decrypt"),
    INVALID_EMV_TAG_DATA(72, "Invalid EMV tag data"),
    EMV_TAG_DATA_EMPTY(73, "EMV tag data empty"),
    MISSING_PARAMETER(74, "Missing required parameter"),
    INVALID_CURVE_TYPE(75, "Invalid elliptic curve type parameter"),
    JSON_SERIALIZATION_ERROR(76, "JSON serialization error"),
    JSON_DESERIALIZATION_ERROR(77, "JSON deserialization error"),
    INVALID_SWIPE_DATA(78, "Invalid swipe data");

    private final int number;
    private final String text;
    private final String wire;

    ErrorCode(int number, String text) {
        this.number = number;
        this.text = text;
        this.wire = String.format("%04d::%s", number, text);
    }

    /// The code's number, 0 to 9999.
    public int number() {
        return number;
    }

    /// The text without the number.
    public String text() {
        return text;
    }

    /// The form that goes over the wire: `NNNN::text`.
    public String wire() {
        return wire;
    }

    /// The four digits alone, as logs write them.
    public String digits() {
        return wire.substring(0, 4);
    }
}
