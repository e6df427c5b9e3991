package cardsecure.vault;

import cardsecure.site.Site;
import cardsecure.user.User;
import java.util.Optional;

/// A caller that was let in.
///
/// @param once what is to be remembered of its request
record Guest(Site site, Caller caller, Optional<User> user, UnspentMark once) {
    String userName() {
        return user.map(User::name).orElse("-");
    }
}
