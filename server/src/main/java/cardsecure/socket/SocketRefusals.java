package cardsecure.socket;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.AuditLog;
import cardsecure.audit.ErrorIds;
import cardsecure.error.ErrorCode;
import cardsecure.vault.Reply;
import java.net.InetAddress;
import java.util.Optional;

/// What the front refuses by itself: it tells the log as the vault does.
record SocketRefusals(AuditLog audit, ErrorIds errorIds) {
    private static final String UNKNOWN = "-";

    /// A peer that the listener does not allow.
    Reply unauthorizedHost(InetAddress address) {
        return refused(ErrorCode.UNAUTHORIZED_HOST, address, "the listener does not allow the address");
    }

    /// An answer that no frame can hold.
    Reply tooLong(InetAddress address) {
        return refused(ErrorCode.BUFFER_TOO_SHORT, address, "the answer does not fit into a frame");
    }

    private Reply refused(ErrorCode code, InetAddress address, String reason) {
        String errorId = errorIds.next();
        audit.record(new AuditEvent.Refused(
                errorId, code.digits(), UNKNOWN, UNKNOWN, address.getHostAddress(), reason, Optional.empty()));
        return new Reply.Refused(code, errorId);
    }
}
