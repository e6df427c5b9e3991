package cardsecure.rfc;

import java.util.Optional;

/// What an APPC frame is for: the second byte of its header.
public enum AppcFunction {
    /// An external client begins a conversation.
    INITIALIZE(0x01),
    /// An external client wants the conversation to be with a program.
    ALLOCATE(0x05),
    /// A part of a large message, to be acknowledged.
    SEND_DATA(0x07),
    /// A part of a large message.
    ASEND_DATA(0x08),
    /// The last part of a large message.
    RECEIVE(0x09),
    /// The client ends the conversation.
    DEALLOCATE(0x0b),
    /// An external client says where the partner is. Nobody answers.
    SET_PARTNER_LU_NAME(0x0f),
    /// An ABAP system begins a conversation.
    SAP_INIT(0xca),
    /// A message, whole.
    SAP_SEND(0xcb);

    private final int code;

    AppcFunction(int code) {
        this.code = code;
    }

    /// The byte.
    public int code() {
        return code;
    }

    /// The function of a byte, if it is known here.
    public static Optional<AppcFunction> of(int code) {
        for (AppcFunction each : values()) {
            if (each.code == code) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
