package cardsecure.config;

import cardsecure.rfc.NiDecoder;
import java.util.List;

/// What is offered to SAP systems, by RFC and by SOAP.
///
/// @param programId the Program ID of their destinations; another one is served too, and logged
/// @param frameMax the longest frame, in bytes
/// @param dumpFrames whether frames are logged, without values, for support
/// @param functions the function modules
public record RfcConfig(String programId, int frameMax, boolean dumpFrames, List<RfcFunction> functions) {
    private static final int PROGRAM_ID_MAX = 64;

    /// Checks the parts.
    ///
    /// @throws InvalidConfigException for parts that cannot be, or two functions of one name
    public RfcConfig {
        functions = List.copyOf(functions);
        new Rules()
                .holds(
                        programId.matches("[!-~]{1," + PROGRAM_ID_MAX + "}"),
                        "program-id",
                        "is 1 to " + PROGRAM_ID_MAX + " printable characters without blanks")
                .inRange("frame-max", frameMax, NiDecoder.LENGTH_MIN, NiDecoder.LENGTH_MAX)
                .holds(
                        functions.stream().map(RfcFunction::name).distinct().count() == functions.size(),
                        "functions",
                        "has two of one name")
                .enforce();
    }

    /// The usual offer.
    public static RfcConfig defaults() {
        return new RfcConfig(
                "CARDSECURE",
                64 * 1024,
                false,
                List.of(
                        RfcFunction.usual("Z_CARDSECURE", RfcFunction.Type.CHAR),
                        RfcFunction.usual("Z_CARDSECURE_STR", RfcFunction.Type.STRING)));
    }
}
