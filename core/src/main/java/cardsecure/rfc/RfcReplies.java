package cardsecure.rfc;

import cardsecure.secret.SecretBytes;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Answers to messages: what follows the header. Written in the caller's own encoding.
public final class RfcReplies {
    private static final int PROGRAM_LENGTH = 40;
    private static final int EMPTY_TABLE_ROW = 31;
    private static final String CONTEXT = "0101010504010003";
    private static final String CONTEXT_OF_ERROR = "0101010101010000";
    private static final String CONTEXT_OF_SERVER = "0301010504010003";
    private static final String SDK_VERSION = "00000e0b";
    private static final String SERVER_VERSION = "00000e1b";
    private static final String SDK_CAPABILITIES = "0401000300030200000023";
    private static final String SERVER_CAPABILITIES = "04010003000a0200000023";
    private static final String RELEASE = "793";

    private RfcReplies() {}

    /// A result.
    ///
    /// @param value as its type has it; taken over and overwritten
    public record Output(String name, SecretBytes value) {}

    /// A table of results; all rows have the same length.
    record Table(String name, int rowLength, List<byte[]> rows) {}

    /// The answer of a function that went well.
    ///
    /// @param outputs what the caller takes, and nothing else: it would not know where to put it
    /// @param program who answers, 40 characters at most
    /// @param micros how long it took, in microseconds
    public static byte[] success(TextEncoding encoding, List<Output> outputs, String program, double micros) {
        return success(encoding, outputs, List.of(), program, micros);
    }

    private static byte[] success(
            TextEncoding encoding, List<Output> outputs, List<Table> tables, String program, double micros) {
        FieldChainWriter chain = new FieldChainWriter(Tag.RESPONSE)
                .add(Tag.RESPONSE_CONTEXT)
                .addHex(Tag.RETURN_CODE, "00000000")
                .add(Tag.PARAMETERS);
        outputs.forEach(output -> chain.add(Tag.OUTPUT_NAME, encoding.encode(output.name())));
        for (Output output : outputs) {
            chain.add(Tag.PARAMETER_NAME, encoding.encode(output.name())).add(Tag.PARAMETER_VALUE, output.value());
        }
        for (Table table : tables) {
            byte[] size = ByteBuffer.allocate(2 * Integer.BYTES)
                    .putInt(table.rowLength())
                    .putInt(table.rows().size())
                    .array();
            chain.add(Tag.TABLE_NAME, encoding.encode(table.name())).add(Tag.TABLE_SIZE, size);
            table.rows().forEach(row -> chain.add(Tag.TABLE_ROW, row));
        }
        return withProgram(chain, encoding, program, micros).end();
    }

    private static FieldChainWriter withProgram(
            FieldChainWriter chain, TextEncoding encoding, String program, double micros) {
        // Little-endian, unlike all other numbers of chains.
        byte[] duration = ByteBuffer.allocate(Double.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(micros)
                .array();
        return chain.add(Tag.PROGRAM, encoding.padded(program, PROGRAM_LENGTH)).add(Tag.DURATION, duration);
    }

    /// A classic exception.
    ///
    /// @param number of its message, three digits
    public static byte[] raised(TextEncoding encoding, String exception, String number) {
        return new FieldChainWriter(Tag.RESPONSE)
                .add(Tag.MESSAGE_NUMBER, encoding.encode(number))
                .add(Tag.EXCEPTION, encoding.encode(exception))
                .end();
    }

    /// The function could not be called at all.
    ///
    /// @param text for whoever reads the caller's `MESSAGE`
    public static byte[] systemFailure(TextEncoding encoding, String text) {
        return new FieldChainWriter(Tag.RESPONSE)
                .add(Tag.MESSAGE_TEXT, encoding.encode(text))
                .end();
    }

    /// The answer of `RFC_GET_FUNCTION_INTERFACE`.
    ///
    /// @param of the function that is asked about
    /// @param wanted the results that the caller takes
    /// @param inCharacters whether lengths are characters, or else bytes
    public static byte[] described(
            TextEncoding encoding,
            FunctionInterface of,
            List<String> wanted,
            boolean inCharacters,
            String program,
            double micros) {
        List<Output> outputs = new ArrayList<>();
        List<Table> tables = new ArrayList<>();
        for (String name : wanted) {
            switch (name) {
                case "REMOTE_BASXML_SUPPORTED", "UPDATE_TASK" -> outputs.add(output(name, encoding.encode(" ")));
                case "REMOTE_CALL" -> outputs.add(output(name, encoding.encode("R")));
                case "PARAMS" ->
                    tables.add(new Table(name, FunctionInterface.rowLength(encoding), of.rows(encoding, inCharacters)));
                case "RESUMABLE_EXCEPTIONS" -> tables.add(new Table(name, encoding.length(EMPTY_TABLE_ROW), List.of()));
                default -> {
                    // Newer clients ask for more, and take no answer for one.
                }
            }
        }
        return success(encoding, outputs, tables, program, micros);
    }

    private static Output output(String name, byte[] value) {
        return new Output(name, SecretBytes.owning(value));
    }

    /// An external client is logged on.
    public static byte[] loggedOn() {
        return new FieldChainWriter(Tag.CONTEXT, CONTEXT)
                .addHex(Tag.PROTOCOL_VERSION, SDK_VERSION)
                .addHex(Tag.CAPABILITIES, SDK_CAPABILITIES)
                .addHex(Tag.LOGON_STATUS, "00")
                .end();
    }

    /// An external client is not logged on.
    ///
    /// @param text why not
    /// @param self this server's address, as the client sees it
    public static byte[] logonRefused(String text, InetAddress self, String program) {
        TextEncoding encoding = TextEncoding.UTF16_LE;
        return new FieldChainWriter(Tag.CONTEXT, CONTEXT_OF_ERROR)
                .addHex(Tag.PROTOCOL_VERSION, SDK_VERSION)
                .addHex(Tag.CAPABILITIES, SDK_CAPABILITIES)
                .addHex(Tag.LOGON_STATUS, "01")
                .add(Tag.CODE_PAGE, encoding.encode(CodePage.UTF16_LE.digits()))
                .add(Tag.CALLER_ADDRESS, encoding.encode(self.getHostAddress()))
                .add(Tag.PARTNER_ADDRESS, encoding.encode(self.getHostAddress()))
                .add(Tag.PARTNER, encoding.encode(program))
                .add(Tag.CONNECTION_TYPE, encoding.encode("E"))
                .add(Tag.RELEASE_OF_KERNEL, encoding.encode(RELEASE + " "))
                .add(Tag.RELEASE_OF_CALLER, encoding.encode(RELEASE + " "))
                .add(Tag.CALLER_DESTINATION, encoding.encode(program))
                .add(Tag.PROGRAM, encoding.padded(program, PROGRAM_LENGTH))
                .add(Tag.RESPONSE)
                .add(Tag.MESSAGE_TEXT, encoding.encode(text))
                .end();
    }

    /// The answer to a context without a call, by which an ABAP system tries its destination.
    ///
    /// @param self this server's address, as the client sees it
    public static byte[] context(InetAddress self, String program, double micros) {
        TextEncoding encoding = TextEncoding.UTF16_LE;
        FieldChainWriter chain = new FieldChainWriter(Tag.CONTEXT, CONTEXT_OF_SERVER)
                .addHex(Tag.PROTOCOL_VERSION, SERVER_VERSION)
                .addHex(Tag.CAPABILITIES, SERVER_CAPABILITIES)
                .add(Tag.CALLER_ADDRESS, encoding.encode(self.getHostAddress()))
                .add(Tag.CONNECTION_TYPE, encoding.encode("E"))
                .add(Tag.RELEASE_OF_CALLER, encoding.encode(RELEASE))
                .add(Tag.RELEASE_OF_KERNEL, encoding.encode(RELEASE + " " + self.getHostAddress()));
        return chain.add(Tag.PROGRAM, encoding.encode(program))
                .add(
                        Tag.DURATION,
                        ByteBuffer.allocate(Double.BYTES)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putDouble(micros)
                                .array())
                .end();
    }
}
