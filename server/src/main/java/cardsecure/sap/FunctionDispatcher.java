package cardsecure.sap;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.AuditLog;
import cardsecure.audit.ErrorIds;
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
import cardsecure.vault.Action;
import cardsecure.vault.Call;
import cardsecure.vault.Caller;
import cardsecure.vault.Reply;
import cardsecure.vault.ShortLivedData;
import cardsecure.vault.Vault;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The function modules that there are, whatever way they are called: those of the configuration, which are the
/// vault's actions, and those by which SAP systems try a destination. Safe for threads.
public final class FunctionDispatcher {
    private static final int TEXT_WIDTH = 255;
    private static final String REQUEST_TEXT = "REQUTEXT";
    private static final String ECHO_TEXT = "ECHOTEXT";
    private static final String RESPONSE_TEXT = "RESPTEXT";
    private static final String GREETING = "CardSecure Server OK";
    private static final byte[] NOTHING = {};
    private static final String UNKNOWN = "-";
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

    /// What a call comes with.
    public interface Inputs {
        /// The value of a parameter, UTF-8, if there is one; of a CHAR without the blanks at its end.
        ///
        /// @throws Refusal `0038` for one that is no text, `0039` for one that is not as its parameter is
        ///     declared
        Optional<SecretBytes> value(Parameter parameter);

        /// As [#value], but the bytes of a STRING may be any.
        Optional<SecretBytes> bytes(Parameter parameter);

        /// Whether the caller takes a result, whatever characters it has, if its declared width is enough.
        boolean takes(Parameter result);
    }

    /// What becomes of a call.
    public sealed interface Outcome {}

    /// Results, UTF-8, by their parameters' names; each fits its parameter.
    ///
    /// @param errorId under which the log has it, if one of them is an error's number
    public record Returned(Map<String, SecretBytes> results, Optional<String> errorId) implements Outcome {
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
    private final AuditLog audit;
    private final ErrorIds errorIds = new ErrorIds(RandomGenerator.of("L64X128MixRandom"));
    private final Map<String, FunctionInterface> interfaces = new LinkedHashMap<>();
    private final Map<String, RfcFunction> functions = new LinkedHashMap<>();

    /// Offers functions.
    public FunctionDispatcher(Vault vault, AuditLog audit, List<RfcFunction> offered) {
        this.vault = vault;
        this.audit = audit;
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
        RfcFunction function = functions.get(name);
        if (function != null) {
            return act(caller, function, function.declared(), inputs);
        }
        return refused(caller).<Outcome>map(raised -> raised).orElseGet(() -> builtIn(caller, name, inputs));
    }

    private Outcome builtIn(Caller caller, String name, Inputs inputs) {
        FunctionInterface declared = interfaces.get(name);
        if (declared == null) {
            return raised(caller, AbapException.FU_NOT_FOUND, ErrorCode.INVALID_ACTION, "no such function module");
        }
        return declared.equals(CONNECTION) ? echo(caller, inputs) : new Returned(Map.of(), Optional.empty());
    }

    /// Why a caller may not be here at all, if it may not: what is answered without an action of the vault is for
    /// nobody else than its `HI`.
    public Optional<Raised> refused(Caller caller) {
        Reply reply = vault.greet(caller);
        Optional<AbapException> exception = exception(reply, true);
        if (exception.isEmpty() && reply instanceof Reply.Refused) {
            return Optional.of(new Raised(AbapException.SERVICE_UNAVAILABLE, Optional.of(reply)));
        }
        return exception.map(some -> new Raised(some, Optional.of(reply)));
    }

    /// Raises an exception of the server's own, and tells the log of it.
    ///
    /// @param reason without a caller's text
    Raised raised(Caller caller, AbapException exception, ErrorCode code, String reason) {
        return new Raised(exception, Optional.of(new Reply.Refused(code, record(caller, UNKNOWN, code, reason))));
    }

    /// Tells the log of an answer that its caller cannot take.
    ///
    /// @param reason without a caller's text
    /// @return the id under which it has it
    String undelivered(Caller caller, String action, String reason) {
        return record(caller, action, ErrorCode.BUFFER_TOO_SHORT, reason);
    }

    private String record(Caller caller, String action, ErrorCode code, String reason) {
        String errorId = errorIds.next();
        audit.record(new AuditEvent.Refused(
                errorId, code.digits(), action, UNKNOWN, caller.shownAddress(), reason, Optional.empty()));
        return errorId;
    }

    /// Tells the vault of a call that could not be made out, so that it counts, and the log has it.
    public Reply malformed(Caller caller, Refusal refusal) {
        return vault.handle(caller, new Call.Malformed(refusal.code(), refusal.reason(), Optional.empty()));
    }

    private Outcome echo(Caller caller, Inputs inputs) {
        try {
            SecretBytes text = inputs.value(CONNECTION.parameters().getFirst()).orElse(utf8(""));
            return new Returned(Map.of(ECHO_TEXT, text, RESPONSE_TEXT, utf8(GREETING)), Optional.empty());
        } catch (Refusal e) {
            return raised(caller, AbapException.INVALID_DATA, e.code(), e.reason());
        }
    }

    private Outcome act(Caller caller, RfcFunction function, FunctionInterface declared, Inputs inputs) {
        Call call = deliverable(function, declared, inputs, decoded(declared, inputs));
        Reply reply = vault.handle(caller, call);
        boolean named =
                !(call instanceof Call.Decoded decoded) || decoded.action().isPresent();
        Optional<AbapException> exception = exception(reply, named);
        return exception.isPresent()
                ? new Raised(exception.get(), Optional.of(reply))
                : returned(caller, function, reply);
    }

    /// What is destroyed when it is given out is asked for only where it is sure to arrive, however long it is.
    private static Call deliverable(RfcFunction function, FunctionInterface declared, Inputs inputs, Call call) {
        boolean once = call instanceof Call.Decoded decoded
                && decoded.action()
                        .flatMap(Action::of)
                        .filter(action -> action.kind() == Action.Kind.TAKE)
                        .isPresent();
        boolean holdsAll = switch (function.type()) {
            // No text has more characters than bytes.
            case CHAR -> function.width() >= ShortLivedData.LENGTH_MAX;
            case STRING -> true;
        };
        boolean taken = declared.parameters(Direction.EXPORTING).stream()
                .filter(result -> result.name().equals(function.replyData()))
                .anyMatch(inputs::takes);
        if (!once || (holdsAll && taken)) {
            return call;
        }
        return new Call.Malformed(
                ErrorCode.BUFFER_TOO_SHORT,
                "one-time data are asked for where they might not fit, or the caller does not take the result;"
                        + " they are still there",
                Optional.empty());
    }

    /// What is wrong with values is told by the vault, so that the log has it as from every other front.
    private static Call decoded(FunctionInterface declared, Inputs inputs) {
        List<Parameter> parameters = declared.parameters(Direction.IMPORTING);
        Optional<String> action = Optional.empty();
        try {
            action = inputs.value(parameters.get(0))
                    .map(value -> new String(value.reveal(), StandardCharsets.UTF_8))
                    .filter(code -> !code.isEmpty());
            boolean anyBytes =
                    action.flatMap(Action::of).filter(Action::takesAnyBytes).isPresent();
            Optional<SecretBytes> data = anyBytes ? inputs.bytes(parameters.get(1)) : inputs.value(parameters.get(1));
            // As what it is read for: a wallet's parameters mean something to one action only.
            byte[] named = action.flatMap(Action::of)
                    .map(known -> ("action=" + known.name()).getBytes(StandardCharsets.US_ASCII))
                    .orElse(NOTHING);
            byte[] form =
                    inputs.value(parameters.get(2)).map(SecretBytes::reveal).orElse(NOTHING);
            Call others = FormDecoder.decode(named, form).call();
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

    /// @param named whether the call says what it wants
    private static Optional<AbapException> exception(Reply reply, boolean named) {
        return switch (reply) {
            case Reply.Refused refused -> exception(refused.code(), named);
            case Reply.CredentialsNeeded _ -> Optional.of(AbapException.NOT_AUTHORIZED);
            case Reply.TooManyRequests _, Reply.Overloaded _ -> Optional.of(AbapException.SERVICE_UNAVAILABLE);
            case Reply.Tokenized _, Reply.Told _, Reply.Revealed _, Reply.Encrypted _, Reply.Decrypted _ ->
                Optional.empty();
        };
    }

    private static Optional<AbapException> exception(ErrorCode code, boolean named) {
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
    private Returned returned(Caller caller, RfcFunction function, Reply reply) {
        SecretBytes data = data(reply);
        String action = ReplyEncoder.action(reply);
        if (!fits(function, data)) {
            data.destroy();
            String errorId = undelivered(caller, action, "the answer is longer than the function's result");
            return new Returned(
                    results(function, ReplyEncoder.ERROR, utf8(""), ErrorCode.BUFFER_TOO_SHORT), Optional.of(errorId));
        }
        return reply instanceof Reply.Refused refused
                ? new Returned(results(function, action, data, refused.code()), Optional.of(refused.errorId()))
                : new Returned(results(function, action, data, ErrorCode.NO_ERROR), Optional.empty());
    }

    private static Map<String, SecretBytes> results(
            RfcFunction function, String action, SecretBytes data, ErrorCode code) {
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
