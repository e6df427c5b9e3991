package cardsecure.vault;

import cardsecure.card.Domain;
import cardsecure.site.Right;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The actions, by the two letters that go over the wire.
public enum Action {
    CE(Kind.TOKENIZE, Domain.CARD),
    CV(Kind.VERIFY, Domain.CARD),
    CP(Kind.PURGE, Domain.CARD),
    CT(Kind.BIN_VIEW, Domain.CARD),
    CD(Kind.DETOKENIZE, Domain.CARD),
    CR(Kind.TOKENIZE_ENCRYPTED, Domain.CARD),
    CZ(Kind.TOKENIZE_SWIPE, Domain.CARD),
    TD(Kind.TAKE, Domain.CARD),
    AE(Kind.TOKENIZE, Domain.ACCOUNT),
    AV(Kind.VERIFY, Domain.ACCOUNT),
    AP(Kind.PURGE, Domain.ACCOUNT),
    AD(Kind.DETOKENIZE, Domain.ACCOUNT),
    AR(Kind.TOKENIZE_ENCRYPTED, Domain.ACCOUNT),
    PE(Kind.TOKENIZE, Domain.PERSONAL),
    PV(Kind.VERIFY, Domain.PERSONAL),
    PP(Kind.PURGE, Domain.PERSONAL),
    PD(Kind.DETOKENIZE, Domain.PERSONAL),
    PR(Kind.TOKENIZE_ENCRYPTED, Domain.PERSONAL),
    SE(Kind.TOKENIZE, Domain.SOCIAL_SECURITY),
    SV(Kind.VERIFY, Domain.SOCIAL_SECURITY),
    SP(Kind.PURGE, Domain.SOCIAL_SECURITY),
    SD(Kind.DETOKENIZE, Domain.SOCIAL_SECURITY),
    SR(Kind.TOKENIZE_ENCRYPTED, Domain.SOCIAL_SECURITY),
    KG(Kind.PUBLIC_KEY),
    EC(Kind.ENCRYPT, Domain.CARD),
    DE(Kind.DECRYPT, Domain.CARD),
    HI(Kind.ECHO);

    /// What an action does, whatever kind of data it does it to.
    public enum Kind {
        TOKENIZE(Right.TOKENIZE),
        /// The data are encrypted with the site's RSA key, or a wallet's payload.
        TOKENIZE_ENCRYPTED(Right.TOKENIZE),
        /// The data are what a card reader sends.
        TOKENIZE_SWIPE(Right.TOKENIZE),
        VERIFY(Right.VERIFY),
        PURGE(Right.PURGE),
        BIN_VIEW(Right.BIN),
        DETOKENIZE(Right.DECRYPT),
        /// What came with the card number and is kept for a short time: it is given out once, and destroyed.
        TAKE(Right.DECRYPT),
        /// For the caller to keep: nothing is stored.
        ENCRYPT(Right.ENCRYPT),
        DECRYPT(Right.DECRYPT),
        /// Anybody may.
        PUBLIC_KEY(),
        /// Anybody may.
        ECHO();

        private final Optional<Right> right;

        Kind() {
            this.right = Optional.empty();
        }

        Kind(Right right) {
            this.right = Optional.of(right);
        }

        /// The right that it takes; none, if anybody may.
        public Optional<Right> right() {
            return right;
        }
    }

    private static final Map<String, Action> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Action::name, Function.identity()));

    private final Kind kind;
    private final Optional<Domain> domain;

    Action(Kind kind) {
        this.kind = kind;
        this.domain = Optional.empty();
    }

    Action(Kind kind, Domain domain) {
        this.kind = kind;
        this.domain = Optional.of(domain);
    }

    /// What it does.
    public Kind kind() {
        return kind;
    }

    /// The kind of data it does it to; none for the echo and the public key.
    public Optional<Domain> domain() {
        return domain;
    }

    /// Whether its data may be of any bytes, in whatever form they come.
    public boolean takesAnyBytes() {
        return kind == Kind.TOKENIZE_SWIPE;
    }

    /// Whether its data may be a wallet's, with the parameters that come beside them.
    public boolean takesWallets() {
        return this == CR;
    }

    /// The action of a code; case counts.
    public static Optional<Action> of(String code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }
}
