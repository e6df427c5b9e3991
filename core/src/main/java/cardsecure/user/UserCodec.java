package cardsecure.user;

import cardsecure.site.Right;
import cardsecure.site.SiteId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The users of a site as bytes, for the store: a line with the version, then one a user, `NAME RIGHTS LOGIN VALUE`,
/// UTF-8.
final class UserCodec {
    private static final String VERSION = "users 1";
    private static final String NONE = "-";
    private static final String PASSWORD = "password";
    private static final String CERTIFICATE = "certificate";
    private static final String SUBJECT = "subject";

    private UserCodec() {}

    static byte[] encode(List<User> users) {
        StringBuilder lines = new StringBuilder(VERSION).append('\n');
        for (User user : users) {
            String rights = Right.labels(user.rights());
            lines.append(user.name())
                    .append(' ')
                    .append(rights.isEmpty() ? NONE : rights)
                    .append(' ')
                    .append(
                            switch (user.login()) {
                                case Login.Password(PasswordHash hash) -> PASSWORD + " " + hash.phc();
                                case Login.Certificate(String sha256) -> CERTIFICATE + " " + sha256;
                                case Login.Subject(String name) -> SUBJECT + " " + name;
                            })
                    .append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// @throws IllegalArgumentException for bytes that [#encode] did not make
    static List<User> decode(SiteId site, byte[] bytes) {
        List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        if (lines.isEmpty() || !lines.getFirst().equals(VERSION)) {
            throw new IllegalArgumentException("these are no users, or a later version's");
        }
        List<User> users = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] parts = line.split(" ", 4);
            if (parts.length < 4) {
                throw new IllegalArgumentException("a user's line has four parts");
            }
            Set<Right> rights = parts[1].equals(NONE) ? Set.of() : Right.parse(parts[1]);
            users.add(new User(site, parts[0], login(parts[2], parts[3]), rights));
        }
        return users;
    }

    private static Login login(String kind, String value) {
        return switch (kind) {
            case PASSWORD -> new Login.Password(PasswordHash.parse(value));
            case CERTIFICATE -> new Login.Certificate(value);
            case SUBJECT -> new Login.Subject(value);
            default -> throw new IllegalArgumentException("a login of a later version");
        };
    }
}
