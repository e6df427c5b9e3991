package cardsecure.sap;

import cardsecure.error.Refusal;
import cardsecure.rfc.Door;
import cardsecure.rfc.FunctionInterface.Direction;
import cardsecure.rfc.FunctionInterface.Parameter;
import cardsecure.rfc.RfcMessage;
import cardsecure.rfc.RfcReplies;
import cardsecure.rfc.RfcReplies.Output;
import cardsecure.rfc.TextEncoding;
import cardsecure.secret.SecretBytes;
import cardsecure.vault.Caller;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One message of a caller that may be here, and what is answered.
///
/// @param self this server's address, as the caller sees it
/// @param started by [System#nanoTime]
record RfcCall(RfcSpeech speech, InetAddress self, Door door, Caller caller, RfcMessage said, long started) {
    private static final Logger LOG = LoggerFactory.getLogger(RfcCall.class);
    private static final String OTHER_SERIALIZER = "Set the serializer of this destination to Classic (SM59, Special"
            + " Options): the server does not read basXML and fast serialization";
    private static final String OTHER_CODE_PAGE = "A result has characters that the code page of this system has not";
    private static final String TOO_LARGE = "The answer does not fit into one frame";
    private static final String DESCRIBE = "RFC_GET_FUNCTION_INTERFACE";
    private static final int FUNCTION_NAME_WIDTH = 30;
    private static final int DATA_MAX = 28_000;
    private static final double NANOS_PER_MICRO = 1_000;

    /// The answer's chain of fields.
    byte[] answer() {
        if (!said.classic()) {
            LOG.atWarn().addKeyValue("address", caller.shownAddress()).log(OTHER_SERIALIZER);
            return RfcReplies.systemFailure(said.encoding(), OTHER_SERIALIZER);
        }
        byte[] data = said.function().map(this::called).orElseGet(this::tried);
        if (data.length <= DATA_MAX) {
            return data;
        }
        Arrays.fill(data, (byte) 0);
        return undeliverable(TOO_LARGE);
    }

    private byte[] undeliverable(String text) {
        String _ = speech.functions().undelivered(caller, "-", text);
        return RfcReplies.systemFailure(said.encoding(), text);
    }

    /// A context without a call, by which systems try a destination.
    private byte[] tried() {
        return speech.functions().refused(caller).map(this::raised).orElseGet(() -> switch (door) {
            case EXTERNAL_CLIENT -> RfcReplies.loggedOn();
            case REGISTERED_PROGRAM -> RfcReplies.context(self, speech.config().programId(), micros());
        });
    }

    private byte[] called(String function) {
        if (function.equals(DESCRIBE)) {
            return speech.functions().refused(caller).map(this::raised).orElseGet(this::described);
        }
        return switch (speech.functions().call(caller, function, new Inputs())) {
            case FunctionDispatcher.Raised raised -> raised(raised);
            case FunctionDispatcher.Returned returned -> returned(function, returned.results());
        };
    }

    private byte[] described() {
        String name;
        boolean inCharacters;
        try {
            name = text("FUNCNAME", FUNCTION_NAME_WIDTH);
            inCharacters = text("NONE_UNICODE_LENGTH", 1).equals("X");
        } catch (Refusal e) {
            return raised(speech.functions().raised(caller, AbapException.INVALID_DATA, e.code(), e.reason()));
        }
        return speech.functions()
                .declared(name)
                .map(declared -> RfcReplies.described(
                        said.encoding(),
                        declared,
                        said.outputs(),
                        inCharacters,
                        speech.config().programId(),
                        micros()))
                .orElseGet(() -> raised(AbapException.FU_NOT_FOUND));
    }

    private String text(String parameter, int width) {
        return new Inputs()
                .value(new Parameter(parameter, Direction.IMPORTING, Optional.of(width), true))
                .map(value -> new String(value.reveal(), StandardCharsets.UTF_8))
                .orElse("");
    }

    /// What the message brings.
    private final class Inputs implements FunctionDispatcher.Inputs {
        @Override
        public Optional<SecretBytes> value(Parameter parameter) {
            return Optional.ofNullable(said.inputs().get(parameter.name()))
                    .map(value -> parameter
                            .width()
                            .map(width -> said.encoding().decodeChars(value, width))
                            .orElseGet(() -> TextEncoding.decodeString(value)));
        }

        @Override
        public Optional<SecretBytes> bytes(Parameter parameter) {
            return parameter.width().isPresent()
                    ? value(parameter)
                    : Optional.ofNullable(said.inputs().get(parameter.name())).map(TextEncoding::decodeBytes);
        }

        @Override
        public boolean takes(Parameter result) {
            return said.outputs().contains(result.name())
                    && (result.width().isEmpty() || said.encoding().hasAllCharacters());
        }
    }

    private byte[] raised(FunctionDispatcher.Raised raised) {
        return raised(raised.exception());
    }

    private byte[] raised(AbapException exception) {
        return RfcReplies.raised(said.encoding(), exception.name(), exception.number());
    }

    private byte[] returned(String function, Map<String, SecretBytes> results) {
        Optional<List<Output>> outputs = outputs(function, results);
        results.values().forEach(SecretBytes::destroy);
        return outputs.isPresent()
                ? RfcReplies.success(
                        said.encoding(), outputs.get(), speech.config().programId(), micros())
                : undeliverable(OTHER_CODE_PAGE);
    }

    /// Those that the caller takes.
    private Optional<List<Output>> outputs(String function, Map<String, SecretBytes> results) {
        List<Output> outputs = new ArrayList<>();
        for (Parameter parameter :
                speech.functions().declared(function).orElseThrow().parameters(Direction.EXPORTING)) {
            SecretBytes result = results.get(parameter.name());
            if (result != null && said.outputs().contains(parameter.name())) {
                Optional<SecretBytes> value = parameter.width().isPresent()
                        ? said.encoding().encodeChars(result, parameter.width().get())
                        : Optional.of(TextEncoding.encodeString(result));
                if (value.isEmpty()) {
                    return Optional.empty();
                }
                outputs.add(new Output(parameter.name(), value.get()));
            }
        }
        return Optional.of(outputs);
    }

    private double micros() {
        return (System.nanoTime() - started) / NANOS_PER_MICRO;
    }
}
