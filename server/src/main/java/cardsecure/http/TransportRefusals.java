package cardsecure.http;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.AuditLog;
import cardsecure.audit.ErrorIds;
import cardsecure.error.ErrorCode;
import cardsecure.vault.Caller;
import cardsecure.vault.Reply;
import io.helidon.http.Status;
import java.net.InetAddress;
import java.util.Optional;

/// Tells the log of requests that never came as far as the vault.
record TransportRefusals(AuditLog audit, ErrorIds errorIds) {
    private static final String UNKNOWN = "-";

    /// Records a refusal of the transport's.
    ///
    /// @return the error id, for the reply
    String refused(Status status, InetAddress address) {
        return refused(status.codeText(), address, status.reasonPhrase());
    }

    /// Records that a listener does not serve a caller's address.
    Reply.Refused refusedHost(Caller caller) {
        String reason = "the listener does not serve this address";
        String errorId = refused(ErrorCode.UNAUTHORIZED_HOST.digits(), caller.address(), reason);
        return new Reply.Refused(ErrorCode.UNAUTHORIZED_HOST, errorId);
    }

    private String refused(String code, InetAddress address, String reason) {
        String errorId = errorIds.next();
        audit.record(new AuditEvent.Refused(
                errorId, code, UNKNOWN, UNKNOWN, address.getHostAddress(), reason, Optional.empty()));
        return errorId;
    }
}
