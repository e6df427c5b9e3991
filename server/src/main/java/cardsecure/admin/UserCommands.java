package cardsecure.admin;

import cardsecure.audit.AuditLog;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.site.Right;
import cardsecure.site.Site;
import cardsecure.store.StoreException;
import cardsecure.user.Login;
import cardsecure.user.NewPassword;
import cardsecure.user.PasswordHash;
import cardsecure.user.PasswordHasher;
import cardsecure.user.User;
import cardsecure.user.UserDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// What administrators can do with users, and the record of what they did. Safe for threads.
final class UserCommands {
    private static final String HINT = "; `cardsecure user add --help` says how users are made";

    private final UserDirectory users;
    private final AuditLog audit;
    private final PasswordHasher hasher;

    UserCommands(UserDirectory users, AuditLog audit, PasswordHasher hasher) {
        this.users = users;
        this.audit = audit;
        this.hasher = hasher;
    }

    AdminReply.Answer list(List<Site> sites) {
        return new AdminReply.Users(sites.stream()
                .flatMap(site -> users.all(site.id()).stream().map(user -> UserView.of(site.name(), user)))
                .toList());
    }

    AdminReply.Answer add(Site site, AdminRequest.UserAdd request, String administrator) throws StoreException {
        String name = checked(request.name());
        User user = new User(site.id(), name, login(request.login()), rights(request.rights()));
        AuditedChange change = change("user add", site, name, administrator);
        try {
            users.add(user);
        } catch (StoreException e) {
            throw change.unknown(e);
        }
        String what = "rights " + shown(user.rights()) + ", login " + UserView.shown(user.login());
        change.record(what);
        List<String> lines = new ArrayList<>(List.of("user " + name + " of " + site.name() + " added: " + what));
        lines.addAll(warnings(site, name, Set.of(), user.rights()));
        return new AdminReply.Done(lines);
    }

    AdminReply.Answer set(Site site, AdminRequest.UserSet request, String administrator) throws StoreException {
        String name = checked(request.name());
        Optional<Login> login = request.login().map(this::login);
        Optional<Set<Right>> rights = request.rights().map(UserCommands::rights);
        UnaryOperator<User> apply = user -> {
            User changed = login.map(user::withLogin).orElse(user);
            return rights.map(changed::withRights).orElse(changed);
        };
        AuditedChange change = change("user set", site, name, administrator);
        User before;
        try {
            before = users.change(site.id(), name, apply);
        } catch (StoreException e) {
            throw change.unknown(e);
        }
        User after = apply.apply(before);
        List<String> changes = changes(before, after);
        if (changes.isEmpty()) {
            return new AdminReply.Done(List.of("nothing to change"));
        }
        change.record(String.join("; ", changes));
        List<String> lines = new ArrayList<>(changes);
        lines.addAll(warnings(site, name, before.rights(), after.rights()));
        return new AdminReply.Done(lines);
    }

    private static List<String> changes(User before, User after) {
        List<String> changes = new ArrayList<>();
        if (!before.rights().equals(after.rights())) {
            changes.add("rights: " + shown(before.rights()) + " -> " + shown(after.rights()));
        }
        if (!before.login().equals(after.login())) {
            String now = after.login() instanceof Login.Password ? "a new password" : UserView.shown(after.login());
            changes.add("login: " + UserView.shown(before.login()) + " -> " + now);
        }
        return changes;
    }

    AdminReply.Answer remove(Site site, String name, String administrator) throws StoreException {
        AuditedChange change = change("user remove", site, checked(name), administrator);
        try {
            users.remove(site.id(), name);
        } catch (StoreException e) {
            throw change.unknown(e);
        }
        change.record("removed");
        return new AdminReply.Done(List.of("user " + name + " of " + site.name() + " removed"));
    }

    private Login login(AdminRequest.NewLogin login) {
        try {
            return switch (login) {
                case AdminRequest.NewLogin.Password(SecretBytes password) -> {
                    NewPassword.require(password);
                    PasswordHash hash = hasher.hash(password);
                    password.destroy();
                    yield new Login.Password(hash);
                }
                case AdminRequest.NewLogin.Certificate(String sha256) -> new Login.Certificate(sha256);
                case AdminRequest.NewLogin.Subject(String name) -> new Login.Subject(name);
            };
        } catch (IllegalArgumentException e) {
            throw wrong(e);
        }
    }

    private static Set<Right> rights(String labels) {
        try {
            return Right.parse(labels);
        } catch (IllegalArgumentException e) {
            throw wrong(e);
        }
    }

    private static String checked(String name) {
        try {
            User.requireName(name);
            return name;
        } catch (IllegalArgumentException e) {
            throw wrong(e);
        }
    }

    private static Refusal wrong(IllegalArgumentException rule) {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, rule.getMessage() + HINT);
    }

    private static List<String> warnings(Site site, String name, Set<Right> before, Set<Right> after) {
        return after.contains(Right.DECRYPT) && !before.contains(Right.DECRYPT)
                ? List.of("warning: " + name + " can now turn the tokens of " + site.name()
                        + " back into clear data, over loopback or TLS")
                : List.of();
    }

    private static String shown(Set<Right> rights) {
        return rights.isEmpty() ? "(none)" : Right.labels(rights);
    }

    private AuditedChange change(String verb, Site site, String name, String administrator) {
        return new AuditedChange(audit, verb, site.name() + "/" + name, administrator);
    }
}
