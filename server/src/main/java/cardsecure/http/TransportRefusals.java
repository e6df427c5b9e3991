package cardsecure.http;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.AuditLog;
import cardsecure.audit.ErrorIds;
import io.helidon.http.Status;
import java.util.Optional;

/// Tells the log of requests that never came as far as the vault.
record TransportRefusals(AuditLog audit, ErrorIds errorIds) {
    private static final String UNKNOWN = "-";

    /// Records a refusal.
    ///
    /// @param address of the caller
    /// @return the error id, for the reply
    String refused(Status status, String address) {
        String errorId = errorIds.next();
        audit.record(new AuditEvent.Refused(
                errorId, status.codeText(), UNKNOWN, UNKNOWN, address, status.reasonPhrase(), Optional.empty()));
        return errorId;
    }

    /// Records a refusal of a caller whose address the web server does not tell.
    String refused(Status status) {
        return refused(status, UNKNOWN);
    }
}
