package cardsecure.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Where a store is; the scheme of its URL says what kind it is of. It never has a secret in it.
public sealed interface StoreLocation {
    /// The schemes there are.
    List<String> SCHEMES = List.of("rocksdb", "postgresql");

    /// The embedded store: `rocksdb:PATH`, or `rocksdb:`, which is `store` in the data directory.
    ///
    /// @param path a relative one is relative to the working directory
    record Rocks(Optional<Path> path) implements StoreLocation {
        /// The directory that is meant.
        ///
        /// @param data the data directory
        public Path directory(Path data) {
            return path.orElseGet(() -> data.resolve("store"));
        }

        @Override
        public String shown(Path data) {
            return directory(data).toString();
        }
    }

    /// A database of PostgreSQL, which many servers may share:
    /// `postgresql://USER@HOST:PORT,HOST:PORT/DATABASE?password-source=SOURCE&sslmode=MODE&sslrootcert=/PATH`.
    ///
    /// @param servers of one cluster; the one that takes writes is used
    /// @param password none: the server asks for none
    /// @param authorities a PEM file: who vouches for the server; none: those that Java trusts
    record Postgres(
            List<Endpoint> servers,
            String database,
            String user,
            Optional<SecretSource> password,
            SslMode sslMode,
            Optional<Path> authorities)
            implements StoreLocation {
        /// Keeps a copy.
        public Postgres {
            servers = List.copyOf(servers);
        }

        @Override
        public String shown(Path data) {
            return shown();
        }

        /// Without user and where its password is.
        public String shown() {
            return "postgresql://" + servers.stream().map(Endpoint::toString).collect(Collectors.joining(",")) + "/"
                    + database;
        }
    }

    /// Where a server listens.
    ///
    /// @param host a name or an address, an IPv6 one without brackets
    record Endpoint(String host, int port) {
        /// The port that is meant when none is named.
        public static final int USUAL_PORT = 5432;

        /// Whether only this machine can reach it.
        boolean loopback() {
            if (host.equalsIgnoreCase("localhost")) {
                return true;
            }
            // A name that looks like an address is one, and asks nobody.
            if (!host.contains(":") && !Pattern.matches("[0-9.]+", host)) {
                return false;
            }
            try {
                return InetAddress.getByName(host).isLoopbackAddress();
            } catch (UnknownHostException _) {
                return false;
            }
        }

        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /// How the way to a database is secured.
    enum SslMode {
        /// In clear: for the same machine.
        DISABLE,
        /// Encrypted, to whoever answers.
        REQUIRE,
        /// Encrypted, to any server that an authority vouches for.
        VERIFY_CA,
        /// Encrypted, to the server of this name, for which an authority vouches.
        VERIFY_FULL;

        /// As PostgreSQL writes it.
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// The location that is meant when none is named: `store` in the data directory.
    static StoreLocation usual() {
        return new Rocks(Optional.empty());
    }

    /// What may be shown to whoever sees a log.
    ///
    /// @param data the data directory
    String shown(Path data);

    /// The location of a URL.
    ///
    /// @throws IllegalArgumentException for another text, which the message does not repeat: it might have a
    ///         secret in it
    static StoreLocation parse(String text) {
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? "" : text.substring(0, colon);
        String rest = text.substring(colon + 1);
        return switch (scheme) {
            case "rocksdb" ->
                new Rocks(rest.isEmpty() ? Optional.empty() : Optional.of(Values.path(UriParts.decoded(rest))));
            case "postgresql" -> PostgresForm.parse(rest);
            default -> {
                String nearest = NearestName.of(colon < 0 ? text : scheme, SCHEMES)
                        .map(near -> "; did you mean " + near + ":?")
                        .orElse("");
                throw new IllegalArgumentException("has a scheme: rocksdb: or postgresql:" + nearest);
            }
        };
    }

    /// What comes after `postgresql:`.
    final class PostgresForm {
        private static final String FORM = "is postgresql://USER@HOST:PORT/DATABASE";
        private static final List<String> KEYS = List.of("password-source", "sslmode", "sslrootcert");
        private static final String NO_PASSWORD =
                "a password does not stand in a URL, password-source=file:/PATH says where it is";
        private static final Map<String, String> REFUSED =
                Map.of("password", NO_PASSWORD, "user", "it stands before the host, " + FORM.substring(3));
        private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}/?#@\"'\\\\]{1,63}");
        private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]");

        private PostgresForm() {}

        private static Postgres parse(String rest) {
            int slash = rest.startsWith("//") ? rest.indexOf('/', 2) : -1;
            if (slash < 0) {
                throw new IllegalArgumentException(FORM);
            }
            String authority = rest.substring(2, slash);
            int mark = rest.indexOf('?', slash);
            String database = rest.substring(slash + 1, mark < 0 ? rest.length() : mark);
            int at = authority.lastIndexOf('@');
            if (authority.lastIndexOf(':', at) >= 0 && authority.lastIndexOf(':', at) < at) {
                throw new IllegalArgumentException(NO_PASSWORD);
            }
            if (at < 0) {
                throw new IllegalArgumentException("needs a user: " + FORM.substring(3));
            }
            Map<String, String> query =
                    UriParts.attributes(mark < 0 ? "" : rest.substring(mark + 1), "&", KEYS, REFUSED);
            List<Endpoint> servers = new ArrayList<>();
            for (String server : List.of(authority.substring(at + 1).split(",", -1))) {
                servers.add(endpoint(server));
            }
            SslMode usual = servers.stream().allMatch(Endpoint::loopback) ? SslMode.DISABLE : SslMode.VERIFY_FULL;
            Optional<SslMode> sslMode =
                    Optional.ofNullable(query.get("sslmode")).map(mode -> Values.oneOf(SslMode.class, mode));
            return new Postgres(
                    servers,
                    name(database, "a database"),
                    name(authority.substring(0, at), "a user"),
                    Optional.ofNullable(query.get("password-source")).map(SecretSource::parse),
                    sslMode.orElse(usual),
                    Optional.ofNullable(query.get("sslrootcert")).map(PostgresForm::absolute));
        }

        private static String name(String encoded, String what) {
            String name = UriParts.decoded(encoded);
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("has " + what + ", whose name is one of PostgreSQL's: " + FORM);
            }
            return name;
        }

        private static Endpoint endpoint(String text) {
            int colon = text.endsWith("]") ? -1 : text.lastIndexOf(':');
            String host = colon < 0 ? text : text.substring(0, colon);
            if (!HOST.matcher(host).matches()) {
                throw new IllegalArgumentException("has a host, a name or an address (IPv6 in brackets)");
            }
            int port = colon < 0 ? Endpoint.USUAL_PORT : Values.number(text.substring(colon + 1));
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("has a port from 1 to 65535");
            }
            return new Endpoint(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
        }

        private static Path absolute(String text) {
            Path path = Values.path(text);
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException("has an sslrootcert with an absolute path");
            }
            return path;
        }
    }
}
