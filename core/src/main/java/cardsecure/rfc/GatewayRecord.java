package cardsecure.rfc;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.nio.charset.StandardCharsets;

/// What a client tells the gateway first, 64 bytes:
///
/// ```
/// 0 version 02 | 1 type | 2 IPv4 | 6 - | 10 service | 20 code page | 24 - | 29 level | 30 host | 38 program
/// 46 conversation | 54 APPC version 06 | 55 accepts | 56 FFFF | 58 return code | 62 -
/// ```
///
/// Immutable. Its bytes are kept as they came, because the answer gives most of them back.
public final class GatewayRecord {
    /// Bytes.
    public static final int LENGTH = 64;

    private static final int VERSION = 2;
    private static final int NORMAL_CLIENT = 3;
    private static final int APPC_VERSION = 6;
    /// Clients of this level want the server's code page in the answer; ABAP systems get theirs back.
    private static final int LEVEL_SDK = 6;

    private static final int LEVEL_OURS = 0x0f;
    private static final int ACCEPTS_OURS = 0x30;
    private static final int AT_TYPE = 1;
    private static final int AT_CODE_PAGE = 20;
    private static final int AT_LEVEL = 29;
    private static final int AT_APPC_VERSION = 54;
    private static final int AT_ACCEPTS = 55;

    private final byte[] bytes;

    private GatewayRecord(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Whether a message is such a record, or wants to be: no other one is so short.
    public static boolean isOne(byte[] message) {
        return message.length == LENGTH && message[0] == VERSION;
    }

    /// The record of a message.
    ///
    /// @throws Refusal `0039` for another length, `0003` for a version that is not spoken here, `0007` for one
    ///     that wants something else than to call, such as to register a program
    public static GatewayRecord decode(byte[] message) {
        if (message.length != LENGTH) {
            throw new Refusal(ErrorCode.WRONG_MESSAGE_LENGTH, "a gateway record of " + message.length + " bytes");
        }
        if (message[0] != VERSION || message[AT_APPC_VERSION] != APPC_VERSION) {
            throw new Refusal(
                    ErrorCode.WRONG_VERSION_NUMBER,
                    "a gateway record of version " + message[0] + ", with APPC " + message[AT_APPC_VERSION]);
        }
        if (message[AT_TYPE] != NORMAL_CLIENT) {
            throw new Refusal(
                    ErrorCode.INVALID_ACTION,
                    "a gateway record of type " + message[AT_TYPE] + ": this is no gateway to register at");
        }
        return new GatewayRecord(message.clone());
    }

    /// What the client's gateway can do: 6 in SDKs, 14 in ABAP systems.
    public int level() {
        return bytes[AT_LEVEL] & 0xff;
    }

    /// The answer's bytes.
    public byte[] answer() {
        byte[] answer = bytes.clone();
        if (level() == LEVEL_SDK) {
            byte[] page = CodePage.UTF16_LE.digits().getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(page, 0, answer, AT_CODE_PAGE, page.length);
        }
        answer[AT_LEVEL] = LEVEL_OURS;
        answer[AT_ACCEPTS] |= ACCEPTS_OURS;
        return answer;
    }
}
