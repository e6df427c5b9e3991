package cardsecure.rfc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import cardsecure.Refusals;
import cardsecure.Seeded;
import cardsecure.TestCards;
import cardsecure.error.Refusal;
import cardsecure.rfc.FunctionInterface.Direction;
import cardsecure.rfc.FunctionInterface.Parameter;
import cardsecure.rfc.RfcReplies.Output;
import cardsecure.secret.SecretBytes;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Recorded conversations, read and written to the byte.
class RfcVectorsTest {
    private static final TextEncoding UNICODE = TextEncoding.UTF16_LE;
    private static final String CONVERSATION = "40000001";
    private static final String TOKEN = TestCards.DOCUMENTED_TOKENS.getFirst();
    private static final String PROGRAM = "CARDSECURE";
    private static final double MICROS = 100;
    private static final String DESCRIBE = "RFC_GET_FUNCTION_INTERFACE";

    /// The interface that the recorded conversations are about.
    private static final FunctionInterface CARDSECURE = new FunctionInterface(
            "Z_CARDSECURE",
            List.of(
                    new Parameter("ACTION", Direction.IMPORTING, Optional.of(2), false),
                    new Parameter("DATA", Direction.IMPORTING, Optional.of(255), false),
                    new Parameter("RESULT", Direction.EXPORTING, Optional.of(255), false),
                    new Parameter("RETCODE", Direction.EXPORTING, Optional.of(2), false)),
            List.of("INVALID_ACTION"));

    @Test
    void anExternalClientIsAnsweredToTheByte() throws IOException {
        List<RfcVectors.Message> talk = RfcVectors.client();

        assertAnswer(talk, 1, GatewayRecord.decode(bytes(talk, 0)).answer());
        assertAnswer(talk, 3, header(talk, 2).initialized(CONVERSATION));
        assertThat(header(talk, 4).function()).contains(AppcFunction.SET_PARTNER_LU_NAME);
        assertAnswer(talk, 6, header(talk, 5).allocated(CONVERSATION));
        assertAnswer(talk, 8, data(talk, 7, RfcReplies.loggedOn()));
        List<String> wanted = message(talk, 9).outputs();
        assertAnswer(talk, 10, data(talk, 9, RfcReplies.described(UNICODE, CARDSECURE, wanted, true, PROGRAM, MICROS)));
        assertAnswer(talk, 12, data(talk, 11, success()));
        assertAnswer(talk, 14, data(talk, 13, RfcReplies.raised(UNICODE, "INVALID_ACTION", "000")));
        assertAnswer(talk, 16, data(talk, 15, RfcReplies.raised(UNICODE, "FU_NOT_FOUND", "046")));
        assertThat(header(talk, 17).function()).contains(AppcFunction.DEALLOCATE);
        assertThat(header(talk, 17).conversation()).isEqualTo(CONVERSATION);
    }

    @Test
    void anAbapSystemIsAnsweredToTheByte() throws IOException {
        List<RfcVectors.Message> talk = RfcVectors.typeT();

        assertAnswer(talk, 1, GatewayRecord.decode(bytes(talk, 0)).answer());
        assertAnswer(talk, 3, header(talk, 2).accept(bytes(talk, 2), CONVERSATION));
        assertThat(AppcHeader.mentions(bytes(talk, 2), PROGRAM)).isTrue();
        assertThat(AppcHeader.mentions(bytes(talk, 2), "ANOTHER")).isFalse();
        assertThat(NiDecoder.ping()).isEqualTo(NiDecoder.frame(bytes(talk, 4)));
        assertAnswer(talk, 5, Arrays.copyOfRange(NiDecoder.pong(), 4, 12));
        assertAnswer(talk, 7, header(talk, 6).answered(Door.REGISTERED_PROGRAM, CONVERSATION, success()));
    }

    /// The captures that the specification quotes: an accept, the header of an answer and one of a connection
    /// test.
    @Test
    void publishedCapturesAreMet() throws IOException {
        byte[] init = bytes(RfcVectors.typeT(), 2);
        String accept = "06ca070063ac000000000000000000008000000000020000000000000200010000000000"
                + "0000000034303530363837340000" + "000000000000000000000000000000000000000000000000000000060001"
                + "010000000000000000443739433938433731363833423737426a85d4fa99600b53e1000000ac11000300000000";
        assertHex(AppcHeader.decode(init).accept(init, "40506874"), accept);

        String header = "06cb070063ac000000000000000000000100000000020000000000000200010800000012"
                + "0000000034303530363837340000"
                + "010b000000020000010b0000000000000000003131303000000000060001";
        byte[] answer = AppcHeader.decode(init).answered(Door.REGISTERED_PROGRAM, "40506874", new byte[0x10b]);
        assertHex(Arrays.copyOf(answer, AppcHeader.LENGTH), header);

        byte[] test = RfcReplies.context(InetAddress.ofLiteral("172.17.0.3"), "rfcexec", MICROS);
        assertThat(test).hasSize(161);
        assertThat(HexFormat.of().formatHex(test)).startsWith("010100080301010504010003" + "0101" + "0103000400000e1b");

        String hello = "0203c63364070000000065636c697073650000003131303000000000000673616d706c652020"
                + "65636c697073652020202020"
                + "2020202006cbffff000000000000";
        String told = "0203c63364070000000065636c697073650000003431303300000000000f73616d706c652020"
                + "65636c697073652020202020"
                + "2020202006fbffff000000000000";
        assertHex(GatewayRecord.decode(HexFormat.of().parseHex(hello)).answer(), told);
    }

    @Test
    void whatIsCalledIsRead() throws IOException {
        RfcMessage logon = message(RfcVectors.client(), 7);
        assertThat(logon.logon().map(RfcMessage.Logon::user)).contains("CSUSER");
        assertThat(logon.logon().map(RfcMessage.Logon::password))
                .contains(SecretBytes.owning("secret".getBytes(StandardCharsets.US_ASCII)));
        assertThat(logon.function()).contains("RFCPING");
        assertThat(logon.encoding()).isEqualTo(TextEncoding.SINGLE_BYTE);

        assertThat(message(RfcVectors.client(), 9).function()).contains(DESCRIBE);
        for (RfcMessage call : List.of(message(RfcVectors.client(), 11), message(RfcVectors.typeT(), 6))) {
            assertThat(call.function()).contains("Z_CARDSECURE");
            assertThat(call.outputs()).containsExactly("RESULT", "RETCODE");
            assertThat(call.logon()).isEmpty();
            assertThat(call.classic()).isTrue();
            assertThat(UNICODE.decodeChars(call.inputs().getOrDefault("DATA", SecretBytes.owning(new byte[0]))))
                    .isEqualTo(text(TestCards.VISA));
            assertThat(call.toString()).doesNotContain("RESULT");
        }
    }

    /// But for those that lack only what means nothing: what SDKs put behind the end, and the names of a
    /// partner. Of the server's own messages those with fields.
    @Test
    void everyTruncationIsRefused() throws IOException {
        int refused = 0;
        for (RfcVectors.Message message : RfcVectors.all()) {
            byte[] whole = message.bytes();
            boolean sends = isOf(AppcFunction.SAP_SEND, whole) && whole.length > AppcHeader.LENGTH;
            boolean pings = whole.length == NiDecoder.ping().length - Integer.BYTES;
            if (pings || (!message.fromClient() && !sends)) {
                continue;
            }
            for (int length = 0; length < needed(whole); length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                Refusals.of(() -> read(cut));
                refused++;
            }
            assertThatCode(() -> read(whole)).doesNotThrowAnyException();
        }
        assertThat(refused).isGreaterThan(8_000);
    }

    private static boolean isOf(AppcFunction function, byte[] message) {
        return message.length >= AppcHeader.LENGTH && message[0] == 6 && message[1] == (byte) function.code();
    }

    private static int needed(byte[] whole) {
        if (isOf(AppcFunction.SET_PARTNER_LU_NAME, whole)) {
            return AppcHeader.LENGTH;
        }
        boolean hasTrailer = isOf(AppcFunction.SAP_SEND, whole) && whole[whole.length - 2] == (byte) 0x85;
        return hasTrailer ? whole.length - 8 : whole.length;
    }

    @Test
    void truncatedBeginningsAreRefused() throws IOException {
        for (byte[] whole : List.of(bytes(RfcVectors.client(), 2), bytes(RfcVectors.typeT(), 2))) {
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                Refusals.of(() -> AppcHeader.decode(cut));
            }
        }
        byte[] hello = bytes(RfcVectors.typeT(), 0);
        for (int length = 0; length < hello.length; length++) {
            byte[] cut = Arrays.copyOf(hello, length);
            assertThat(GatewayRecord.isOne(cut)).isFalse();
            Refusals.of(() -> GatewayRecord.decode(cut));
        }
    }

    @Test
    void everyFlippedBitIsReadOrRefused() throws IOException {
        for (RfcVectors.Message message : RfcVectors.all()) {
            byte[] bytes = message.bytes();
            for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
                byte[] changed = bytes.clone();
                changed[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
                readOrRefuse(changed);
            }
        }
    }

    @Test
    void whateverIsMutatedIsReadOrRefused() throws IOException {
        List<RfcVectors.Message> all = RfcVectors.all();
        Seeded.forAll(20_000, random -> {
            byte[] bytes = all.get(random.nextInt(all.size())).bytes();
            mutate(bytes, random);
            readOrRefuse(Arrays.copyOf(bytes, bytes.length + random.nextInt(3)));
        });
    }

    private static void mutate(byte[] bytes, Random random) {
        for (int i = random.nextInt(8); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = (byte) 0xff;
                default -> {
                    int length = random.nextInt(bytes.length - at);
                    System.arraycopy(bytes, at, bytes, random.nextInt(bytes.length - length), length);
                }
            }
        }
    }

    private static void readOrRefuse(byte[] bytes) {
        try {
            read(bytes);
        } catch (Refusal e) {
            assertThat(e.reason()).isNotBlank();
        }
        assertThat(FrameDump.of(bytes)).isNotBlank();
    }

    private static void read(byte[] bytes) {
        if (GatewayRecord.isOne(bytes)) {
            GatewayRecord.decode(bytes);
            return;
        }
        if (AppcHeader.decode(bytes)
                .function()
                .filter(AppcFunction.SAP_SEND::equals)
                .isPresent()) {
            RfcMessage.of(FieldChain.decode(bytes, AppcHeader.LENGTH));
        }
    }

    private static byte[] success() {
        Output result =
                new Output("RESULT", UNICODE.encodeChars(text(TOKEN), 255).orElseThrow());
        Output code = new Output("RETCODE", UNICODE.encodeChars(text("00"), 2).orElseThrow());
        return RfcReplies.success(UNICODE, List.of(result, code), PROGRAM, MICROS);
    }

    private static SecretBytes text(String text) {
        return SecretBytes.owning(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] data(List<RfcVectors.Message> talk, int request, byte[] data) {
        return header(talk, request).answered(Door.EXTERNAL_CLIENT, CONVERSATION, data);
    }

    private static byte[] bytes(List<RfcVectors.Message> talk, int index) {
        return talk.get(index).bytes();
    }

    private static AppcHeader header(List<RfcVectors.Message> talk, int index) {
        return AppcHeader.decode(bytes(talk, index));
    }

    private static RfcMessage message(List<RfcVectors.Message> talk, int index) {
        return RfcMessage.of(FieldChain.decode(bytes(talk, index), AppcHeader.LENGTH));
    }

    private static void assertAnswer(List<RfcVectors.Message> talk, int index, byte[] answer) {
        assertThat(talk.get(index).fromClient()).isFalse();
        assertHex(answer, talk.get(index).hex());
    }

    private static void assertHex(byte[] bytes, String hex) {
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(hex);
    }
}
