package cardsecure.user;

import cardsecure.crypto.SealedPerSite;
import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.StoreException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The users: looked up for requests with credentials, kept sealed in the store, changed by administrators. Those of
/// a site are one setting, so that two nodes cannot add the same name. Safe for threads; look-ups never wait for a
/// change.
public final class UserDirectory {
    private static final String PREFIX = "users/";
    private static final int SITE_MAX = 1000;

    private final SealedPerSite<SiteUsers> bySite;

    /// Reads all users.
    ///
    /// @throws Refusal `0024` if they were changed in the store
    public UserDirectory(SealedSettings settings) throws StoreException {
        this.bySite = new SealedPerSite<>(settings, PREFIX, "users", SiteUsers.NONE, new SealedPerSite.Codec<>() {
            @Override
            public SecretBytes encode(SiteUsers users) {
                return SecretBytes.owning(UserCodec.encode(users.all));
            }

            @Override
            public SiteUsers decode(SiteId site, SecretBytes bytes) {
                return SiteUsers.of(UserCodec.decode(site, bytes.reveal()));
            }
        });
    }

    /// Takes what stands in the store, where another node has changed it.
    public void follow() throws StoreException {
        bySite.follow();
    }

    /// The user of a name.
    public Optional<User> find(SiteId site, String name) {
        return Optional.ofNullable(of(site).byName.get(name));
    }

    /// The user that a certificate belongs to: the one of this certificate, or else the one of its subject.
    public Optional<User> find(SiteId site, X509Certificate certificate) {
        SiteUsers users = of(site);
        if (users.byLogin.isEmpty()) {
            return Optional.empty();
        }
        User exact = users.byLogin.get(Login.Certificate.of(certificate));
        return exact != null ? Optional.of(exact) : users.bySubject(certificate);
    }

    /// The users of a site, by name.
    public List<User> all(SiteId site) {
        return of(site).byName.values().stream()
                .sorted(Comparator.comparing(User::name))
                .toList();
    }

    /// How many users there are, in all sites.
    public int count() {
        return bySite.all().values().stream()
                .mapToInt(users -> users.all.size())
                .sum();
    }

    private SiteUsers of(SiteId site) {
        return bySite.of(site);
    }

    /// Adds a user, durably.
    ///
    /// @throws Refusal `0044` if the name or the certificate is taken, the site has too many, or is gone
    public void add(User user) throws StoreException {
        replace(user.site(), users -> {
            if (users.stream().anyMatch(other -> other.name().equals(user.name()))) {
                throw new Refusal(
                        ErrorCode.CONFIG_ITEM_BAD,
                        "the site has a user " + user.name() + " already; `cardsecure user set` changes it");
            }
            if (users.size() == SITE_MAX) {
                throw new Refusal(
                        ErrorCode.CONFIG_ITEM_BAD,
                        "the site has " + SITE_MAX
                                + " users, which is the most; let some share a certificate's subject");
            }
            requireFree(user, users);
            users.add(user);
        });
    }

    /// Changes a user, durably.
    ///
    /// @return what it was
    /// @throws Refusal `0044` if there is none of that name, or its certificate is another one's
    public User change(SiteId site, String name, UnaryOperator<User> change) throws StoreException {
        User[] before = new User[1];
        replace(site, users -> {
            int index = indexOf(users, name);
            before[0] = users.remove(index);
            User changed = change.apply(before[0]);
            requireFree(changed, users);
            users.add(index, changed);
        });
        return before[0];
    }

    /// Removes a user, durably.
    ///
    /// @throws Refusal `0044` if there is none of that name
    public void remove(SiteId site, String name) throws StoreException {
        replace(site, users -> users.remove(indexOf(users, name)));
    }

    /// Removes all users of a site that is no more, durably.
    public void removeAll(SiteId site) throws StoreException {
        bySite.remove(site);
    }

    private static int indexOf(List<User> users, String name) {
        for (int i = 0; i < users.size(); i++) {
            if (users.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new Refusal(
                ErrorCode.CONFIG_ITEM_BAD,
                "the site has no user of that name; `cardsecure user list` shows those it has");
    }

    /// Two users of one certificate would leave open whose rights it has.
    private static void requireFree(User user, List<User> others) {
        boolean password = user.login() instanceof Login.Password;
        others.stream()
                .filter(other -> !password && other.login().equals(user.login()))
                .findFirst()
                .ifPresent(other -> {
                    throw new Refusal(
                            ErrorCode.CONFIG_ITEM_BAD, "user " + other.name() + " has that certificate already");
                });
    }

    private interface Change {
        void apply(List<User> users);
    }

    private void replace(SiteId site, Change change) throws StoreException {
        bySite.change(site, before -> {
            List<User> users = new ArrayList<>(before.all);
            change.apply(users);
            return SiteUsers.of(users);
        });
    }

    /// The users of one site at one moment.
    ///
    /// @param byLogin those with certificates
    private record SiteUsers(List<User> all, Map<String, User> byName, Map<Login, User> byLogin) {
        static final SiteUsers NONE = of(List.of());

        static SiteUsers of(List<User> users) {
            Map<String, User> byName = new HashMap<>();
            Map<Login, User> byLogin = new HashMap<>();
            for (User user : users) {
                byName.put(user.name(), user);
                if (!(user.login() instanceof Login.Password)) {
                    byLogin.put(user.login(), user);
                }
            }
            return new SiteUsers(List.copyOf(users), byName, byLogin);
        }

        /// A certificate whose subject is empty or strange is nobody's.
        Optional<User> bySubject(X509Certificate certificate) {
            try {
                return Optional.ofNullable(byLogin.get(Login.Subject.of(certificate)));
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        }
    }
}
