package cardsecure.vault;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.signing.RequestSigner;
import cardsecure.signing.SigningKeys;
import cardsecure.signing.SigningText;
import cardsecure.signing.SigningTime;
import cardsecure.site.Signing;
import cardsecure.site.Site;
import cardsecure.store.ReplayMark;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Judges signatures. What costs least goes first: the form (`0057`), whether there is a key (`0060`), the time
/// (`0058`), the HMAC (`0059`). It remembers nothing: the store is asked only about requests that are authentic.
final class SignatureCheck {
    /// Characters.
    private static final int REF_MAX = 256;

    private static final SecretBytes NO_DATA = SecretBytes.owning(new byte[0]);

    private final SigningKeys keys;
    private final InstantSource clock;

    SignatureCheck(SigningKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /// What has to be remembered of a request so that it does not come again; nothing where requests are not
    /// signed.
    ///
    /// @throws Refusal `0057` to `0060`
    Optional<ReplayMark> check(Site site, Call.Decoded call) {
        Signing signing = site.signing();
        if (!signing.on()) {
            return Optional.empty();
        }
        Parameters parameters = call.parameters();
        String ref = parameters
                .ref()
                .filter(text -> !text.isEmpty() && text.length() <= REF_MAX)
                .filter(text -> !SigningText.isAmbiguous(signing.form(), text))
                .orElseThrow(() -> invalid("ref"));
        String written = parameters.time().orElseThrow(() -> invalid("time"));
        Instant time = SigningTime.parse(written).orElseThrow(() -> invalid("time"));
        byte[] signature = parameters.sig().flatMap(SignatureCheck::signature).orElseThrow(() -> invalid("sig"));
        List<RequestSigner> signers = keys.of(site.id());
        if (signers.isEmpty()) {
            throw new Refusal(
                    ErrorCode.SIGNATURE_FAILURE,
                    "signing is on and the site has no key: `site signing new-key` makes one");
        }
        requireWithin(signing, time);
        requireAuthentic(signing, signers, call, ref, written, signature);
        return Optional.of(mark(site, time, signature));
    }

    private static Optional<byte[]> signature(String text) {
        if (text.length() != 2 * RequestSigner.LENGTH) {
            return Optional.empty();
        }
        try {
            return Optional.of(HexFormat.of().parseHex(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Refusal invalid(String parameter) {
        return new Refusal(
                ErrorCode.SIGNATURE_INVALID,
                "the site's requests are signed, and " + parameter + " is missing or malformed");
    }

    private void requireWithin(Signing signing, Instant time) {
        Instant now = clock.instant();
        if (now.isAfter(time.plus(signing.window())) || now.isBefore(time.minus(signing.window()))) {
            throw new Refusal(
                    ErrorCode.SIGNATURE_EXPIRED,
                    "the request was signed more than " + signing.windowText() + " from now");
        }
    }

    private static void requireAuthentic(
            Signing signing,
            List<RequestSigner> signers,
            Call.Decoded call,
            String ref,
            String time,
            byte[] signature) {
        SecretBytes text = SigningText.of(
                signing.form(), call.action().orElse(""), call.data().orElse(NO_DATA), ref, time);
        boolean authentic = false;
        for (RequestSigner signer : signers) {
            authentic |= signer.verifies(text, signature);
        }
        text.destroy();
        if (!authentic) {
            throw new Refusal(ErrorCode.SIGNATURE_MISMATCH, "no key of the site made this signature");
        }
    }

    /// The signature is a keyed digest of all that the request says, reference and time too, and random to whoever has
    /// no key: half of it tells requests apart. Of its bytes, not its digits: in capitals it is the same request.
    private static ReplayMark mark(Site site, Instant time, byte[] signature) {
        return new ReplayMark(site.id(), time, Arrays.copyOf(signature, ReplayMark.DIGEST_LENGTH));
    }
}
