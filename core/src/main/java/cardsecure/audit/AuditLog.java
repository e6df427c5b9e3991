package cardsecure.audit;

/// Takes events; safe for threads, and never throws.
@FunctionalInterface
public interface AuditLog {
    /// Keeps or shows an event.
    void record(AuditEvent event);
}
