package cardsecure.admin;

import cardsecure.audit.AuditLog;
import cardsecure.secret.SecretBytes;
import cardsecure.signing.RequestSigner;
import cardsecure.signing.SigningKeys;
import cardsecure.signing.SigningKeys.Which;
import cardsecure.site.Site;
import cardsecure.store.StoreException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/// What administrators can do with the keys that sites sign with, and the record of what they did. Safe for
/// threads.
final class SigningCommands {
    private final SigningKeys keys;
    private final AuditLog audit;
    private final SecureRandom random;

    SigningCommands(SigningKeys keys, AuditLog audit, SecureRandom random) {
        this.keys = keys;
        this.audit = audit;
        this.random = random;
    }

    /// The key leaves the server here, and never again.
    AdminReply.Answer newKey(Site site, boolean keepOld, String administrator) throws StoreException {
        byte[] drawn = new byte[RequestSigner.KEY_LENGTH];
        random.nextBytes(drawn);
        SecretBytes key = SecretBytes.owning(drawn);
        boolean overlaps = keepOld && !keys.of(site.id()).isEmpty();
        AuditedChange change = new AuditedChange(audit, "site signing new-key", site.name(), administrator);
        try {
            keys.renew(site.id(), key, keepOld);
        } catch (StoreException e) {
            throw change.unknown(e);
        }
        String before = overlaps ? "the one before counts on" : "no other counts";
        change.record("a new key, " + before);
        List<String> lines = new ArrayList<>();
        lines.add("this is the key of " + site.name() + ", in hex; it is not shown again; " + before);
        if (overlaps) {
            lines.add("`cardsecure site signing drop-old " + site.name() + "` ends that");
        }
        if (!site.signing().on()) {
            lines.add("signing is off: `cardsecure site signing on " + site.name() + "` turns it on");
        }
        return new AdminReply.NewKey(key, lines);
    }

    AdminReply.Answer drop(Site site, Which which, String administrator) throws StoreException {
        String verb = switch (which) {
            case OLD -> "site signing drop-old";
            case NEW -> "site signing drop-new";
        };
        AuditedChange change = new AuditedChange(audit, verb, site.name(), administrator);
        boolean dropped;
        try {
            dropped = keys.drop(site.id(), which);
        } catch (StoreException e) {
            throw change.unknown(e);
        }
        if (!dropped) {
            return new AdminReply.Done(List.of("nothing to change: no two keys of " + site.name() + " count"));
        }
        return switch (which) {
            case OLD -> {
                change.record("the key before the newest counts no more");
                yield new AdminReply.Done(List.of("the key of " + site.name() + " before its newest counts no more"));
            }
            case NEW -> {
                change.record("the newest key counts no more, the one before it does");
                yield new AdminReply.Done(
                        List.of("the newest key of " + site.name() + " counts no more, the one before it does"));
            }
        };
    }

    List<String> warnings(Site before, Site after) {
        return after.signing().on()
                        && !before.signing().on()
                        && keys.of(after.id()).isEmpty()
                ? List.of("warning: " + after.name() + " has no key, so that every request is refused until"
                        + " `cardsecure site signing new-key " + after.name() + "`")
                : List.of();
    }
}
