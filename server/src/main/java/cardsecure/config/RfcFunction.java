package cardsecure.config;

import cardsecure.rfc.FunctionInterface;
import cardsecure.rfc.FunctionInterface.Direction;
import cardsecure.rfc.FunctionInterface.Parameter;
import java.util.List;
import java.util.Optional;

/// A function module by which SAP systems call the vault: its name and parameters, which are the caller's to
/// choose.
///
/// @param type of data and results
/// @param action the parameter with the action's code
/// @param data the one with the data
/// @param parameters the one with all else that HTTP carries by name; callers may leave it out
/// @param replyAction the result with the request's own code, or `ER`
/// @param replyData the one with what was asked for; empty if that was refused
/// @param replyCode the one with the error's number, `0000` for none
/// @param replyMessage the one with the error's text
/// @param width characters of the data and of what was asked for, if they are CHAR
/// @param messageWidth characters of the error's text
public record RfcFunction(
        String name,
        Type type,
        String action,
        String data,
        String parameters,
        String replyAction,
        String replyData,
        String replyCode,
        String replyMessage,
        int width,
        int messageWidth) {
    private static final int ACTION_WIDTH = 2;
    private static final int CODE_WIDTH = 4;

    /// The exceptions that such a function raises.
    public static final List<String> EXCEPTIONS =
            List.of("INVALID_ACTION", "INVALID_DATA", "NOT_AUTHORIZED", "SERVICE_UNAVAILABLE");

    /// What SAP systems try a destination by, and clients ask for interfaces: the server's own.
    private static final List<String> RESERVED =
            List.of("RFC_GET_FUNCTION_INTERFACE", "RFC_PING", "RFCPING", "STFC_CONNECTION", "SYSTEM_RESET_RFC_SERVER");

    /// How data are declared.
    public enum Type {
        /// CHAR, of a fixed width: blanks at the end are lost.
        CHAR,
        /// STRING.
        STRING
    }

    /// Checks the parts.
    ///
    /// @throws InvalidConfigException for names that ABAP does not take, or widths that cannot be
    public RfcFunction {
        Rules rules = new Rules()
                .inRange("width", width, 1, FunctionInterface.WIDTH_MAX)
                .inRange("message-width", messageWidth, 1, FunctionInterface.WIDTH_MAX);
        named(rules, "name", name);
        rules.holds(!RESERVED.contains(name), "name", "is none of the function modules that the server has itself");
        named(rules, "action", action);
        named(rules, "data", data);
        named(rules, "parameters", parameters);
        named(rules, "reply-action", replyAction);
        named(rules, "reply-data", replyData);
        named(rules, "reply-code", replyCode);
        named(rules, "reply-message", replyMessage);
        List<String> names = List.of(action, data, parameters, replyAction, replyData, replyCode, replyMessage);
        rules.holds(names.stream().distinct().count() == names.size(), "name", "has two parameters of one name")
                .enforce();
    }

    private static void named(Rules rules, String key, String name) {
        boolean holds = true;
        try {
            FunctionInterface.requireName(name);
        } catch (IllegalArgumentException _) {
            holds = false;
        }
        rules.holds(holds, key, "is a name in ABAP: 1 to 30 capital letters, digits, _ and /, no digit first");
    }

    /// One with the usual parameters.
    public static RfcFunction usual(String name, Type type) {
        return new RfcFunction(
                name, type, "I_ACTION", "I_DATA", "I_PARAMS", "E_ACTION", "E_DATA", "E_RETCODE", "E_MESSAGE", 512, 120);
    }

    /// What its caller declares.
    public FunctionInterface declared() {
        Optional<Integer> dataWidth = switch (type) {
            case CHAR -> Optional.of(width);
            case STRING -> Optional.empty();
        };
        return new FunctionInterface(
                name,
                List.of(
                        new Parameter(action, Direction.IMPORTING, Optional.of(ACTION_WIDTH), false),
                        new Parameter(data, Direction.IMPORTING, dataWidth, false),
                        new Parameter(parameters, Direction.IMPORTING, dataWidth, true),
                        new Parameter(replyAction, Direction.EXPORTING, Optional.of(ACTION_WIDTH), false),
                        new Parameter(replyData, Direction.EXPORTING, dataWidth, false),
                        new Parameter(replyCode, Direction.EXPORTING, Optional.of(CODE_WIDTH), false),
                        new Parameter(replyMessage, Direction.EXPORTING, Optional.of(messageWidth), false)),
                EXCEPTIONS);
    }
}
