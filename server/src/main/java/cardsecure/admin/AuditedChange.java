package cardsecure.admin;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.AuditLog;
import cardsecure.error.Refusal;
import cardsecure.store.StoreException;

/// One change on its way to the audit. The name is one that the directory has accepted by the time it is recorded.
final class AuditedChange {
    private final AuditLog audit;
    private final String head;

    /// @param verb such as `site add`
    /// @param name what is changed
    /// @param user who does it
    AuditedChange(AuditLog audit, String verb, String name, String user) {
        this.audit = audit;
        this.head = verb + " " + name + " by " + user + ": ";
    }

    void record(String what) {
        audit.record(new AuditEvent.Administered(head + what));
    }

    /// That nothing was changed, and by which rule.
    Refusal refused(Refusal refusal) {
        record("refused: " + refusal.reason().split("; ", 2)[0]);
        return refusal;
    }

    StoreException unknown(StoreException failure) {
        record("the store failed, it may be done or not");
        return failure;
    }
}
