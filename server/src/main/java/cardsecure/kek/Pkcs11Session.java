package cardsecure.kek;

import cardsecure.config.KekUri;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.kek.Pkcs11Module.ModuleException;
import cardsecure.kek.Pkcs11Module.Token;
import cardsecure.secret.SecretBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;

/// A token that this process is logged in at, through the JDK's provider. All sessions together are for one thread
/// at a time.
final class Pkcs11Session {
    private static final int KEY_BITS = 256;

    /// Those that the libraries know. Handles of others may be those of other keys by now: they must not be used.
    private static final Set<Pkcs11Session> LIVE = new HashSet<>();

    private final KekUri.Pkcs11 uri;
    private final Provider provider;
    private final KeyStore keys;
    private final long slot;
    private final SecretBytes pin;

    private Pkcs11Session(KekUri.Pkcs11 uri, long slot, SecretBytes pin, Provider provider, KeyStore keys) {
        this.uri = uri;
        this.slot = slot;
        this.pin = pin;
        this.provider = provider;
        this.keys = keys;
    }

    /// Logs in, with one try.
    ///
    /// @param anew whether to end the library first, as it must be where a token was gone; then all sessions
    ///        end, and each is to be opened again
    /// @throws WrongPinException if the PIN is not the token's
    /// @throws Refusal `0027` if it cannot be for another reason, with what is wrong
    static Pkcs11Session open(KekUri.Pkcs11 uri, SecretBytes pin, boolean anew) throws WrongPinException {
        Token token = token(uri, anew);
        requireSamePin(uri, token, pin);
        try {
            Provider provider = configured(uri, token.slot());
            KeyStore keys = KeyStore.getInstance("PKCS11", provider);
            load(keys, pin);
            Pkcs11Session session = new Pkcs11Session(uri, token.slot(), pin, provider, keys);
            LIVE.add(session);
            return session;
        } catch (IOException | GeneralSecurityException | ProviderException e) {
            if (hasCause(e, FailedLoginException.class)) {
                throw new WrongPinException(e);
            }
            throw refusal("HSM token " + uri.token() + " cannot be opened: " + reason(e), e);
        }
    }

    /// A token takes any PIN from a process that is logged in, without a look at it.
    private static void requireSamePin(KekUri.Pkcs11 uri, Token token, SecretBytes pin) {
        boolean other = LIVE.stream()
                .filter(session -> session.slot == token.slot())
                .filter(session -> session.uri.module().equals(uri.module()))
                .anyMatch(session -> !session.pin.equals(pin));
        if (other) {
            throw refusal(
                    "wrong PIN for HSM token " + uri.token() + ": it is not the one that this process is logged in"
                            + " with, so it was not tried; if the PIN was changed,"
                            + " start the server with the new one first");
        }
    }

    /// The token says that the PIN is not its.
    static final class WrongPinException extends Exception {
        WrongPinException(Throwable cause) {
            super("wrong PIN", cause);
        }
    }

    private static Token token(KekUri.Pkcs11 uri, boolean anew) {
        if (!Files.isRegularFile(uri.module())) {
            throw refusal("HSM module " + uri.module() + " is not there; install it, or mend module-path");
        }
        List<Token> found;
        try {
            Pkcs11Module module = Pkcs11Module.load(uri.module());
            found = anew ? List.of() : tokens(module, uri);
            if (found.isEmpty()) {
                // What the library saw before may be no longer true.
                LIVE.forEach(Pkcs11Session::logout);
                LIVE.clear();
                module.end();
                found = tokens(module, uri);
            }
        } catch (ModuleException e) {
            throw refusal(
                    "HSM module " + uri.module() + " cannot be used: " + e.getMessage()
                            + "; its maker's own tool may say more",
                    e);
        }
        if (found.isEmpty()) {
            throw refusal("HSM token " + uri.token() + " is not there; connect it, or mend token and serial");
        }
        if (found.size() > 1) {
            throw refusal("there are " + found.size() + " HSM tokens " + uri.token() + "; name one with serial=");
        }
        Token token = found.getFirst();
        requireMoreTries(token);
        return token;
    }

    /// So that no start, and no number of them, locks a token.
    static void requireMoreTries(Token token) {
        if (token.locked()) {
            throw refusal(
                    "HSM token " + token.label() + " is locked, after wrong PINs; unlock it with its maker's tool");
        }
        if (token.finalTry()) {
            throw refusal("HSM token " + token.label() + " would be locked by one more wrong PIN, so it is not tried;"
                    + " log in once with its maker's tool");
        }
    }

    private static List<Token> tokens(Pkcs11Module module, KekUri.Pkcs11 uri) throws ModuleException {
        module.initialize();
        return module.tokens().stream()
                .filter(token -> token.label().equals(uri.token()))
                .filter(token -> uri.serial().map(token.serial()::equals).orElse(true))
                .toList();
    }

    /// A key that is made is a session's; the key store then keeps a copy of it in the token. CKA_TOKEN would keep
    /// two.
    private static Provider configured(KekUri.Pkcs11 uri, long slot) {
        return Security.getProvider("SunPKCS11")
                .configure("""
                    --name=cardsecure-%s
                    library=%s
                    slot=%d
                    destroyTokenAfterLogout=true
                    attributes(generate,CKO_SECRET_KEY,CKK_AES) = {
                      CKA_SENSITIVE = true
                      CKA_EXTRACTABLE = false
                      CKA_ENCRYPT = true
                      CKA_DECRYPT = true
                    }
                    """.formatted(uri.object(), quoted(uri.module().toString()), slot));
    }

    private static String quoted(String path) {
        if (path.chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\')) {
            throw refusal("HSM module has a path with characters that Java's provider does not take");
        }
        return '"' + path + '"';
    }

    private static void load(KeyStore keys, SecretBytes pin) throws IOException, GeneralSecurityException {
        CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(pin.reveal()));
        char[] typed = new char[text.remaining()];
        text.get(typed);
        try {
            keys.load(null, typed);
        } finally {
            Arrays.fill(typed, ' ');
            Arrays.fill(text.array(), ' ');
        }
    }

    Provider provider() {
        return provider;
    }

    /// The key, if it is there.
    ///
    /// @throws Refusal `0027` if there is something else of that name, or a key that can be taken out of the token
    Optional<SecretKey> find() {
        try {
            if (!(keys.getKey(uri.object(), null) instanceof SecretKey key)) {
                return Optional.empty();
            }
            if (!key.getAlgorithm().equals("AES") || key.getEncoded() != null) {
                throw refusal("HSM key " + uri.object() + " is no AES key that stays in its token (sensitive, and not"
                        + " extractable): it would protect no more than a file does");
            }
            return Optional.of(key);
        } catch (GeneralSecurityException | ProviderException e) {
            throw refusal("HSM key " + uri.object() + " cannot be looked for: " + reason(e), e);
        }
    }

    /// A new key, which never leaves the token.
    void create() {
        try {
            KeyGenerator generator = KeyGenerator.getInstance("AES", provider);
            generator.init(KEY_BITS);
            keys.setKeyEntry(uri.object(), generator.generateKey(), null, null);
        } catch (GeneralSecurityException | ProviderException e) {
            throw refusal("HSM key " + uri.object() + " cannot be made: " + reason(e), e);
        }
    }

    /// Whether it can be used still.
    boolean isLive() {
        return LIVE.contains(this);
    }

    /// Ends it.
    void abandon() {
        if (LIVE.remove(this)) {
            logout();
        }
    }

    /// Lets the provider forget the token, so that it touches no handles of a library that begins anew.
    private void logout() {
        try {
            if (provider instanceof AuthProvider loggedIn) {
                loggedIn.logout();
            }
        } catch (LoginException | ProviderException _) {
            // The token is gone: there is nothing to log out of.
        }
    }

    /// What a device said, in a word: the last cause's message, such as CKR_TOKEN_NOT_PRESENT.
    static String reason(Throwable failure) {
        Throwable last = failure;
        for (Throwable each = failure; each != null; each = each.getCause()) {
            last = each;
        }
        return String.valueOf(last.getMessage()).lines().findFirst().orElse("no reason given");
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (kind.isInstance(each)) {
                return true;
            }
        }
        return false;
    }

    private static Refusal refusal(String reason) {
        return new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, reason);
    }

    private static Refusal refusal(String reason, Throwable cause) {
        return new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, reason, cause);
    }
}
