package cardsecure.sap;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A small RFC client that calls by either door. It has nothing of the product's codec, so that a mistake has
/// to be made twice. One connection, for one thread.
public final class RfcClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int HEADER = 80;
    private static final int PARAMETERS = 373;
    private static final HexFormat HEX = HexFormat.of();
    private static final String LOGON_MARK = "d9c6c3f0f0f0f0f0f0f0f0f0";

    /// What the usual function gives.
    static final List<String> OUTPUTS = List.of("E_ACTION", "E_DATA", "E_RETCODE", "E_MESSAGE");

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final boolean abap;
    private Charset charset = StandardCharsets.UTF_16LE;
    private String program = "CARDSECURE";
    private boolean fast;

    /// A field of a message.
    public record Field(int tag, String hex) {
        byte[] bytes() {
            return HEX.parseHex(hex);
        }
    }

    /// What a call came to.
    ///
    /// @param outputs by name, bytes in hexadecimal
    /// @param exception a classic one
    /// @param failure the text of a system failure
    public record Result(Map<String, String> outputs, Optional<String> exception, Optional<String> failure) {}

    private RfcClient(Socket socket, boolean abap) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        this.abap = abap;
    }

    /// As an ABAP system with a destination of type T.
    public static RfcClient abap(Socket socket) throws IOException {
        RfcClient client = new RfcClient(socket, true);
        byte[] hello = HEX.parseHex("0203ac11000300000000736170677730300000003131303000000000000e766863616c613468"
                + "6134682020202020202020202020202006cbffff000000000000");
        byte[] answer = client.exchange(hello);
        require(answer.length == 64 && answer[29] == 0x0f && answer[55] == (byte) 0xfb, "no greeting");
        return client;
    }

    /// As an ABAP system, to a port of this machine.
    public static RfcClient abap(int port) throws IOException {
        return abap(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /// As a program with an RFC library, not logged on yet.
    public static RfcClient external(Socket socket) throws IOException {
        RfcClient client = new RfcClient(socket, false);
        byte[] hello = HEX.parseHex("02037f000001000000006f70656e2d726663000031313030000000000006766d202020202020"
                + "6f70656e2d726663202020202020202006dbffff000000000000");
        byte[] answer = client.exchange(hello);
        String page = new String(answer, 20, 4, StandardCharsets.US_ASCII);
        require(answer.length == 64 && page.equals("4103"), "no greeting");
        byte[] initialized = client.exchange(client.beginning(0x01, 2));
        String conversation = new String(initialized, 40, 8, StandardCharsets.US_ASCII);
        require(initialized.length == HEADER && conversation.matches("[0-9]{8}"), "no conversation");
        client.send(Arrays.copyOf(header(0x0f, 2), 224));
        byte[] allocated = client.exchange(header(0x05, 2));
        require(allocated.length == HEADER && allocated[1] == 0x05, "not allocated");
        return client;
    }

    /// As a program with an RFC library, to a port of this machine.
    public static RfcClient external(int port) throws IOException {
        return external(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /// A connection over which nothing was said.
    static RfcClient unspoken(int port) throws IOException {
        return new RfcClient(new Socket(InetAddress.getLoopbackAddress(), port), true);
    }

    private static void require(boolean holds, String message) throws IOException {
        if (!holds) {
            throw new IOException(message);
        }
    }

    /// Writes names and values in another encoding.
    public RfcClient in(Charset other) {
        charset = other;
        return this;
    }

    /// Asks for another Program ID.
    public RfcClient of(String other) {
        program = other;
        return this;
    }

    /// Has values in a form that only the fast serializer reads.
    RfcClient serializingFast() {
        fast = true;
        return this;
    }

    /// Logs on.
    ///
    /// @return why not, if it is not
    public Optional<String> logOn(String user, String password) throws IOException {
        List<Field> answer = fields(exchange(logonMessage(user, password)));
        Optional<String> text = text(answer, 0x0402, StandardCharsets.UTF_16LE);
        String status = answer.stream()
                .filter(field -> field.tag() == 0x0161)
                .findFirst()
                .map(Field::hex)
                .orElse("-");
        return status.equals("00") ? Optional.empty() : Optional.of(text.orElse("status " + status));
    }

    static byte[] logonMessage(String user, String password) {
        List<Field> logon = new ArrayList<>(List.of(
                new Field(0x0101, "0301010101010000"),
                new Field(0x0103, "00000e09"),
                ascii(0x0114, "001"),
                ascii(0x0111, user),
                new Field(0x0117, HEX.formatHex(scrambled(password))),
                new Field(0x0502, ""),
                ascii(0x0102, "RFCPING")));
        byte[] chain = joined(HEX.parseHex(LOGON_MARK), chain(logon, true));
        return joined(header(0xcb, 2), chain);
    }

    private static byte[] scrambled(String password) {
        byte[] table = HEX.parseHex("f0ed53b83244f1f876c67959fd4f13a2c15195ec5483c234774943a27de26596"
                + "5e5398789a17a33cd383a8b829fbdca555d702778413acddf9b83116610e6dfa");
        byte[] clear = password.getBytes(StandardCharsets.UTF_8);
        long seed = 0x89abcdefL;
        ByteBuffer scrambled = ByteBuffer.allocate(4 + clear.length);
        scrambled.order(ByteOrder.LITTLE_ENDIAN).putInt((int) seed);
        for (long i = 0; i < clear.length; i++) {
            int place = (int) (((seed ^ (seed >> 5) ^ (seed << 1)) + i) & 63);
            scrambled.put((byte) (clear[(int) i] ^ table[place] ^ (seed * i * i - i)));
        }
        return scrambled.array();
    }

    /// Calls a function.
    ///
    /// @param inputs by name, bytes as they go over the wire
    /// @param outputs the names that are wanted
    public Result call(String function, Map<String, byte[]> inputs, List<String> outputs) throws IOException {
        return result(fields(exchange(message(function, inputs, outputs))));
    }

    /// The fields of a call's answer, whatever they are.
    public List<Field> callForFields(String function, Map<String, byte[]> inputs, List<String> outputs)
            throws IOException {
        return fields(exchange(message(function, inputs, outputs)));
    }

    /// A call's message; begins a conversation, if each call has one.
    byte[] message(String function, Map<String, byte[]> inputs, List<String> outputs) throws IOException {
        List<Field> call = new ArrayList<>();
        if (abap) {
            begin();
            call.add(new Field(0x0101, "0301010504010003"));
            call.add(text(0x0111, "SAPUSER"));
            call.add(text(0x0670, "a logon ticket"));
        }
        call.add(new Field(0x0502, ""));
        call.add(text(0x000b, "758"));
        call.add(text(0x0102, function));
        call.add(new Field(0x0512, ""));
        outputs.forEach(name -> call.add(text(0x0205, name)));
        if (fast) {
            call.add(new Field(0x5001, "43".repeat(80)));
        } else {
            inputs.forEach((name, value) -> {
                call.add(text(0x0201, name));
                call.add(new Field(0x0203, HEX.formatHex(value)));
            });
        }
        return joined(header(0xcb, abap ? 7 : 2), chain(call, !abap));
    }

    /// Begins a conversation, as an ABAP system does before each call.
    void begin() throws IOException {
        byte[] accept = exchange(beginning(0xca, 7));
        require(accept.length == 125 && accept[80] == 1, "not accepted");
        require(HEX.formatHex(exchange(HEX.parseHex("4e495f50494e4700"))).equals("4e495f504f4e4700"), "no pong");
    }

    /// A call without a function.
    List<Field> test() throws IOException {
        begin();
        return fields(exchange(joined(header(0xcb, 7), chain(List.of(new Field(0x0101, "0301010504010003")), false))));
    }

    /// The values of the usual function.
    public Map<String, byte[]> inputs(String action, String data) {
        Map<String, byte[]> inputs = new LinkedHashMap<>();
        inputs.put("I_ACTION", chars(action, 2));
        inputs.put("I_DATA", chars(data, 512));
        return inputs;
    }

    /// Calls the usual function, and takes all its results.
    public Result act(String action, String data) throws IOException {
        return call("Z_CARDSECURE", inputs(action, data), OUTPUTS);
    }

    /// A value of the type CHAR.
    public byte[] chars(String text, int width) {
        return (text + " ".repeat(width - text.length())).getBytes(charset);
    }

    /// The text of an output of the type CHAR, without the blanks at its end.
    public String chars(Result result, String name) {
        return new String(HEX.parseHex(result.outputs().getOrDefault(name, "")), charset).stripTrailing();
    }

    private Field text(int tag, String text) {
        return new Field(tag, HEX.formatHex(text.getBytes(charset)));
    }

    private static Field ascii(int tag, String text) {
        return new Field(tag, HEX.formatHex(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static Optional<String> text(List<Field> fields, int tag, Charset charset) {
        return fields.stream()
                .filter(field -> field.tag() == tag)
                .findFirst()
                .map(field -> new String(field.bytes(), charset));
    }

    private byte[] beginning(int function, int protocol) {
        byte[] message = Arrays.copyOf(header(function, protocol), HEADER + PARAMETERS);
        byte[] id = program.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(id, 0, message, 389, id.length);
        return message;
    }

    static byte[] header(int function, int protocol) {
        byte[] header = new byte[HEADER];
        header[0] = 6;
        header[1] = (byte) function;
        header[2] = (byte) protocol;
        Arrays.fill(header, 4, 6, (byte) 0xff);
        return header;
    }

    static byte[] chain(List<Field> fields, boolean sdk) {
        ByteArrayOutputStream chain = new ByteArrayOutputStream();
        int before = -1;
        for (Field field : fields) {
            if (before >= 0) {
                chain.writeBytes(number(before));
            }
            byte[] value = field.bytes();
            chain.writeBytes(number(field.tag()));
            chain.writeBytes(number(value.length));
            chain.writeBytes(value);
            before = field.tag();
        }
        chain.writeBytes(number(before));
        chain.writeBytes(HEX.parseHex("ffff0000ffff"));
        if (sdk) {
            chain.writeBytes(HEX.parseHex("0000000000008500"));
        }
        return chain.toByteArray();
    }

    private static byte[] number(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    private List<Field> fields(byte[] message) throws IOException {
        require(message.length > HEADER && message[1] == (byte) 0xcb, "no answer to a call");
        require(message[35] == (abap ? 18 : 0), "another return code");
        return fieldsOf(message);
    }

    static List<Field> fieldsOf(byte[] message) throws IOException {
        ByteBuffer chain = ByteBuffer.wrap(message, HEADER, message.length - HEADER);
        List<Field> fields = new ArrayList<>();
        int tag = chain.getShort() & 0xffff;
        while (tag != 0xffff) {
            byte[] value = new byte[chain.getShort() & 0xffff];
            chain.get(value);
            fields.add(new Field(tag, HEX.formatHex(value)));
            require((chain.getShort() & 0xffff) == tag, "the chain breaks");
            tag = chain.getShort() & 0xffff;
        }
        require(chain.remaining() == 4 && chain.getInt() == 0xffff, "no end");
        return fields;
    }

    private Result result(List<Field> fields) {
        Map<String, String> outputs = new LinkedHashMap<>();
        String name = "";
        for (Field field : fields) {
            if (field.tag() == 0x0201) {
                name = new String(field.bytes(), charset);
            } else if (field.tag() == 0x0203) {
                outputs.put(name, field.hex());
            }
        }
        return new Result(outputs, text(fields, 0x0401, charset), text(fields, 0x0402, charset));
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /// Sends a message and takes the next one.
    byte[] exchange(byte[] message) throws IOException {
        send(message);
        return take();
    }

    void send(byte[] message) throws IOException {
        out.write(joined(ByteBuffer.allocate(4).putInt(message.length).array(), message));
        out.flush();
    }

    /// Sends a message in two parts.
    ///
    /// @param at where the second begins, the length's four bytes included; behind the end there is one part
    void send(byte[] message, int at) throws IOException {
        byte[] frame = joined(ByteBuffer.allocate(4).putInt(message.length).array(), message);
        int first = Math.min(at, frame.length);
        out.write(frame, 0, first);
        out.flush();
        out.write(frame, first, frame.length - first);
        out.flush();
    }

    /// Sends a message byte by byte.
    void sendBytewise(byte[] message) throws IOException {
        for (byte b : joined(ByteBuffer.allocate(4).putInt(message.length).array(), message)) {
            out.write(b);
            out.flush();
        }
    }

    byte[] take() throws IOException {
        byte[] message = new byte[in.readInt()];
        in.readFully(message);
        return message;
    }

    /// Whether the server ends the connection without another word.
    boolean isEnded() throws IOException {
        return in.read() < 0;
    }

    OutputStream out() {
        return out;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
