package cardsecure.http;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.rfc.FunctionInterface;
import cardsecure.sap.FunctionDispatcher;
import cardsecure.sap.SoapCall;
import cardsecure.sap.SoapReplies;
import cardsecure.sap.SoapReplies.Fault;
import cardsecure.secret.SecretBytes;
import cardsecure.vault.Caller;
import cardsecure.vault.Reply;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Function modules over SOAP 1.1, at [SoapPath]s.
final class SoapHandler {
    private static final Header XML = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/xml; charset=UTF-8");
    private static final Pattern SERVICE = Pattern.compile("(?:^|&)services=([A-Za-z0-9_/-]{1,60})(?:&|$)");
    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset=\"?([A-Za-z0-9._-]{1,40})\"?", Pattern.CASE_INSENSITIVE);
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]-]{1,255}");

    private final FunctionDispatcher functions;

    SoapHandler(FunctionDispatcher functions) {
        this.functions = functions;
    }

    /// Answers a call, or leaves to the transport what it has its own statuses for.
    ///
    /// @return what the vault said, if nothing was sent
    Optional<Reply> call(RoutingResponse response, Caller caller, Optional<String> contentType, byte[] body) {
        SoapCall call;
        try {
            call = SoapCall.decode(body, contentType.flatMap(SoapHandler::charset));
        } catch (Refusal e) {
            return unusable(response, caller, e, Fault.CLIENT);
        }
        try {
            if (!call.understood()) {
                Refusal refusal = new Refusal(ErrorCode.ILLEGAL_CHARACTERS, "a header has to be understood");
                return unusable(response, caller, refusal, Fault.MUST_UNDERSTAND);
            }
            return answer(response, caller, call);
        } finally {
            call.destroy();
        }
    }

    private static Optional<String> charset(String contentType) {
        Matcher charset = CHARSET.matcher(contentType);
        return charset.find() ? Optional.of(charset.group(1)) : Optional.empty();
    }

    private Optional<Reply> unusable(RoutingResponse response, Caller caller, Refusal refusal, Fault whose) {
        Reply reply = functions.malformed(caller, refusal);
        return fault(response, Optional.of(reply), SoapReplies.fault(whose, refusal.reason()));
    }

    private Optional<Reply> answer(RoutingResponse response, Caller caller, SoapCall call) {
        return switch (functions.call(caller, call.function(), call)) {
            case FunctionDispatcher.Returned returned -> {
                FunctionInterface declared = functions.declared(call.function()).orElseThrow();
                returned.errorId().ifPresent(id -> response.header(PlainText.ERROR_ID, id));
                byte[] body = SoapReplies.response(declared, returned.results());
                returned.results().values().forEach(SecretBytes::destroy);
                send(response, Status.OK_200, body);
                yield Optional.empty();
            }
            case FunctionDispatcher.Raised raised -> {
                byte[] fault = functions.declared(call.function()).isPresent()
                        ? SoapReplies.fault(call.function(), raised.exception())
                        : SoapReplies.fault(
                                raised.exception().byCaller() ? Fault.CLIENT : Fault.SERVER,
                                raised.exception().name());
                yield fault(response, raised.reply(), fault);
            }
        };
    }

    /// Sends a fault, unless the transport has a status of its own for it.
    private static Optional<Reply> fault(RoutingResponse response, Optional<Reply> reply, byte[] fault) {
        if (reply.filter(SoapHandler::isTransports).isPresent()) {
            return reply;
        }
        reply.ifPresent(said -> {
            if (said instanceof Reply.Refused refused) {
                response.header(PlainText.ERROR_ID, refused.errorId());
            }
        });
        send(response, Status.INTERNAL_SERVER_ERROR_500, fault);
        return Optional.empty();
    }

    private static boolean isTransports(Reply reply) {
        return switch (reply) {
            case Reply.CredentialsNeeded _, Reply.TooManyRequests _, Reply.Overloaded _ -> true;
            case Reply.Refused _,
                    Reply.Tokenized _,
                    Reply.Told _,
                    Reply.Revealed _,
                    Reply.Encrypted _,
                    Reply.Decrypted _ -> false;
        };
    }

    /// Sends the description of the function that the query names.
    ///
    /// @return whether there is such a one
    boolean describe(RoutingRequest request, RoutingResponse response, boolean secure) {
        Matcher service = SERVICE.matcher(request.prologue().query().rawValue());
        Optional<FunctionInterface> declared =
                service.find() ? functions.declared(SoapReplies.abapName(service.group(1))) : Optional.empty();
        String host = RequestTarget.of(request).host();
        if (declared.isEmpty() || !HOST.matcher(host).matches()) {
            return false;
        }
        String location = (secure ? "https://" : "http://") + host + SoapPath.CALL.path();
        send(response, Status.OK_200, SoapReplies.wsdl(declared.get(), location));
        return true;
    }

    private static void send(RoutingResponse response, Status status, byte[] body) {
        response.header(XML);
        response.status(status).send(body);
    }
}
