package cardsecure.rfc;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// The 80 bytes at the begin of each frame after the gateway record:
///
/// ```
/// 0 version 06 | 1 function | 2 protocol | 3 mode | 4 uid | 6 gateway | 8 error length | 10 info2 | 11 trace
/// 12 time | 16 info3 | 17 timeout | 21 info4 | 22 sequence | 26 SAP parameters | 28 - | 30 info | 31 vector
/// 32 APPC rc | 36 SAP rc | 40 conversation | 48 operation, 28 bytes | 76 communication | 78 connection
/// ```
///
/// Immutable. The bytes of a request's header are kept as they came, because answers give some of them back.
public final class AppcHeader {
    /// Bytes.
    public static final int LENGTH = 80;

    /// Bytes of what follows the header of a frame that begins a conversation, at least.
    public static final int PARAMETERS_LENGTH = 373;

    static final int VERSION = 6;
    private static final int AT_UID = 4;
    private static final int AT_INFO3 = 16;
    private static final int AT_INFO4 = 21;
    private static final int AT_PADDING = 28;
    private static final int AT_INFO = 30;
    private static final int AT_VECTOR = 31;
    private static final int AT_APPC_RC = 32;
    private static final int AT_CONVERSATION = 40;
    private static final int CONVERSATION_LENGTH = 8;
    private static final int AT_OPERATION = 48;
    private static final int AT_CODE_PAGE = 69;
    private static final int AT_COMMUNICATION = 76;
    private static final int AT_CONNECTION = 78;

    /// Root id, connection id and its suffix, one after the other.
    private static final int AT_IDS = 122;

    private static final int IDS_LENGTH = 36;
    private static final int ACCEPT_TRAILER_LENGTH = 9 + IDS_LENGTH;
    private static final int DEALLOCATED_NORMAL = 18;
    private static final int CLIENT_CAPACITY = 28_000;

    private final byte[] bytes;

    private AppcHeader(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The header of a frame.
    ///
    /// @throws Refusal `0039` if it is shorter, or shorter than a frame of its function is; `0003` for another
    ///     version
    public static AppcHeader decode(byte[] message) {
        if (message.length < LENGTH) {
            throw new Refusal(ErrorCode.WRONG_MESSAGE_LENGTH, "a frame of " + message.length + " bytes has no header");
        }
        if (message[0] != VERSION) {
            throw new Refusal(ErrorCode.WRONG_VERSION_NUMBER, "a frame of version " + message[0]);
        }
        AppcHeader header = new AppcHeader(Arrays.copyOf(message, LENGTH));
        if (header.begins() && message.length < LENGTH + PARAMETERS_LENGTH) {
            throw new Refusal(
                    ErrorCode.WRONG_MESSAGE_LENGTH,
                    "a frame of " + message.length + " bytes cannot begin a conversation");
        }
        return header;
    }

    private boolean begins() {
        return function()
                .filter(function -> function == AppcFunction.SAP_INIT || function == AppcFunction.INITIALIZE)
                .isPresent();
    }

    /// What the frame is for, if that is known here.
    public Optional<AppcFunction> function() {
        return AppcFunction.of(bytes[1] & 0xff);
    }

    /// The function's byte in hexadecimal, for the log.
    public String functionCode() {
        return HexFormat.of().toHexDigits(bytes[1]);
    }

    /// The conversation that it belongs to, 8 characters.
    public String conversation() {
        return new String(bytes, AT_CONVERSATION, CONVERSATION_LENGTH, StandardCharsets.ISO_8859_1);
    }

    /// Whether the frame that begins a conversation names a program anywhere in its parameters: sources do not
    /// agree on the place.
    public static boolean mentions(byte[] message, String program) {
        return new String(message, StandardCharsets.ISO_8859_1).indexOf(program, LENGTH) >= 0;
    }

    /// The frame that accepts a conversation of an ABAP system; this is its [AppcFunction#SAP_INIT].
    ///
    /// @param message the whole frame
    /// @param conversation 8 digits
    public byte[] accept(byte[] message, String conversation) {
        byte[] answer = new byte[LENGTH + ACCEPT_TRAILER_LENGTH];
        answer[0] = VERSION;
        answer[1] = (byte) AppcFunction.SAP_INIT.code();
        answer[2] = 7;
        System.arraycopy(bytes, AT_UID, answer, AT_UID, 2);
        answer[AT_INFO3] = (byte) 0x80;
        answer[AT_INFO4] = 2;
        System.arraycopy(bytes, AT_PADDING, answer, AT_PADDING, 2);
        answer[AT_INFO] = 1;
        conclude(answer, conversation, 6, 1);
        answer[LENGTH] = 1;
        System.arraycopy(message, AT_IDS, answer, LENGTH + 9, IDS_LENGTH);
        return answer;
    }

    /// The frame that begins a conversation with an external client; this is its [AppcFunction#INITIALIZE].
    ///
    /// @param conversation 8 digits
    public byte[] initialized(String conversation) {
        byte[] answer = bytes.clone();
        answer[AT_INFO4] |= 2;
        conclude(answer, conversation, 0, 6);
        return answer;
    }

    /// The frame that gives an external client its program; this is its [AppcFunction#ALLOCATE].
    ///
    /// @param conversation 8 digits
    public byte[] allocated(String conversation) {
        byte[] answer = new byte[LENGTH];
        answer[0] = VERSION;
        answer[1] = (byte) AppcFunction.ALLOCATE.code();
        answer[2] = 2;
        System.arraycopy(bytes, AT_UID, answer, AT_UID, 2);
        answer[AT_INFO3] = 1;
        answer[AT_INFO4] = 2;
        answer[AT_INFO] = 1;
        put(answer, AT_CODE_PAGE, CodePage.UTF16_LE.digits());
        conclude(answer, conversation, 0, 6);
        return answer;
    }

    /// The frame with an answer to a message; this is its [AppcFunction#SAP_SEND].
    ///
    /// @param conversation 8 digits
    /// @param data what follows the header
    public byte[] answered(Door door, String conversation, byte[] data) {
        byte[] answer = Arrays.copyOf(bytes(door, data.length), LENGTH + data.length);
        System.arraycopy(bytes, AT_UID, answer, AT_UID, 2);
        switch (door) {
            case REGISTERED_PROGRAM -> {
                System.arraycopy(bytes, AT_PADDING, answer, AT_PADDING, 2);
                conclude(answer, conversation, 6, 1);
            }
            case EXTERNAL_CLIENT -> conclude(answer, conversation, 0, 6);
        }
        System.arraycopy(data, 0, answer, LENGTH, data.length);
        return answer;
    }

    private static byte[] bytes(Door door, int dataLength) {
        byte[] header = new byte[LENGTH];
        header[0] = VERSION;
        header[1] = (byte) AppcFunction.SAP_SEND.code();
        header[AT_INFO3] = 1;
        header[AT_INFO4] = 2;
        put(header, AT_OPERATION + 4, 2);
        put(header, AT_OPERATION + 8, dataLength);
        switch (door) {
            case REGISTERED_PROGRAM -> {
                header[2] = 7;
                header[AT_INFO] = 1;
                header[AT_VECTOR] = 8;
                // The conversation is over with the answer; the next call begins another one.
                put(header, AT_APPC_RC, DEALLOCATED_NORMAL);
                put(header, AT_OPERATION, dataLength);
                put(header, AT_CODE_PAGE, CodePage.SINGLE_BYTE.digits());
            }
            case EXTERNAL_CLIENT -> {
                header[2] = 2;
                put(header, 12, 0x10000);
                put(header, 17, 500);
                put(header, 22, 1);
                header[27] = 8;
                header[AT_INFO] = 5;
                header[AT_VECTOR] = 0x0c;
                put(header, AT_OPERATION, CLIENT_CAPACITY);
                put(header, AT_OPERATION + 12, 1);
                put(header, AT_CODE_PAGE, CodePage.UTF16_LE.digits());
            }
        }
        return header;
    }

    private static void conclude(byte[] answer, String conversation, int communication, int connection) {
        if (conversation.length() != CONVERSATION_LENGTH) {
            throw new IllegalArgumentException("a conversation has 8 digits");
        }
        put(answer, AT_CONVERSATION, conversation);
        answer[AT_COMMUNICATION] = 0;
        answer[AT_COMMUNICATION + 1] = (byte) communication;
        answer[AT_CONNECTION] = 0;
        answer[AT_CONNECTION + 1] = (byte) connection;
    }

    private static void put(byte[] target, int at, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            target[at + i] = (byte) (value >> (Byte.SIZE * (Integer.BYTES - 1 - i)));
        }
    }

    private static void put(byte[] target, int at, String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, target, at, ascii.length);
    }
}
