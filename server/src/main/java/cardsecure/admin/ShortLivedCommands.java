package cardsecure.admin;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.AuditLog;
import cardsecure.card.Domain;
import cardsecure.secret.SecretBytes;
import cardsecure.site.Site;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.token.Token;
import cardsecure.vault.ShortLivedData;
import java.util.List;
import java.util.Optional;

/// What administrators may do with what swipes and wallets brought: take it, once, as `TD` does.
public final class ShortLivedCommands {
    private static final String HINT = "it is given out once, and gone after the site's retention, or with a purge";

    private final ShortLivedData data;
    private final AuditLog audit;

    /// Takes its parts.
    public ShortLivedCommands(ShortLivedData data, AuditLog audit) {
        this.data = data;
        this.audit = audit;
    }

    /// Destroys what is kept of a site that keeps nothing any more.
    ///
    /// @return what was done, a line if there was anything
    List<String> destroyUnwanted(Site site) throws StoreException {
        int destroyed = site.cardPresent().retention().isZero() ? data.destroyAll(site.id()) : 0;
        return destroyed == 0 ? List.of() : List.of("what was kept beside " + destroyed + " tokens is destroyed");
    }

    /// Gives out what is kept beside a token, and destroys it.
    AdminReply.Answer take(Site site, String text, String user) throws StoreException {
        Optional<Token> token = site.domain(Domain.CARD).token(text);
        if (token.isEmpty()) {
            return new AdminReply.Failed("this is no token of " + site.name(), "a token is such as 9441149619831111");
        }
        Optional<SecretBytes> taken = data.take(new TokenPlace(site.id(), Domain.CARD, token.get()));
        if (taken.isEmpty()) {
            return new AdminReply.Failed("nothing is kept beside this token (any more)", HINT);
        }
        audit.record(new AuditEvent.Revealed(
                "TD", site.name(), "admin", user, token.get().text()));
        return new AdminReply.Taken(taken.get());
    }
}
