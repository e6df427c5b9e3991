package cardsecure.admin;

import cardsecure.site.Right;
import cardsecure.user.Login;
import cardsecure.user.User;

/// A user as administrators see it.
///
/// @param login how it proves who it is, without what it proves it with
/// @param rights comma-separated; empty: those that everybody has
public record UserView(String site, String name, String login, String rights) {
    /// The view of a user.
    ///
    /// @param site the site's name
    public static UserView of(String site, User user) {
        return new UserView(site, user.name(), shown(user.login()), Right.labels(user.rights()));
    }

    static String shown(Login login) {
        return switch (login) {
            case Login.Password _ -> "password";
            case Login.Certificate(String sha256) -> "certificate " + sha256;
            case Login.Subject(String name) -> "subject " + name;
        };
    }
}
