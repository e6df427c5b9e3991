package cardsecure.vault;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.AuditLog;
import cardsecure.audit.ErrorIds;
import cardsecure.card.BankAccount;
import cardsecure.card.BinRange;
import cardsecure.card.ClearData;
import cardsecure.card.Domain;
import cardsecure.card.Pan;
import cardsecure.crypto.CallerCipher;
import cardsecure.crypto.CallerCiphertext;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyId;
import cardsecure.secret.SecretBytes;
import cardsecure.site.Site;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.swipe.CardRead;
import cardsecure.token.Token;
import cardsecure.user.User;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// Decides every request. Each front calls [#handle], and [#logOn] where callers log on, and nothing else. Safe
/// for threads.
public final class Vault {
    private static final String ECHO = "CardSecure Server OK";
    private static final String FOUND = "Token Found";
    private static final String NOT_FOUND = "Token Not Found";

    private final SiteDirectory sites;
    private final Tokenizer tokenizer;
    private final EncryptedSources sources;
    private final ShortLivedData shortLived;
    private final CallerCipher cipher;
    private final Gate gate;
    private final SignatureCheck signatures;
    private final AuditLog audit;
    private final ErrorIds errorIds;
    private final Readiness readiness;
    private final LongAdder answered = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /// Takes its parts.
    ///
    /// @param clock by which signatures are in time
    public Vault(
            SiteDirectory sites,
            Tokenizer tokenizer,
            ShortLivedData shortLived,
            EncryptedSources sources,
            CallerCipher cipher,
            Gate gate,
            InstantSource clock,
            AuditLog audit,
            ErrorIds errorIds) {
        this.sites = sites;
        this.tokenizer = tokenizer;
        this.shortLived = shortLived;
        this.sources = sources;
        this.cipher = cipher;
        this.gate = gate;
        this.signatures = new SignatureCheck(sites.signingKeys(), clock);
        this.readiness = tokenizer.readiness(clock);
        this.audit = audit;
        this.errorIds = errorIds;
    }

    /// Whether calls can be answered now: whether the store can be read.
    public boolean ready() {
        return readiness.ready();
    }

    /// Answers a call. Never throws an exception: whatever goes wrong becomes an error code here, and nowhere
    /// else.
    public Reply handle(Caller caller, Call call) {
        return answerOrRefuse(caller, progress -> decide(caller, call, progress));
    }

    /// Whether a caller is who it shows to be, for fronts whose callers log on before they ask for anything: as
    /// `HI` is answered, if a user of the site proved it. It is asked again with each call. Never throws an
    /// exception.
    public Reply logOn(Caller caller) {
        return answerOrRefuse(caller, progress -> prove(caller, progress));
    }

    /// Whether a caller may be here, for what a front answers by itself: as `HI` is answered, signed or not. Never
    /// throws an exception.
    public Reply greet(Caller caller) {
        return answerOrRefuse(caller, progress -> {
            identify(caller, progress);
            return new Reply.Told(Action.HI, ECHO);
        });
    }

    private Reply prove(Caller caller, Progress progress) {
        if (identify(caller, progress).isEmpty()) {
            throw new Denial(new Denial.Kind.Credentials(), "a caller without credentials wants to log on");
        }
        return new Reply.Told(Action.HI, ECHO);
    }

    private Optional<User> identify(Caller caller, Progress progress) {
        progress.site = sites.find(caller.site());
        Site site = requireSite(progress.site);
        return gate.admit(site, caller).or(() -> gate.identify(site, caller));
    }

    /// What is done with a request that came in.
    @FunctionalInterface
    private interface Decision {
        Reply make(Progress progress) throws StoreException;
    }

    private Reply answerOrRefuse(Caller caller, Decision decision) {
        Progress progress = new Progress();
        try {
            Reply reply = enterAndDecide(decision, progress);
            answered.increment();
            return reply;
        } catch (Denial e) {
            return deny(caller, progress, e);
        } catch (Refusal e) {
            return refuse(caller, progress, e.code(), e.reason(), Optional.ofNullable(e.getCause()));
        } catch (StoreException e) {
            return refuse(
                    caller, progress, ErrorCode.TOKEN_DATABASE_PROBLEM, String.valueOf(e.getMessage()), Optional.of(e));
        } catch (RuntimeException e) {
            return refuse(caller, progress, ErrorCode.SERVER_FAILED, "a fault of the server's own", Optional.of(e));
        }
    }

    private Reply enterAndDecide(Decision decision, Progress progress) throws StoreException {
        gate.enter();
        try {
            return decision.make(progress);
        } finally {
            gate.leave();
        }
    }

    private Reply decide(Caller caller, Call call, Progress progress) throws StoreException {
        // The site and the action come first, so that the log has them whatever else is wrong.
        progress.action = call.action().flatMap(Action::of);
        Optional<Site> known = sites.find(caller.site());
        progress.site = known;
        Optional<User> recalled = known.flatMap(site -> gate.admit(site, caller));
        Call.Decoded decoded = switch (call) {
            case Call.Decoded fine -> fine;
            case Call.Signable signable ->
                known.filter(site -> site.signing().on()).isPresent() ? signable.signed() : signable.plain();
            case Call.Malformed malformed -> throw malformed.refusal();
        };
        Site site = requireSite(known);
        Optional<User> user = recalled.or(() -> gate.identify(site, caller));
        UnspentMark once = tokenizer.unspent(signatures.check(site, decoded));
        try {
            Reply reply = decide(new Guest(site, caller, user, once), decoded);
            once.spend();
            return reply;
        } catch (Denial e) {
            // Who is told that there is no room may send it again as it was.
            if (!(e.kind() instanceof Denial.Kind.Overload)) {
                once.spendRefused();
            }
            throw e;
        } catch (Refusal e) {
            once.spendRefused();
            throw e;
        }
    }

    private static Site requireSite(Optional<Site> known) {
        return known.orElseThrow(
                () -> new Refusal(ErrorCode.UNKNOWN_SITE, "no site has this name and there is no default"));
    }

    private Reply decide(Guest guest, Call.Decoded decoded) throws StoreException {
        Site site = guest.site();
        String code = decoded.action()
                .orElseThrow(() -> new Refusal(ErrorCode.MISSING_PARAMETER, "the parameter action is missing"));
        Action action = Action.of(code).orElseThrow(() -> new Refusal(ErrorCode.INVALID_ACTION, "no such action"));
        if (action.domain().isPresent() && !site.domain(action.domain().get()).enabled()) {
            throw new Refusal(ErrorCode.INVALID_ACTION, "the site does not take this kind of data");
        }
        Gate.authorize(site, guest.caller(), guest.user(), action);
        return answer(guest, RequestParser.parse(site, action, decoded));
    }

    private Reply answer(Guest guest, Request request) throws StoreException {
        Site site = guest.site();
        return switch (request) {
            case Request.Tokenize(Action action, ClearData data, boolean unique) ->
                isGiftCard(site, data)
                        ? new Reply.Revealed(action, data.normalised())
                        : new Reply.Tokenized(action, tokenizer.tokenize(site, data, unique, guest.once()));
            case Request.TokenizeEncrypted(Action action, SecretBytes ciphertext, boolean unique) ->
                tokenizeEncrypted(guest, action, ciphertext, unique);
            case Request.TokenizeSwipe(Action action, SecretBytes data, boolean unique) ->
                tokenizeSwipe(guest, action, data, unique);
            case Request.TokenizeWallet payload -> sources.wallets().evenly(() -> tokenizeWallet(guest, payload));
            case Request.Take(Action action, Token token) -> take(guest, action, token);
            case Request.PublicKey(Action action, boolean wallet) ->
                new Reply.Told(
                        action,
                        wallet
                                ? sources.wallets().publicKey(site)
                                : sources.data().publicKey(site));
            case Request.Update(Action action, Token token) -> update(site, action, token);
            case Request.Verify(Action action, Token token) ->
                new Reply.Told(
                        action, tokenizer.find(place(site, action, token)).isPresent() ? FOUND : NOT_FOUND);
            case Request.Purge(Action action, Token token) -> purge(guest, action, token);
            case Request.BinView(Action action, Token token) -> binView(site, action, token);
            case Request.Detokenize(Action action, Token token) -> detokenize(guest, action, token);
            case Request.Encrypt(Action action, Pan pan, Optional<KeyId> keyId) -> encrypt(site, action, pan, keyId);
            case Request.Decrypt(Action action, CallerCiphertext ciphertext, Optional<KeyId> keyId) ->
                decrypt(guest, action, ciphertext, keyId);
            case Request.Echo(Action action) -> new Reply.Told(action, ECHO);
        };
    }

    /// Gives a token or refuses, and never clear data, gift cards included: whoever has a ciphertext of another's
    /// must not have it decrypted here.
    private Reply tokenizeEncrypted(Guest guest, Action action, SecretBytes ciphertext, boolean unique)
            throws StoreException {
        Site site = guest.site();
        ClearData data = sources.data()
                .decrypt(site, action, ciphertext)
                .orElseThrow(() -> gate.overload("too many RSA decryptions wait"));
        return new Reply.Tokenized(action, tokenizer.tokenize(site, data, unique, guest.once()));
    }

    /// What is not kept of the swipe is overwritten, whatever becomes of it. Gift cards get a token, too.
    private Reply tokenizeSwipe(Guest guest, Action action, SecretBytes data, boolean unique) throws StoreException {
        CardRead read = sources.readers().read(guest.site(), data);
        try {
            sources.readers().count(guest.site(), read, guest.once());
            return tokenizeAndKeep(guest, action, read.pan(), ShortLivedJson.of(read), unique);
        } finally {
            read.destroyTracks();
        }
    }

    private Reply tokenizeWallet(Guest guest, Request.TokenizeWallet request) throws StoreException {
        WalletPayments.Payment payment = sources.wallets()
                .open(guest.site(), request.wallet(), request.parameters())
                .orElseThrow(() -> gate.overload("too many decryptions wait"));
        guest.once().bring(payment.mark(), payment.replayed());
        return tokenizeAndKeep(guest, request.action(), payment.pan(), payment.kept(), request.unique());
    }

    private Reply tokenizeAndKeep(Guest guest, Action action, Pan pan, SecretBytes kept, boolean unique)
            throws StoreException {
        try {
            Optional<ShortLivedContent> content = shortLived.content(guest.site(), kept);
            return new Reply.Tokenized(action, tokenizer.tokenize(guest.site(), pan, unique, guest.once(), content));
        } finally {
            kept.destroy();
        }
    }

    /// Of all who ask one gets it.
    private Reply take(Guest guest, Action action, Token token) throws StoreException {
        Site site = guest.site();
        SecretBytes data = shortLived
                .take(place(site, action, token), guest.once())
                .orElseThrow(() -> new Refusal(
                        ErrorCode.DATA_NOT_FOUND,
                        "nothing is kept beside the token (any more), or there is no such token"));
        audit.record(new AuditEvent.Revealed(
                action.name(), site.name(), guest.caller().shownAddress(), guest.userName(), token.text()));
        return new Reply.Revealed(action, data);
    }

    private static boolean isGiftCard(Site site, ClearData data) {
        return data instanceof Pan pan && site.giftCards().stream().anyMatch((BinRange range) -> range.contains(pan));
    }

    private Reply update(Site site, Action action, Token token) throws StoreException {
        if (tokenizer.find(place(site, action, token)).isEmpty()) {
            throw new Refusal(ErrorCode.TOKEN_FORMAT_BAD, "a number that starts with 9 and is no token of this site");
        }
        return new Reply.Tokenized(action, token);
    }

    private Reply purge(Guest guest, Action action, Token token) throws StoreException {
        Site site = guest.site();
        if (!tokenizer.purge(place(site, action, token), guest.once())) {
            throw new Refusal(ErrorCode.DATA_NOT_FOUND, "the token does not exist in this site");
        }
        audit.record(new AuditEvent.Purged(
                action.name(), site.name(), guest.caller().shownAddress(), guest.userName(), token.text()));
        return new Reply.Tokenized(action, token);
    }

    private Reply binView(Site site, Action action, Token token) throws StoreException {
        return switch (tokenizer.detokenize(site, Domain.CARD, token)) {
            case Pan pan -> new Reply.Told(action, pan.binView());
            case BankAccount _ -> throw new Refusal(ErrorCode.TOKEN_FORMAT_BAD, "a bank account has no BIN");
            case ClearData other -> throw new IllegalStateException(other.domain() + " in the domain of cards");
        };
    }

    private Reply detokenize(Guest guest, Action action, Token token) throws StoreException {
        Site site = guest.site();
        ClearData data = tokenizer.detokenize(site, action.domain().orElseThrow(), token);
        // Before the record: what a replay asks for is not revealed.
        guest.once().spend();
        audit.record(new AuditEvent.Revealed(
                action.name(), site.name(), guest.caller().shownAddress(), guest.userName(), token.text()));
        return new Reply.Revealed(action, data.normalised());
    }

    private Reply encrypt(Site site, Action action, Pan pan, Optional<KeyId> keyId) {
        CallerCiphertext ciphertext = keyId.map(id -> cipher.encryptUnder(id, site.id(), pan))
                .orElseGet(() -> cipher.encrypt(site.id(), pan));
        return new Reply.Encrypted(action, ciphertext.keyId().text(), ciphertext.text());
    }

    private Reply decrypt(Guest guest, Action action, CallerCiphertext ciphertext, Optional<KeyId> keyId)
            throws StoreException {
        Site site = guest.site();
        KeyId own = ciphertext.keyId();
        if (keyId.isPresent() && !keyId.get().equals(own)) {
            throw new Refusal(ErrorCode.KEY_ID_NOT_FOUND, "the ciphertext is under another key than the request says");
        }
        Pan pan = cipher.decrypt(site.id(), ciphertext);
        // Before it is recorded: a request that came before reveals nothing.
        guest.once().spend();
        audit.record(new AuditEvent.Decrypted(
                action.name(), site.name(), guest.caller().shownAddress(), guest.userName(), own.text()));
        return new Reply.Decrypted(action, own.text(), pan.normalised());
    }

    private static TokenPlace place(Site site, Action action, Token token) {
        return new TokenPlace(site.id(), action.domain().orElseThrow(), token);
    }

    private Reply deny(Caller caller, Progress progress, Denial denial) {
        String errorId = newErrorId();
        audit.record(new AuditEvent.Refused(
                errorId,
                denial.kind().status(),
                progress.actionName(),
                progress.siteName(),
                caller.shownAddress(),
                denial.reason(),
                Optional.empty()));
        return switch (denial.kind()) {
            case Denial.Kind.Credentials _ -> new Reply.CredentialsNeeded(errorId);
            case Denial.Kind.TooMany(Duration retryAfter) -> new Reply.TooManyRequests(errorId, retryAfter);
            case Denial.Kind.Overload _ -> new Reply.Overloaded(errorId);
        };
    }

    private Reply refuse(Caller caller, Progress progress, ErrorCode code, String reason, Optional<Throwable> cause) {
        String errorId = newErrorId();
        audit.record(new AuditEvent.Refused(
                errorId,
                code.digits(),
                progress.actionName(),
                progress.siteName(),
                caller.shownAddress(),
                reason,
                cause));
        return new Reply.Refused(code, errorId);
    }

    /// How many calls were answered without an error since the start.
    public long answered() {
        return answered.sum();
    }

    /// How many calls were refused since the start.
    public long refused() {
        return refused.sum();
    }

    /// What happened at the gate.
    public Gate.Counts gateCounts() {
        return gate.counts();
    }

    /// How many RSA-encrypted data did not decrypt since the start.
    public long failedDecryptions() {
        return sources.data().failures();
    }

    /// Each refusal takes one, so this is where they are counted.
    private String newErrorId() {
        refused.increment();
        return errorIds.next();
    }
}
