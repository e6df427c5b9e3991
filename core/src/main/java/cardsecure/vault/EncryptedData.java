package cardsecure.vault;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.AuditLog;
import cardsecure.card.ClearData;
import cardsecure.card.Domain;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.rsa.FailureRuns;
import cardsecure.rsa.RsaKeyDirectory;
import cardsecure.rsa.RsaWorkers;
import cardsecure.rsa.SiteRsaKeys;
import cardsecure.secret.SecretBytes;
import cardsecure.site.Site;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/// Data that come encrypted with the site's RSA key. All that can be wrong with them after a private key was used is
/// one answer and one line in the log: anything more would help to decrypt what others have sent. Safe for threads.
public final class EncryptedData {
    /// The fewest digits of an account number whose token may show six.
    private static final int SHOWN_SAFELY = 7;

    /// As before, where the same key encrypts social security numbers, which have nine, or personal data.
    private static final int SHOWN_SAFELY_BESIDE_OTHERS = 10;

    private final RsaKeyDirectory keys;
    private final RsaWorkers workers;
    private final AuditLog audit;
    private final FailureRuns failures;

    /// Takes its parts.
    public EncryptedData(RsaKeyDirectory keys, RsaWorkers workers, AuditLog audit, InstantSource clock) {
        this.keys = keys;
        this.workers = workers;
        this.audit = audit;
        this.failures = new FailureRuns(clock);
    }

    /// The data, checked for the action's domain; nothing, if there is no room to decrypt them now.
    ///
    /// @throws Refusal `0049` if the site has no RSA key, `0020` if none has ciphertexts of this length, `0024` for
    ///         whatever else is wrong
    Optional<ClearData> decrypt(Site site, Action action, SecretBytes ciphertext) {
        SiteRsaKeys known = keys.of(site.id());
        if (known.publicKeyText().isEmpty()) {
            throw noKey();
        }
        if (!known.fits(ciphertext)) {
            throw new Refusal(
                    ErrorCode.CRYPTO_DATA_WRONG_LENGTH,
                    "no RSA key of the site has ciphertexts of " + ciphertext.length() + " bytes");
        }
        Optional<Optional<ClearData>> done =
                workers.run(site.id(), () -> known.decrypt(ciphertext, message -> read(site, action, message)));
        return done.map(read -> {
            if (read.isEmpty()) {
                failures.failed(site.id())
                        .ifPresent(run ->
                                audit.record(new AuditEvent.DecryptionsFail(site.name(), run.count(), run.since())));
                throw new Refusal(
                        ErrorCode.DECRYPTION_FAILURE,
                        "RSA-encrypted data that do not decrypt to what the action takes");
            }
            failures.succeeded(site.id());
            return read.get();
        });
    }

    /// What a message is in the action's domain. A token is nothing here: whether it is one of the site's is an
    /// answer that encrypted data do not get.
    private static Optional<ClearData> read(Site site, Action action, SecretBytes message) {
        if (message.length() == 0 || !isUtf8(message) || TrackShape.matches(message)) {
            return Optional.empty();
        }
        try {
            ClearData data = RequestParser.clearData(action.domain().orElseThrow(), message, site.routingCheck());
            return showsTooMuch(site, data) ? Optional.empty() : Optional.of(data);
        } catch (Refusal _) {
            return Optional.empty();
        }
    }

    /// Whoever has a ciphertext of another's chooses the action that it is sent with, and a token that shows six
    /// digits of a short number would decrypt most of it: of an account number under 7 digits, of a social security
    /// number or personal data taken for one, or of these taken for a social security number.
    private static boolean showsTooMuch(Site site, ClearData data) {
        if (!site.domain(data.domain()).format().showsDigits()) {
            return false;
        }
        return switch (data.domain()) {
            case ACCOUNT ->
                data.normalised().length()
                        < (anyEnabled(site, Domain.SOCIAL_SECURITY, Domain.PERSONAL)
                                ? SHOWN_SAFELY_BESIDE_OTHERS
                                : SHOWN_SAFELY);
            case SOCIAL_SECURITY -> anyEnabled(site, Domain.ACCOUNT, Domain.PERSONAL);
            // No card number is so short, and tokens of personal data show nothing.
            case CARD, PERSONAL -> false;
        };
    }

    private static boolean anyEnabled(Site site, Domain one, Domain other) {
        return site.domain(one).enabled() || site.domain(other).enabled();
    }

    /// Fronts have seen to it that all other data are. Without an exception, which would cost as much as to be seen.
    private static boolean isUtf8(SecretBytes message) {
        CharBuffer characters = CharBuffer.allocate(message.length());
        CoderResult result =
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message.reveal()), characters, true);
        Arrays.fill(characters.array(), ' ');
        return !result.isError();
    }

    /// The public key that callers of the site encrypt with.
    ///
    /// @throws Refusal `0049` if there is none
    String publicKey(Site site) {
        return keys.of(site.id()).publicKeyText().orElseThrow(EncryptedData::noKey);
    }

    private static Refusal noKey() {
        return new Refusal(
                ErrorCode.DATA_NOT_FOUND, "the site has no RSA key; `cardsecure site rsa-key new` makes one");
    }

    /// Those who decrypt, few at a time.
    RsaWorkers workers() {
        return workers;
    }

    /// How many decryptions have failed since the start.
    public long failures() {
        return failures.failures();
    }
}
