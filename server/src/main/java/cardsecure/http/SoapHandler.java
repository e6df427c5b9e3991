package cardsecure.http;

import cardsecure.error.Refusal;
import cardsecure.rfc.FunctionInterface;
import cardsecure.sap.FunctionDispatcher;
import cardsecure.sap.SoapCall;
import cardsecure.sap.SoapReplies;
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
    private static final Pattern SERVICE = Pattern.compile("(?:^|&)services=([A-Za-z0-9_]{1,30})(?:&|$)");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]-]{1,255}");

    private final FunctionDispatcher functions;

    SoapHandler(FunctionDispatcher functions) {
        this.functions = functions;
    }

    /// Answers a call, or leaves to the transport what it has its own statuses for.
    ///
    /// @return what the vault said, if nothing was sent
    Optional<Reply> call(RoutingResponse response, Caller caller, byte[] body) {
        SoapCall call;
        try {
            call = SoapCall.decode(body);
        } catch (Refusal e) {
            return fault(response, Optional.of(functions.malformed(caller, e)), SoapReplies.fault(true, e.reason()));
        }
        try {
            return answer(response, caller, call);
        } finally {
            call.destroy();
        }
    }

    private Optional<Reply> answer(RoutingResponse response, Caller caller, SoapCall call) {
        return switch (functions.call(caller, call.function(), call::value)) {
            case FunctionDispatcher.Returned returned -> {
                FunctionInterface declared = functions.declared(call.function()).orElseThrow();
                send(response, Status.OK_200, SoapReplies.response(declared, returned.results()));
                yield Optional.empty();
            }
            case FunctionDispatcher.Raised raised -> {
                byte[] fault = functions.declared(call.function()).isPresent()
                        ? SoapReplies.fault(call.function(), raised.exception())
                        : SoapReplies.fault(true, raised.exception().name());
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
        Optional<FunctionInterface> declared = service.find() ? functions.declared(service.group(1)) : Optional.empty();
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
