package cardsecure.wallet;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Verifies and decrypts Apple Pay's tokens (Apple, "Payment token format reference"), versions EC_v1 and
/// RSA_v1. Safe for threads.
///
/// Everything that is public is verified first. A private key of the site is only ever used on what Apple has
/// signed within the window, so nobody can try ciphertexts of their own; and all that fails from there on is
/// `0024`.
public final class ApplePay {
    /// How old a signature may be.
    public static final Duration PAST = Duration.ofMinutes(2);
    /// How far Apple's clock may be ahead of ours.
    public static final Duration FUTURE = Duration.ofMinutes(1);

    private static final String ROOT = "AppleRootCA-G3.pem";

    private final X509Certificate root;
    private final InstantSource clock;
    private final Duration past;
    private final Duration future;

    /// Takes its parts.
    ///
    /// @param root that all signatures must lead to: [#appleRoot], or one of our own to try things with
    /// @param past as [#PAST]
    /// @param future as [#FUTURE]
    public ApplePay(X509Certificate root, InstantSource clock, Duration past, Duration future) {
        this.root = root;
        this.clock = clock;
        this.past = past;
        this.future = future;
    }

    /// Our copy of Apple Root CA - G3.
    public static X509Certificate appleRoot() {
        try (@org.jspecify.annotations.Nullable InputStream in = ApplePay.class.getResourceAsStream(ROOT)) {
            if (in == null) {
                throw new IllegalStateException("the program is incomplete: " + ROOT + " is missing");
            }
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the program is damaged: " + ROOT, e);
        }
    }

    /// Verifies and decrypts a token. Whether it was taken before is up to the caller, who marks
    /// [OpenedWallet#once] before the payload is used.
    ///
    /// @param keys the site's; with a publicKeyHash those that have it are tried, without all, and the tag
    ///         decides
    /// @throws cardsecure.error.Refusal `0024`, naming the [WalletStep]
    public OpenedWallet open(ApplePayToken token, List<ApplePayKey> keys) {
        AppleSignature.Signed signed = AppleSignature.verify(token, root);
        requireFresh(signed);
        Decrypted decrypted = decrypt(token, keys);
        try {
            WalletPayload payload = ApplePayload.read(decrypted.clear());
            WalletOnce once = new WalletOnce(WalletKind.APPLE, Texts.hex(token.transactionId()), signed.time());
            return new OpenedWallet(payload, once, decrypted.key());
        } catch (Refusal e) {
            throw WalletStep.under(e, decrypted.key());
        } finally {
            decrypted.clear().destroy();
        }
    }

    private void requireFresh(AppleSignature.Signed signed) {
        Duration age = Duration.between(signed.time(), clock.instant());
        if (age.compareTo(past) > 0 || age.compareTo(future.negated()) < 0) {
            throw WalletStep.APPLE_WINDOW.refusal("signed " + age.toSeconds() + " s ago; from " + -future.toSeconds()
                    + " to " + past.toSeconds() + " are allowed; by " + Texts.nameOf(signed.leaf()));
        }
    }

    /// What a payload decrypted to, and under which key.
    record Decrypted(SecretBytes clear, WalletKeyPair key) {}

    /// Decrypts under each key that fits, whichever it was for. Without any, a key of nobody's is tried: which
    /// keys a site has is its own business, and the time does not say it.
    static Decrypted decrypt(ApplePayToken token, List<ApplePayKey> keys) {
        AppleCipher cipher = AppleCipher.of(token);
        List<ApplePayKey> fitting = keys.stream()
                .filter(key -> key.pair().algorithm() == cipher.algorithm())
                .filter(key -> token.publicKeyHash()
                        .map(hash -> hash.equals(key.pair().publicKeyHash()))
                        .orElse(true))
                .toList();
        if (fitting.isEmpty()) {
            cipher.decrypt(NobodysKeys.applePay(cipher.algorithm())).ifPresent(SecretBytes::destroy);
            throw WalletStep.APPLE_MERCHANT_KEY.refusal("none of the site's " + keys.size() + " keys is of "
                    + cipher.algorithm().label() + " and fits publicKeyHash "
                    + token.publicKeyHash()
                            .map(hash -> Texts.shortened(hash.reveal()))
                            .orElse("(none)") + namesOf("; it has ", keys));
        }
        Optional<Decrypted> decrypted = Optional.empty();
        for (ApplePayKey key : fitting) {
            Optional<Decrypted> one = cipher.decrypt(key).map(clear -> new Decrypted(clear, key.pair()));
            decrypted = decrypted.or(() -> one);
        }
        return decrypted.orElseThrow(() ->
                WalletStep.APPLE_DECRYPTION.refusal("the payload decrypts under none of" + namesOf(" ", fitting)));
    }

    private static String namesOf(String before, List<ApplePayKey> keys) {
        return keys.isEmpty()
                ? ""
                : before
                        + WalletKeyPair.names(
                                keys.stream().map(ApplePayKey::pair).toList());
    }
}
