package cardsecure.vault;

import cardsecure.site.Site;
import java.util.Optional;

/// How far a request came before it was refused, for the log. For the request's own thread.
final class Progress {
    Optional<Site> site = Optional.empty();
    Optional<Action> action = Optional.empty();

    String siteName() {
        return site.map(Site::name).orElse("-");
    }

    String actionName() {
        return action.map(Action::name).orElse("-");
    }
}
