package cardsecure.config;

import java.util.ArrayList;
import java.util.List;

/// Reads what the configuration file says of RFC.
final class RfcReader {
    static final List<String> RFC = List.of("program-id", "frame-max", "dump-frames", "functions");

    /// Of a function module.
    static final List<String> FUNCTION = List.of(
            "name",
            "type",
            "action",
            "data",
            "parameters",
            "reply-action",
            "reply-data",
            "reply-code",
            "reply-message",
            "width",
            "message-width");

    private enum Switch {
        ON,
        OFF
    }

    private RfcReader() {}

    static RfcConfig rfc(Section section, RfcConfig usual) {
        String program = section.value("program-id", usual.programId(), text -> text);
        int frame = section.value("frame-max", usual.frameMax(), Values::smallSize);
        boolean dump = section.value("dump-frames", Switch.OFF, text -> Values.oneOf(Switch.class, text)) == Switch.ON;
        List<RfcFunction> functions = new ArrayList<>();
        if (section.has("functions")) {
            section.sections("functions", FUNCTION).forEach(one -> functions.add(function(one)));
        } else {
            functions.addAll(usual.functions());
        }
        return section.build(usual, () -> new RfcConfig(program, frame, dump, functions));
    }

    private static RfcFunction function(Section section) {
        if (!section.has("name")) {
            section.problem("name", "a function module needs \"name\"");
        }
        String name = section.value("name", "Z_CARDSECURE", text -> text);
        RfcFunction usual = RfcFunction.usual("Z_CARDSECURE", RfcFunction.Type.CHAR);
        RfcFunction.Type type = section.value("type", usual.type(), text -> Values.oneOf(RfcFunction.Type.class, text));
        String action = section.value("action", usual.action(), text -> text);
        String data = section.value("data", usual.data(), text -> text);
        String parameters = section.value("parameters", usual.parameters(), text -> text);
        String replyAction = section.value("reply-action", usual.replyAction(), text -> text);
        String replyData = section.value("reply-data", usual.replyData(), text -> text);
        String replyCode = section.value("reply-code", usual.replyCode(), text -> text);
        String replyMessage = section.value("reply-message", usual.replyMessage(), text -> text);
        int width = section.value("width", usual.width(), Values::number);
        int messageWidth = section.value("message-width", usual.messageWidth(), Values::number);
        return section.build(
                usual,
                () -> new RfcFunction(
                        name,
                        type,
                        action,
                        data,
                        parameters,
                        replyAction,
                        replyData,
                        replyCode,
                        replyMessage,
                        width,
                        messageWidth));
    }
}
