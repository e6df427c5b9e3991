package cardsecure.kek;

import cardsecure.config.KekUri;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyWrapper;
import cardsecure.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.ProviderException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;

/// A KEK that never leaves an HSM: AES-256-GCM within its token. Its id is `pkcs11-LABEL-CHECK`, so that
/// two keys of one label differ. Layout of a wrapped key: `nonce (12) | ciphertext | tag (16)`. Safe for
/// threads.
///
/// A token that was gone is opened anew at the next use. PINs are tried once, and not again once they were wrong.
public final class Pkcs11Kek implements KeyWrapper {
    /// What such a KEK's id begins with.
    static final String PREFIX = "pkcs11-";

    private static final int NONCE_LENGTH = 12;
    private static final int TAG_LENGTH = 16;
    private static final int BLOCK_LENGTH = 16;
    private static final int CHECK_LENGTH = 8;
    private static final byte[] PURPOSE = "cardsecure kek".getBytes(StandardCharsets.US_ASCII);

    /// One library has one state in a process, whoever uses it.
    private static final Object LOCK = new Object();

    private final KekUri.Pkcs11 uri;
    private final SecretBytes pin;
    private final RandomGenerator random;
    private final String kekId;
    private Optional<Opened> opened;
    private boolean wrongPin;

    private record Opened(Pkcs11Session session, SecretKey key) {}

    private interface Use<T> {
        T with(Opened opened) throws GeneralSecurityException;
    }

    private Pkcs11Kek(KekUri.Pkcs11 uri, SecretBytes pin, RandomGenerator random, Opened opened)
            throws GeneralSecurityException {
        this.uri = uri;
        this.pin = pin;
        this.random = random;
        this.opened = Optional.of(opened);
        this.kekId = identify(uri, opened);
    }

    /// The KEK of a URI.
    ///
    /// @param create whether to make the key, if the token has none of that label
    /// @param random cryptographically strong
    /// @throws Refusal `0027` if it cannot be had, with what is wrong
    static KeyWrapper open(KekUri.Pkcs11 uri, SecretBytes pin, boolean create, RandomGenerator random) {
        return find(uri, pin, create, random).orElseThrow(() -> missing(uri));
    }

    /// The KEK of a URI, if the token has it.
    ///
    /// @throws Refusal `0027` if nobody can tell, with what is wrong
    static Optional<KeyWrapper> find(KekUri.Pkcs11 uri, SecretBytes pin, RandomGenerator random) {
        return find(uri, pin, false, random);
    }

    private static Optional<KeyWrapper> find(
            KekUri.Pkcs11 uri, SecretBytes pin, boolean create, RandomGenerator random) {
        synchronized (LOCK) {
            try {
                Pkcs11Session session = Pkcs11Session.open(uri, pin, false);
                Optional<SecretKey> found = session.find();
                if (found.isEmpty() && create) {
                    session.create();
                    found = session.find();
                }
                if (found.isEmpty()) {
                    return Optional.empty();
                }
                return Optional.of(new Pkcs11Kek(uri, pin, random, new Opened(session, found.get())));
            } catch (Pkcs11Session.WrongPinException e) {
                throw wrongPin(uri, e);
            } catch (GeneralSecurityException | ProviderException e) {
                throw unusable(uri, e);
            }
        }
    }

    private static Refusal missing(KekUri.Pkcs11 uri) {
        return refusal("HSM token " + uri.token() + " has no key " + uri.object()
                + "; put back the one that the vault's keys are wrapped by, from the HSM's own backup");
    }

    /// That a key is not there which is to wrap the vault's keys, and does not yet.
    static Refusal notMadeYet(KekUri.Pkcs11 uri) {
        return refusal("HSM token " + uri.token() + " has no key " + uri.object()
                + "; --create makes it; if it should be there, see its label in the URI (object=)");
    }

    private static Refusal wrongPin(KekUri.Pkcs11 uri, Exception cause) {
        return new Refusal(
                ErrorCode.KEYSTORE_NOT_INITIALIZED,
                "wrong PIN for HSM token " + uri.token() + "; it was tried once, as tokens lock themselves after a few"
                        + " wrong ones",
                cause);
    }

    private static Refusal unusable(KekUri.Pkcs11 uri, Exception cause) {
        return new Refusal(
                ErrorCode.KEYSTORE_NOT_INITIALIZED,
                "HSM token " + uri.token() + " does not work: " + Pkcs11Session.reason(cause) + "; connect it, or see"
                        + " its maker's tool",
                cause);
    }

    /// One block of a fixed text, encrypted: no block that GCM makes, whose nonces are random, but for one in 2^96.
    /// The block of zeros, which key check values are otherwise made of, would give GCM's authentication key away.
    private static String identify(KekUri.Pkcs11 uri, Opened opened) throws GeneralSecurityException {
        byte[] text = MessageDigest.getInstance("SHA-256").digest("cardsecure kek id".getBytes(StandardCharsets.UTF_8));
        Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding", opened.session().provider());
        cipher.init(Cipher.ENCRYPT_MODE, opened.key(), new IvParameterSpec(new byte[BLOCK_LENGTH]));
        byte[] check = cipher.doFinal(text, 0, BLOCK_LENGTH);
        return PREFIX + uri.object() + "-" + HexFormat.of().formatHex(check, 0, CHECK_LENGTH);
    }

    @Override
    public String kekId() {
        return kekId;
    }

    @Override
    public byte[] wrap(SecretBytes key) {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        return use(now -> ByteBuffer.allocate(NONCE_LENGTH + key.length() + TAG_LENGTH)
                .put(nonce)
                .put(cipher(now, Cipher.ENCRYPT_MODE, nonce).doFinal(key.reveal()))
                .array());
    }

    @Override
    public SecretBytes unwrap(byte[] wrapped) {
        if (wrapped.length < NONCE_LENGTH + TAG_LENGTH) {
            throw refusal("the key does not unwrap: damaged keystore");
        }
        byte[] nonce = Arrays.copyOf(wrapped, NONCE_LENGTH);
        return use(now -> {
            try {
                return SecretBytes.owning(cipher(now, Cipher.DECRYPT_MODE, nonce)
                        .doFinal(wrapped, NONCE_LENGTH, wrapped.length - NONCE_LENGTH));
            } catch (AEADBadTagException e) {
                // A device that fails says the same: it is tried on what must open.
                probe(now);
                throw new Refusal(
                        ErrorCode.KEYSTORE_NOT_INITIALIZED,
                        "the key does not unwrap: wrong KEK, or damaged keystore",
                        e);
            }
        });
    }

    private void probe(Opened now) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        byte[] sealed = cipher(now, Cipher.ENCRYPT_MODE, nonce).doFinal(PURPOSE);
        if (!Arrays.equals(PURPOSE, cipher(now, Cipher.DECRYPT_MODE, nonce).doFinal(sealed))) {
            throw new GeneralSecurityException("the token does not decrypt what it encrypted");
        }
    }

    private static Cipher cipher(Opened now, int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", now.session().provider());
        cipher.init(mode, now.key(), new GCMParameterSpec(8 * TAG_LENGTH, nonce));
        cipher.updateAAD(PURPOSE);
        return cipher;
    }

    /// Uses the key; if the token does not work, opens it anew and tries once more.
    private <T> T use(Use<T> use) {
        synchronized (LOCK) {
            if (opened.isPresent() && opened.get().session().isLive()) {
                try {
                    return use.with(opened.get());
                } catch (GeneralSecurityException | ProviderException _) {
                    opened.get().session().abandon();
                }
            }
            opened = Optional.empty();
            Opened again = reopen();
            try {
                T result = use.with(again);
                opened = Optional.of(again);
                return result;
            } catch (GeneralSecurityException | ProviderException e) {
                again.session().abandon();
                throw unusable(uri, e);
            }
        }
    }

    private Opened reopen() {
        if (wrongPin) {
            throw refusal("wrong PIN for HSM token " + uri.token() + ", which is not tried again; start the server with"
                    + " the right one");
        }
        try {
            Pkcs11Session session = Pkcs11Session.open(uri, pin, true);
            Opened again = new Opened(session, session.find().orElseThrow(() -> missing(uri)));
            if (!identify(uri, again).equals(kekId)) {
                throw refusal("HSM token " + uri.token() + " has another key " + uri.object() + " than before; put"
                        + " back the one that the vault's keys are wrapped by");
            }
            return again;
        } catch (Pkcs11Session.WrongPinException e) {
            wrongPin = true;
            throw wrongPin(uri, e);
        } catch (GeneralSecurityException | ProviderException e) {
            throw unusable(uri, e);
        }
    }

    private static Refusal refusal(String reason) {
        return new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, reason);
    }
}
