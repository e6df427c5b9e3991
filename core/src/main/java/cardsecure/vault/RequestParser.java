package cardsecure.vault;

import cardsecure.card.AccountNumber;
import cardsecure.card.BankAccount;
import cardsecure.card.ClearData;
import cardsecure.card.Domain;
import cardsecure.card.Pan;
import cardsecure.card.PersonalData;
import cardsecure.card.SocialSecurityNumber;
import cardsecure.crypto.CallerCiphertext;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyId;
import cardsecure.rsa.Ciphertext;
import cardsecure.secret.SecretBytes;
import cardsecure.site.Site;
import cardsecure.token.Token;
import cardsecure.wallet.WalletKind;
import cardsecure.wallet.WalletParameters;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Makes a request of a call, by the rules of `docs/protocol.md`, "What goes in".
final class RequestParser {
    private static final int ECHO_LENGTH = 8;
    private static final String WALLET = "EC_ANDROID_PAY";

    private RequestParser() {}

    static Request parse(Site site, Action action, Call.Decoded call) {
        if (action.kind() == Action.Kind.PUBLIC_KEY) {
            // The one action that asks for nothing about any data, so that none are missed.
            return new Request.PublicKey(
                    action, call.parameters().encryptionHandler().equals(Optional.of(WALLET)));
        }
        SecretBytes data = call.data()
                .orElseThrow(() -> new Refusal(ErrorCode.MISSING_PARAMETER, "the parameter data is missing"));
        if (data.length() == 0) {
            throw new Refusal(ErrorCode.DATA_EMPTY, "the parameter data is empty");
        }
        return switch (action.kind()) {
            case TOKENIZE -> parseTokenize(site, action, data, call.parameters().unique());
            case TOKENIZE_ENCRYPTED -> parseEncrypted(action, data, call.parameters());
            case TOKENIZE_SWIPE ->
                new Request.TokenizeSwipe(action, data, call.parameters().unique());
            case TAKE -> new Request.Take(action, token(site, action, data));
            case VERIFY -> new Request.Verify(action, token(site, action, data));
            case PURGE -> new Request.Purge(action, token(site, action, data));
            case BIN_VIEW -> new Request.BinView(action, token(site, action, data));
            case DETOKENIZE -> new Request.Detokenize(action, token(site, action, data));
            case ENCRYPT -> new Request.Encrypt(action, Pan.parse(data), keyId(call.parameters()));
            case DECRYPT -> new Request.Decrypt(action, CallerCiphertext.parse(data), keyId(call.parameters()));
            case ECHO -> parseEcho(action, data);
            case PUBLIC_KEY -> throw new IllegalStateException("it has no data");
        };
    }

    private static Request parseTokenize(Site site, Action action, SecretBytes data, boolean unique) {
        Domain domain = domainOf(action);
        if (domain == Domain.CARD && !BankAccount.looksLikeOne(data)) {
            Pan.requireNumber(data);
            if (Pan.startsLikeToken(data)) {
                return new Request.Update(action, token(site, action, data));
            }
        }
        return new Request.Tokenize(action, clearData(domain, data, site.routingCheck()), unique);
    }

    /// A wallet's payload, if the parameters or the data say so.
    private static Request parseEncrypted(Action action, SecretBytes data, Parameters parameters) {
        if (action.takesWallets()) {
            WalletParameters ofWallet = WalletParameters.of(data, parameters.wallet());
            Optional<WalletKind> wallet = ofWallet.wallet();
            if (wallet.isPresent()) {
                return new Request.TokenizeWallet(action, wallet.get(), ofWallet, parameters.unique());
            }
        }
        return new Request.TokenizeEncrypted(action, Ciphertext.decode(data), parameters.unique());
    }

    /// Reads data of a domain, whether a caller sends them or a row holds them.
    ///
    /// @param routingCheck whether a routing number's check digit counts; rows may be older than the check
    static ClearData clearData(Domain domain, SecretBytes data, boolean routingCheck) {
        return switch (domain) {
            case CARD -> BankAccount.looksLikeOne(data) ? BankAccount.parse(data, routingCheck) : Pan.parse(data);
            case ACCOUNT -> AccountNumber.parse(data);
            case PERSONAL -> PersonalData.parse(data);
            case SOCIAL_SECURITY -> SocialSecurityNumber.parse(data);
        };
    }

    /// Blanks name no key: they are what stands in a frame's field where none is meant.
    private static Optional<KeyId> keyId(Parameters parameters) {
        try {
            return parameters.keyId().filter(text -> !text.isBlank()).map(KeyId::new);
        } catch (IllegalArgumentException _) {
            throw new Refusal(ErrorCode.KEY_ID_NOT_FOUND, "what is given for a key ID has not the shape of one");
        }
    }

    private static Token token(Site site, Action action, SecretBytes data) {
        Optional<Token> token = data.length() > Token.LENGTH_MAX
                ? Optional.empty()
                : site.domain(domainOf(action)).token(new String(data.reveal(), StandardCharsets.UTF_8));
        return token.orElseThrow(() -> new Refusal(
                ErrorCode.TOKEN_FORMAT_BAD, "the data have " + data.length() + " bytes that are no token's format"));
    }

    private static Request parseEcho(Action action, SecretBytes data) {
        String text = new String(data.reveal(), StandardCharsets.UTF_8);
        int length = text.codePointCount(0, text.length());
        if (length < ECHO_LENGTH) {
            throw new Refusal(ErrorCode.DATA_TOO_SHORT, "an echo has " + ECHO_LENGTH + " characters, not " + length);
        }
        if (length > ECHO_LENGTH) {
            throw new Refusal(ErrorCode.DATA_TOO_LONG, "an echo has " + ECHO_LENGTH + " characters, not " + length);
        }
        return new Request.Echo(action);
    }

    private static Domain domainOf(Action action) {
        return action.domain().orElseThrow(() -> new IllegalStateException(action + " has no domain"));
    }
}
