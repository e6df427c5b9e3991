package cardsecure.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a key-encryption key (KEK) is; the scheme says what kind it is of. It never has a secret in it.
public sealed interface KekUri {
    /// The schemes there are.
    List<String> SCHEMES = List.of("file", "passphrase", "pkcs11");

    /// The URI as it was written.
    String text();

    /// A file: `file:PATH`.
    ///
    /// @param path a relative one is in the data directory
    record File(Path path, String text) implements KekUri {}

    /// What somebody remembers: `passphrase:`, with where it comes from after a `?`.
    ///
    /// @param memoryKib what a new KEK costs to make of it; one that there is keeps its costs
    record Passphrase(SecretSource source, int memoryKib, String text) implements KekUri {
        /// 256 MiB.
        public static final int MEMORY_USUAL = 256 << 10;

        /// What the OWASP asks for at least, 19 MiB.
        public static final int MEMORY_MIN = 19 << 10;

        /// 1 GiB.
        public static final int MEMORY_MAX = 1 << 20;
    }

    /// A key in an HSM, as RFC 7512 writes it:
    /// `pkcs11:token=NAME;object=LABEL?module-path=/PATH&pin-source=SOURCE`.
    ///
    /// @param token the token's label
    /// @param serial its serial number, where labels are not enough
    /// @param object the key's label
    /// @param module the library of the HSM's maker
    record Pkcs11(String token, Optional<String> serial, String object, Path module, SecretSource pin, String text)
            implements KekUri {}

    /// The KEK of a URI.
    ///
    /// @throws IllegalArgumentException for another text, which the message does not repeat: it might be a
    ///         secret in the wrong place
    static KekUri parse(String text) {
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? "" : text.substring(0, colon);
        String rest = text.substring(colon + 1);
        return switch (scheme) {
            case "file" -> new File(FileForm.path(text), text);
            case "passphrase" -> PassphraseForm.parse(rest, text);
            case "pkcs11" -> Pkcs11Form.parse(rest, text);
            default -> {
                String nearest = NearestName.of(colon < 0 ? text : scheme, SCHEMES)
                        .map(near -> "; did you mean " + near + ":?")
                        .orElse("");
                throw new IllegalArgumentException("has a scheme: file:, passphrase: or pkcs11:" + nearest);
            }
        };
    }

    /// What comes after `file:`.
    final class FileForm {
        private FileForm() {}

        private static Path path(String text) {
            try {
                URI uri = new URI(text);
                String path = uri.isOpaque() ? uri.getSchemeSpecificPart() : String.valueOf(uri.getPath());
                boolean plain = uri.getRawAuthority() == null
                        && uri.getRawFragment() == null
                        && uri.getRawQuery() == null
                        && path.indexOf('?') < 0
                        && path.indexOf('\0') < 0;
                if (plain && !path.isEmpty() && !path.endsWith("/")) {
                    return Path.of(path);
                }
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException("is file:PATH, with a path", e);
            }
            throw new IllegalArgumentException("is file:PATH, without host, query or fragment");
        }
    }

    /// What comes after `passphrase:`.
    final class PassphraseForm {
        private static final List<String> KEYS = List.of("fd", "file", "env", "memory");

        private PassphraseForm() {}

        private static KekUri parse(String rest, String text) {
            if (!rest.isEmpty() && !rest.startsWith("?")) {
                throw new IllegalArgumentException("is passphrase:, or passphrase:? with one of fd=NUMBER, file=/PATH,"
                        + " env=NAME; the passphrase itself does not stand there");
            }
            Map<String, String> query =
                    UriParts.attributes(rest.isEmpty() ? "" : rest.substring(1), "&", KEYS, Map.of());
            int memoryKib = Optional.ofNullable(query.remove("memory"))
                    .map(PassphraseForm::memory)
                    .orElse(Passphrase.MEMORY_USUAL);
            if (query.size() > 1) {
                throw new IllegalArgumentException("has one of fd, file and env");
            }
            SecretSource source = query.entrySet().stream()
                    .findFirst()
                    .map(entry -> SecretSource.of(entry.getKey(), entry.getValue()))
                    .orElseGet(SecretSource.Terminal::new);
            return new Passphrase(source, memoryKib, text);
        }

        private static int memory(String size) {
            long kib = Values.size(size) / 1024;
            if (kib < Passphrase.MEMORY_MIN || kib > Passphrase.MEMORY_MAX) {
                throw new IllegalArgumentException("has a memory from 19MiB to 1GiB");
            }
            return (int) kib;
        }
    }

    /// What comes after `pkcs11:`.
    final class Pkcs11Form {
        private static final List<String> PATH = List.of("token", "serial", "object", "type");
        private static final List<String> QUERY = List.of("module-path", "pin-source");
        private static final Map<String, String> REFUSED =
                Map.of("pin-value", "a PIN does not stand in a URI, pin-source says where it is");
        private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9._-]{1,32}");

        private Pkcs11Form() {}

        private static KekUri parse(String rest, String text) {
            int mark = rest.indexOf('?');
            Map<String, String> path =
                    UriParts.attributes(mark < 0 ? rest : rest.substring(0, mark), ";", PATH, REFUSED);
            Map<String, String> query =
                    UriParts.attributes(mark < 0 ? "" : rest.substring(mark + 1), "&", QUERY, REFUSED);
            if (!path.getOrDefault("type", "secret-key").equals("secret-key")) {
                throw new IllegalArgumentException("has a type, if any, of secret-key");
            }
            String object = required(path, "object", "the label of the key");
            if (!LABEL.matcher(object).matches()) {
                throw new IllegalArgumentException("has an object of 1 to 32 letters, digits and . _ -");
            }
            Path module = Path.of(required(query, "module-path", "the HSM's library"));
            if (!module.isAbsolute()) {
                throw new IllegalArgumentException("has a module-path that is absolute");
            }
            return new Pkcs11(
                    required(path, "token", "the label of the token"),
                    Optional.ofNullable(path.get("serial")),
                    object,
                    module,
                    SecretSource.parse(query.getOrDefault("pin-source", "terminal")),
                    text);
        }

        private static String required(Map<String, String> attributes, String key, String meaning) {
            String value = attributes.getOrDefault(key, "");
            if (value.isEmpty()) {
                throw new IllegalArgumentException("needs " + key + ", " + meaning
                        + ": pkcs11:token=NAME;object=LABEL?module-path=/PATH&pin-source=" + "file:/PATH");
            }
            return value;
        }
    }
}
