package cardsecure.socket;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.AuditLog;
import cardsecure.audit.ErrorIds;
import cardsecure.error.ErrorCode;
import cardsecure.vault.Reply;
import java.net.InetAddress;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What a front refuses by itself: it tells the log as the vault does.
public record SocketRefusals(AuditLog audit, ErrorIds errorIds) {
    private static final String UNKNOWN = "-";

    static SocketRefusals to(AuditLog audit) {
        return new SocketRefusals(audit, new ErrorIds(RandomGenerator.of("L64X128MixRandom")));
    }

    /// A peer that the listener does not allow.
    Reply unauthorizedHost(InetAddress address) {
        return refused(ErrorCode.UNAUTHORIZED_HOST, address, "the listener does not allow the address");
    }

    /// An answer that no frame can hold.
    Reply tooLong(InetAddress address) {
        return refused(ErrorCode.BUFFER_TOO_SHORT, address, "the answer does not fit into a frame");
    }

    /// Tells the log of something that never came as far as the vault.
    ///
    /// @param reason without a caller's text
    public Reply refused(ErrorCode code, InetAddress address, String reason) {
        String errorId = errorIds.next();
        audit.record(new AuditEvent.Refused(
                errorId, code.digits(), UNKNOWN, UNKNOWN, address.getHostAddress(), reason, Optional.empty()));
        return new Reply.Refused(code, errorId);
    }
}
