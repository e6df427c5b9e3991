package cardsecure.rfc;

/// The tags of fields, as numbers: most of those that real systems send mean nothing here.
final class Tag {
    static final int CALLER_DESTINATION = 0x0006;
    static final int CALLER_ADDRESS = 0x0007;
    static final int PARTNER = 0x0008;
    static final int RELEASE = 0x000b;
    static final int CONNECTION_TYPE = 0x0011;
    static final int RELEASE_OF_CALLER = 0x0012;
    static final int RELEASE_OF_KERNEL = 0x0013;
    static final int CODE_PAGE = 0x0016;
    static final int PARTNER_ADDRESS = 0x0018;
    static final int CONTEXT = 0x0101;
    static final int FUNCTION = 0x0102;
    static final int PROTOCOL_VERSION = 0x0103;
    static final int CAPABILITIES = 0x0106;
    static final int USER = 0x0111;
    static final int PASSWORD = 0x0117;
    static final int PROGRAM = 0x0130;
    static final int LOGON_STATUS = 0x0161;
    static final int PARAMETER_NAME = 0x0201;
    static final int PARAMETER_VALUE = 0x0203;
    static final int OUTPUT_NAME = 0x0205;
    static final int TABLE_NAME = 0x0301;
    static final int TABLE_SIZE = 0x0302;
    static final int TABLE_ROW = 0x0303;
    static final int EXCEPTION = 0x0401;
    static final int MESSAGE_TEXT = 0x0402;
    static final int MESSAGE_NUMBER = 0x0417;
    static final int RETURN_CODE = 0x0420;
    static final int RESPONSE = 0x0500;
    static final int CALL = 0x0502;
    static final int RESPONSE_CONTEXT = 0x0503;
    static final int PARAMETERS = 0x0512;
    static final int DURATION = 0x0667;
    static final int DEEP_VALUE = 0x3c05;
    static final int FAST_SERIALIZER = 0x5001;
    static final int END = 0xffff;

    private Tag() {}
}
