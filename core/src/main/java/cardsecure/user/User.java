package cardsecure.user;

import cardsecure.site.Right;
import cardsecure.site.SiteId;
import java.util.Set;
import java.util.regex.Pattern;

/// Somebody who may do more at a site than those without credentials.
///
/// @param site whose user it is; the same name at another site is another user
/// @param name 1 to 64 letters, digits and `. _ @ -`, case counts
/// @param login how it proves who it is
/// @param rights what it may do besides what everybody may
public record User(SiteId site, String name, Login login, Set<Right> rights) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    /// Keeps a copy.
    ///
    /// @throws IllegalArgumentException for a name that cannot be
    public User {
        requireName(name);
        rights = Set.copyOf(rights);
    }

    /// Checks a name.
    ///
    /// @throws IllegalArgumentException for one that cannot be
    public static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a user's name has 1 to 64 letters, digits, dots, hyphens, underscores and @, and begins with a"
                            + " letter or a digit");
        }
    }

    /// The user with another login.
    public User withLogin(Login newLogin) {
        return new User(site, name, newLogin, rights);
    }

    /// The user with other rights.
    public User withRights(Set<Right> newRights) {
        return new User(site, name, login, newRights);
    }
}
