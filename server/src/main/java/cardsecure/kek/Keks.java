package cardsecure.kek;

import cardsecure.config.KekUri;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KekName;
import cardsecure.keys.KeyWrapper;
import cardsecure.secret.SecretBytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Opens and makes KEKs, of every kind.
public final class Keks {
    private static final String PASSPHRASE = "passphrase of the KEK";

    private final Path data;
    private final SecretReader secrets;
    private final RandomGenerator random;

    /// Takes its parts.
    ///
    /// @param data the directory that relative files are in
    /// @param secrets asked for passphrases and PINs
    /// @param random cryptographically strong
    public Keks(Path data, SecretReader secrets, RandomGenerator random) {
        this.data = data;
        this.secrets = secrets;
        this.random = random;
    }

    /// The KEK of a vault that there is; nothing is made that is to be kept.
    ///
    /// @param kekId what the vault's keystore says that it is wrapped by; none if it has been lost, or was not
    ///        written yet: a passphrase gets a new salt then
    /// @throws Refusal `0027` if it cannot be had or is of another kind, with what is wrong
    public KeyWrapper open(KekUri uri, Optional<String> kekId) {
        kekId.ifPresent(id -> requireKind(uri, id));
        return switch (uri) {
            case KekUri.File(Path path, String _) -> FileKek.open(data.resolve(path), random);
            case KekUri.Passphrase passphrase -> {
                if (kekId.isEmpty()) {
                    yield openOrCreate(uri);
                }
                yield PassphraseKek.open(secrets.read(passphrase.source(), PASSPHRASE), kekId.get(), random);
            }
            case KekUri.Pkcs11 token -> Pkcs11Kek.open(token, secrets.read(token.pin(), pinOf(token)), false, random);
        };
    }

    /// The KEK of a URI, if it is there and is the one of an id; nothing is made.
    ///
    /// @param secret passphrase or PIN, empty for a file
    /// @throws Refusal `0027` if it is there and cannot be used
    public Optional<KeyWrapper> find(KekUri uri, SecretBytes secret, String kekId) {
        return switch (uri) {
            case KekUri.File(Path path, String _) ->
                Files.exists(data.resolve(path))
                        ? Optional.of(FileKek.open(data.resolve(path), random))
                                .filter(kek -> kek.kekId().equals(kekId))
                        : Optional.empty();
            case KekUri.Passphrase _ ->
                PassphraseKek.isId(kekId) ? PassphraseKek.ifRight(secret, kekId, random) : Optional.empty();
            case KekUri.Pkcs11 token ->
                Pkcs11Kek.find(token, secret, random).filter(kek -> kek.kekId().equals(kekId));
        };
    }

    /// Whether [#openOrCreate] would not have to make anything that is to be kept.
    ///
    /// @throws Refusal `0027` if nobody can tell
    public boolean isThere(KekUri uri, SecretBytes secret) {
        return switch (uri) {
            case KekUri.File(Path path, String _) -> Files.exists(data.resolve(path));
            case KekUri.Passphrase _ -> true;
            case KekUri.Pkcs11 token -> Pkcs11Kek.find(token, secret, random).isPresent();
        };
    }

    /// A KEK for a vault that does not exist yet, or for keys that are wrapped anew: made if it is missing.
    ///
    /// @throws Refusal `0027` if it cannot be had
    public KeyWrapper openOrCreate(KekUri uri) {
        return openOrCreate(uri, secretForNew(uri), true);
    }

    /// The same, with the secret at hand.
    ///
    /// @param secret passphrase or PIN, empty for a file
    /// @param create whether an HSM's key is made if it is missing
    /// @throws Refusal `0027` if it cannot be had
    public KeyWrapper openOrCreate(KekUri uri, SecretBytes secret, boolean create) {
        return switch (uri) {
            case KekUri.File(Path path, String _) -> FileKek.openOrCreate(data.resolve(path), random);
            case KekUri.Passphrase passphrase -> PassphraseKek.create(secret, passphrase.memoryKib(), random);
            case KekUri.Pkcs11 token ->
                create
                        ? Pkcs11Kek.open(token, secret, true, random)
                        : Pkcs11Kek.find(token, secret, random).orElseThrow(() -> Pkcs11Kek.notMadeYet(token));
        };
    }

    /// The passphrase or PIN for [#openOrCreate], got from where the URI says; empty for a file.
    ///
    /// @throws Refusal `0027` if it cannot be had, or is too short
    public SecretBytes secretForNew(KekUri uri) {
        return switch (uri) {
            case KekUri.File _ -> SecretBytes.owning(new byte[0]);
            case KekUri.Passphrase passphrase -> {
                SecretBytes secret = secrets.readNew(passphrase.source(), PASSPHRASE);
                PassphraseKek.requireGood(secret);
                yield secret;
            }
            case KekUri.Pkcs11 token -> secrets.read(token.pin(), pinOf(token));
        };
    }

    /// Sees that a file is there, if the KEK is one.
    ///
    /// @throws Refusal `0027` if it is not
    public void requireThere(KekUri uri) {
        if (uri instanceof KekUri.File(Path path, String _) && Files.notExists(data.resolve(path))) {
            throw FileKek.missing(data.resolve(path));
        }
    }

    private static String pinOf(KekUri.Pkcs11 uri) {
        return "PIN of token " + uri.token();
    }

    private static void requireKind(KekUri uri, String kekId) {
        String needed = kind(kekId);
        String given = switch (uri) {
            case KekUri.File _ -> "a file";
            case KekUri.Passphrase _ -> "a passphrase";
            case KekUri.Pkcs11 _ -> "an HSM's key";
        };
        if (!needed.equals(given)) {
            throw new Refusal(
                    ErrorCode.KEYSTORE_NOT_INITIALIZED,
                    "wrong KEK: the vault's keys are wrapped by KEK " + described(kekId)
                            + ", and kek: uri names " + given + "; put the URI of the KEK there that they were"
                            + " rewrapped to");
        }
    }

    /// What people are shown of a KEK's id, and its kind.
    public static String described(String kekId) {
        return KekName.of(kekId) + ", which is " + kind(kekId);
    }

    /// The kind of a KEK, in words, as its id tells.
    static String kind(String kekId) {
        if (kekId.startsWith(PassphraseKek.PREFIX)) {
            return "a passphrase";
        }
        return kekId.startsWith(Pkcs11Kek.PREFIX) ? "an HSM's key" : "a file";
    }
}
