package cardsecure.sap;

import cardsecure.config.RfcFunction;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.protocol.FormDecoder;
import cardsecure.protocol.ReplyEncoder;
import cardsecure.rfc.FunctionInterface;
import cardsecure.rfc.FunctionInterface.Direction;
import cardsecure.rfc.FunctionInterface.Parameter;
import cardsecure.rfc.TextEncoding;
import cardsecure.secret.SecretBytes;
import cardsecure.vault.Call;
import cardsecure.vault.Caller;
import cardsecure.vault.Reply;
import cardsecure.vault.Vault;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The function modules that there are, whatever way they are called: those of the configuration, which are the
/// vault's actions, and those by which SAP systems try a destination. Safe for threads.
public final class FunctionDispatcher {
    private static final int TEXT_WIDTH = 255;
    private static final String REQUEST_TEXT = "REQUTEXT";
    private static final String ECHO_TEXT = "ECHOTEXT";
    private static final String RESPONSE_TEXT = "RESPTEXT";
    private static final String GREETING = "CardSecure Server OK";
    private static final byte[] NOTHING = {};
    private static final List<ErrorCode> UNAVAILABLE = List.of(
            ErrorCode.KEYSTORE_NOT_INITIALIZED,
            ErrorCode.APPLICATION_NOT_INITIALIZED,
            ErrorCode.SERVER_FAILED,
            ErrorCode.TOKEN_DATABASE_PROBLEM);

    private static final FunctionInterface CONNECTION = new FunctionInterface(
            "STFC_CONNECTION",
            List.of(
                    new Parameter(REQUEST_TEXT, Direction.IMPORTING, Optional.of(TEXT_WIDTH), false),
                    new Parameter(ECHO_TEXT, Direction.EXPORTING, Optional.of(TEXT_WIDTH), false),
                    new Parameter(RESPONSE_TEXT, Direction.EXPORTING, Optional.of(TEXT_WIDTH), false)),
            List.of());

    /// The values of a call.
    @FunctionalInterface
    public interface Inputs {
        /// The value of a parameter, UTF-8, if there is one; of a CHAR without the blanks at its end.
        ///
        /// @throws Refusal `0038` for one that is no text, `0039` for one that is not as its parameter is
        ///     declared
        Optional<SecretBytes> value(Parameter parameter);
    }

    /// What becomes of a call.
    public sealed interface Outcome {}

    /// Results, UTF-8, by their parameters' names; each fits its parameter.
    public record Returned(Map<String, SecretBytes> results) implements Outcome {
        /// Keeps a copy.
        public Returned {
            results = Map.copyOf(results);
        }
    }

    /// An exception.
    ///
    /// @param reply what the vault said, if it was asked
    public record Raised(AbapException exception, Optional<Reply> reply) implements Outcome {}

    private final Vault vault;
    private final Map<String, FunctionInterface> interfaces = new LinkedHashMap<>();
    private final Map<String, RfcFunction> functions = new LinkedHashMap<>();

    /// Offers functions.
    public FunctionDispatcher(Vault vault, List<RfcFunction> offered) {
        this.vault = vault;
        for (RfcFunction function : offered) {
            functions.put(function.name(), function);
            interfaces.put(function.name(), function.declared());
        }
        for (String name : List.of("RFC_PING", "RFCPING", "SYSTEM_RESET_RFC_SERVER")) {
            interfaces.putIfAbsent(name, new FunctionInterface(name, List.of(), List.of()));
        }
        interfaces.putIfAbsent(CONNECTION.name(), CONNECTION);
    }

    /// How a function is declared, if there is such a one.
    public Optional<FunctionInterface> declared(String name) {
        return Optional.ofNullable(interfaces.get(name));
    }

    /// The functions that are the vault's actions.
    public Collection<RfcFunction> functions() {
        return List.copyOf(functions.values());
    }

    /// Calls a function.
    public Outcome call(Caller caller, String name, Inputs inputs) {
        FunctionInterface declared = interfaces.get(name);
        if (declared == null) {
            Refusal unknown = new Refusal(ErrorCode.INVALID_ACTION, "there is no such function module");
            return new Raised(AbapException.FU_NOT_FOUND, Optional.of(malformed(caller, unknown)));
        }
        RfcFunction function = functions.get(name);
        if (function != null) {
            return act(caller, function, declared, inputs);
        }
        return declared.equals(CONNECTION) ? echo(inputs) : new Returned(Map.of());
    }

    /// Tells the vault of a call that could not be made out, so that it counts, and the log has it.
    public Reply malformed(Caller caller, Refusal refusal) {
        return vault.handle(caller, new Call.Malformed(refusal.code(), refusal.reason(), Optional.empty()));
    }

    private static Outcome echo(Inputs inputs) {
        try {
            SecretBytes text = inputs.value(CONNECTION.parameters().getFirst()).orElse(utf8(""));
            return new Returned(Map.of(ECHO_TEXT, text, RESPONSE_TEXT, utf8(GREETING)));
        } catch (Refusal _) {
            return new Raised(AbapException.INVALID_DATA, Optional.empty());
        }
    }

    private Outcome act(Caller caller, RfcFunction function, FunctionInterface declared, Inputs inputs) {
        Call call = decoded(declared, inputs);
        Reply reply = vault.handle(caller, call);
        Optional<AbapException> exception = exception(reply, call);
        return exception.isPresent()
                ? new Raised(exception.get(), Optional.of(reply))
                : new Returned(results(function, reply));
    }

    /// What is wrong with values is told by the vault, so that the log has it as from every other front.
    private static Call decoded(FunctionInterface declared, Inputs inputs) {
        List<Parameter> parameters = declared.parameters(Direction.IMPORTING);
        Optional<String> action = Optional.empty();
        try {
            action = inputs.value(parameters.get(0))
                    .map(value -> new String(value.reveal(), StandardCharsets.UTF_8))
                    .filter(code -> !code.isEmpty());
            Optional<SecretBytes> data = inputs.value(parameters.get(1));
            Call others = FormDecoder.decode(
                            inputs.value(parameters.get(2))
                                    .map(SecretBytes::reveal)
                                    .orElse(NOTHING),
                            NOTHING)
                    .call();
            return switch (others) {
                case Call.Decoded decoded -> new Call.Decoded(action, data, decoded.parameters());
                case Call.Signable signable ->
                    new Call.Decoded(action, data, signable.plain().parameters());
                case Call.Malformed malformed -> new Call.Malformed(malformed.code(), malformed.reason(), action);
            };
        } catch (Refusal e) {
            return new Call.Malformed(e.code(), e.reason(), action);
        }
    }

    private static Optional<AbapException> exception(Reply reply, Call call) {
        return switch (reply) {
            case Reply.Refused refused -> exception(refused.code(), call);
            case Reply.CredentialsNeeded _ -> Optional.of(AbapException.NOT_AUTHORIZED);
            case Reply.TooManyRequests _, Reply.Overloaded _ -> Optional.of(AbapException.SERVICE_UNAVAILABLE);
            case Reply.Tokenized _, Reply.Told _, Reply.Revealed _, Reply.Encrypted _, Reply.Decrypted _ ->
                Optional.empty();
        };
    }

    private static Optional<AbapException> exception(ErrorCode code, Call call) {
        boolean named =
                !(call instanceof Call.Decoded decoded) || decoded.action().isPresent();
        if (code == ErrorCode.INVALID_ACTION || (code == ErrorCode.MISSING_PARAMETER && !named)) {
            return Optional.of(AbapException.INVALID_ACTION);
        }
        if (code == ErrorCode.MISSING_PARAMETER || code == ErrorCode.WRONG_MESSAGE_LENGTH) {
            return Optional.of(AbapException.INVALID_DATA);
        }
        if (code == ErrorCode.UNAUTHORIZED_HOST) {
            return Optional.of(AbapException.NOT_AUTHORIZED);
        }
        return UNAVAILABLE.contains(code) ? Optional.of(AbapException.SERVICE_UNAVAILABLE) : Optional.empty();
    }

    /// A refusal leaves the data empty, so that nobody who forgets to look keeps an error for a token.
    private static Map<String, SecretBytes> results(RfcFunction function, Reply reply) {
        ErrorCode code = reply instanceof Reply.Refused refused ? refused.code() : ErrorCode.NO_ERROR;
        SecretBytes data = data(reply);
        String action = ReplyEncoder.action(reply);
        if (!fits(function, data)) {
            code = ErrorCode.BUFFER_TOO_SHORT;
            action = ReplyEncoder.ERROR;
            data = utf8("");
        }
        return Map.of(
                function.replyAction(),
                utf8(action),
                function.replyData(),
                data,
                function.replyCode(),
                utf8(code.digits()),
                function.replyMessage(),
                utf8(shortened(code.text(), function.messageWidth())));
    }

    private static boolean fits(RfcFunction function, SecretBytes data) {
        return switch (function.type()) {
            case CHAR -> TextEncoding.UTF16_LE.holds(data, function.width());
            case STRING -> true;
        };
    }

    private static String shortened(String text, int width) {
        return text.length() > width ? text.substring(0, width) : text;
    }

    private static SecretBytes data(Reply reply) {
        return switch (reply) {
            case Reply.Tokenized tokenized -> utf8(tokenized.token().text());
            case Reply.Told told -> utf8(told.text());
            case Reply.Revealed revealed -> revealed.data();
            case Reply.Encrypted encrypted -> utf8(encrypted.ciphertext());
            case Reply.Decrypted decrypted -> decrypted.data();
            case Reply.Refused _, Reply.CredentialsNeeded _, Reply.TooManyRequests _, Reply.Overloaded _ -> utf8("");
        };
    }

    static SecretBytes utf8(String text) {
        return SecretBytes.owning(text.getBytes(StandardCharsets.UTF_8));
    }
}
