package cardsecure.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.error.ErrorCode;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RfcMessageTest {
    private static final TextEncoding UNICODE = TextEncoding.UTF16_LE;

    @ParameterizedTest
    @EnumSource(TextEncoding.class)
    void aCallIsReadInItsOwnEncoding(TextEncoding encoding) {
        RfcMessage call = read(call(encoding)
                .add(Tag.PARAMETER_NAME, encoding.encode("I_DATA"))
                .add(Tag.PARAMETER_VALUE, encoding.encode(TestCards.VISA + "   ")));

        assertThat(call.encoding()).isEqualTo(encoding);
        assertThat(call.function()).contains("Z_CARDSECURE");
        assertThat(call.outputs()).containsExactly("E_DATA");
        assertThat(encoding.decodeChars(call.inputs().getOrDefault("I_DATA", utf8(""))))
                .isEqualTo(utf8(TestCards.VISA));
    }

    @Test
    void whatMeansNothingHereIsSkippedAndNotShown() {
        RfcMessage call =
                read(call(UNICODE).add(0x0670, UNICODE.encode("a logon ticket")).add(0x0104));

        assertThat(call.function()).contains("Z_CARDSECURE");
        assertThat(call.toString()).doesNotContain("ticket");
    }

    @Test
    void aContextAloneCallsNothing() {
        RfcMessage context = read(new FieldChainWriter(Tag.CONTEXT, "0301010504010003"));

        assertThat(context.function()).isEmpty();
        assertThat(context.context()).isTrue();
    }

    @Test
    void aLogonNeedsNameAndPassword() {
        assertThat(read(new FieldChainWriter(Tag.CONTEXT, "").add(Tag.USER, UNICODE.encode("JANE")))
                        .logon())
                .isEmpty();
        byte[] password = HexFormat.of().parseHex("93aa6bc7206f51c05e81");
        RfcMessage whole = read(new FieldChainWriter(Tag.CONTEXT, "")
                .add(Tag.USER, UNICODE.encode("JANE "))
                .add(Tag.PASSWORD, password));
        assertThat(whole.logon().map(RfcMessage.Logon::user)).contains("JANE");
        assertThat(whole.logon().toString()).doesNotContain("JANE");
    }

    @Test
    void aPasswordIsLookedAtByNobodyButWhoAsksForIt() {
        for (int length : List.of(0, 2, 300)) {
            RfcMessage call =
                    read(call(UNICODE).add(Tag.USER, UNICODE.encode("JANE")).add(Tag.PASSWORD, new byte[length]));
            assertThat(call.function()).contains("Z_CARDSECURE");
            assertThat(Refusals.codeOf(() -> call.logon().orElseThrow().password()))
                    .isEqualTo(ErrorCode.WRONG_MESSAGE_LENGTH);
        }
    }

    @Test
    void whatAnotherSerializerWroteNeedsNoNamesBeforeValues() {
        List<FieldChainWriter> foreign = List.of(
                call(UNICODE)
                        .add(Tag.PARAMETER_NAME, UNICODE.encode("I_DATA"))
                        .add(Tag.DEEP_BOUNDARY)
                        .add(Tag.DEEP_VALUE, ascii("BXML.."))
                        .add(Tag.DEEP_BOUNDARY),
                call(UNICODE).add(Tag.PARAMETER_NAME, UNICODE.encode("I_DATA")).add(Tag.FAST_SERIALIZER, new byte[80]),
                call(UNICODE).add(Tag.PARAMETER_VALUE, new byte[8]).add(Tag.FAST_SERIALIZER, new byte[80]));
        assertThat(foreign)
                .allSatisfy(chain -> assertThat(read(chain).classic()).isFalse());
        RfcMessage deep = read(call(UNICODE)
                .add(Tag.PARAMETER_NAME, UNICODE.encode("I_DATA"))
                .add(Tag.DEEP_BOUNDARY)
                .add(Tag.DEEP_VALUE, ascii("<I_DATA/>"))
                .add(Tag.DEEP_BOUNDARY));
        assertThat(deep.classic()).isTrue();
        assertThat(deep.inputs()).isEmpty();
    }

    @Test
    void whatComesBehindTheEndMeansNothing() {
        byte[] whole = call(UNICODE).end();
        for (int more = 0; more <= 16; more++) {
            byte[] longer = Arrays.copyOf(whole, whole.length + more);
            assertThat(RfcMessage.of(FieldChain.decode(longer, 0)).function()).contains("Z_CARDSECURE");
        }
        byte[] tooLong = Arrays.copyOf(whole, whole.length + 17);
        assertThat(Refusals.codeOf(() -> FieldChain.decode(tooLong, 0))).isEqualTo(ErrorCode.WRONG_MESSAGE_LENGTH);
    }

    @Test
    void otherSerializersAreFoundOut() {
        assertThat(read(call(UNICODE).add(Tag.FAST_SERIALIZER, new byte[80])).classic())
                .isFalse();
        for (String start : List.of("BXML", "ZBXML")) {
            assertThat(read(call(UNICODE).add(Tag.DEEP_VALUE, ascii(start + "...")))
                            .classic())
                    .isFalse();
        }
        assertThat(read(call(UNICODE).add(Tag.DEEP_VALUE, ascii("<I_DATA>"))).classic())
                .isTrue();
    }

    @Test
    void valuesWithoutNamesAndNamesWithoutValuesAreRefused() {
        List<FieldChainWriter> chains = List.of(
                call(UNICODE).add(Tag.PARAMETER_VALUE, UNICODE.encode("x")),
                call(UNICODE).add(Tag.PARAMETER_NAME, UNICODE.encode("X")),
                call(UNICODE).add(Tag.PARAMETER_NAME, UNICODE.encode("X")).add(Tag.PARAMETER_NAME, UNICODE.encode("X")),
                call(UNICODE)
                        .add(Tag.PARAMETER_NAME, UNICODE.encode("X"))
                        .add(Tag.PARAMETER_VALUE)
                        .add(Tag.PARAMETER_NAME, UNICODE.encode("X"))
                        .add(Tag.PARAMETER_VALUE),
                call(UNICODE).add(Tag.FUNCTION, UNICODE.encode("ANOTHER")),
                call(UNICODE).add(Tag.OUTPUT_NAME, TextEncoding.UTF16_BE.encode("X")),
                call(UNICODE).add(Tag.OUTPUT_NAME, UNICODE.encode("X".repeat(31))),
                new FieldChainWriter(Tag.CALL).add(Tag.FUNCTION, UNICODE.encode("\u00c4")),
                new FieldChainWriter(Tag.CALL).add(Tag.FUNCTION));
        assertThat(chains)
                .allSatisfy(chain ->
                        assertThat(Refusals.codeOf(() -> read(chain))).isEqualTo(ErrorCode.WRONG_MESSAGE_LENGTH));
    }

    @Test
    void reasonsHaveTagsAndPlacesAndNoValues() {
        byte[] bytes = call(UNICODE)
                .add(Tag.PARAMETER_NAME, UNICODE.encode("I_DATA"))
                .add(Tag.PARAMETER_VALUE, UNICODE.encode(TestCards.VISA))
                .end();
        bytes[bytes.length - 7] ^= 1;
        assertThat(Refusals.of(() -> FieldChain.decode(bytes, 0)).reason())
                .isEqualTo("the chain of fields breaks at byte " + (bytes.length - 6)
                        + ", after 5 fields: after 0203 comes another tag");
        // Where a length is wrong, a value's bytes stand where tags belong.
        byte[] shifted = HexFormat.of().parseHex("05020000" + "05020203000233333333");
        assertThat(Refusals.of(() -> FieldChain.decode(shifted, 0)).reason()).doesNotContain("3333");
        assertThat(Refusals.of(() -> FieldChain.decode(ascii("4444"), 0)).reason())
                .doesNotContain("3434");
    }

    @Test
    void tooManyFieldsAreRefused() {
        FieldChainWriter chain = call(UNICODE);
        for (int i = 3; i < FieldChain.FIELDS_MAX; i++) {
            chain.add(0x0104);
        }
        byte[] most = chain.end();
        assertThat(FieldChain.decode(most, 0).fields()).hasSize(FieldChain.FIELDS_MAX);
        byte[] more = chain.add(0x0104).end();
        assertThat(Refusals.codeOf(() -> FieldChain.decode(more, 0))).isEqualTo(ErrorCode.WRONG_MESSAGE_LENGTH);
    }

    @Test
    void longValuesHaveLongLengths() {
        for (int length : List.of(0xfffe, 0xffff, 0x10000)) {
            byte[] bytes = call(UNICODE)
                    .add(Tag.PARAMETER_NAME, UNICODE.encode("I_DATA"))
                    .add(Tag.PARAMETER_VALUE, new byte[length])
                    .end();
            assertThat(RfcMessage.of(FieldChain.decode(bytes, 0)).inputs().values())
                    .extracting(SecretBytes::length)
                    .containsExactly(length);
        }
        byte[] liar = HexFormat.of().parseHex("0502000005020203ffff7fffffff0203ffff0000ffff");
        assertThat(Refusals.codeOf(() -> FieldChain.decode(liar, 0))).isEqualTo(ErrorCode.WRONG_MESSAGE_LENGTH);
    }

    @Test
    void charactersThatTheCallersEncodingHasNotDoNotFit() {
        assertThat(TextEncoding.SINGLE_BYTE.encodeChars(utf8("\u20ac"), 5)).isEmpty();
        assertThat(UNICODE.encodeChars(utf8("\u20ac"), 1).map(RfcMessageTest::hex))
                .isEqualTo(Optional.of("ac20"));
        assertThat(UNICODE.encodeChars(utf8("\ud83d\ude00"), 1)).isEmpty();
        assertThat(UNICODE.encodeChars(utf8("ab"), 1)).isEmpty();
        assertThat(UNICODE.encodeChars(utf8(""), 2).map(RfcMessageTest::hex)).isEqualTo(Optional.of("20002000"));
    }

    @Test
    void valuesThatAreNoTextAreRefused() {
        for (String hex : List.of("00d8", "00dc00d8", "41", "410020")) {
            SecretBytes value = SecretBytes.owning(HexFormat.of().parseHex(hex));
            assertThat(Refusals.codeOf(() -> UNICODE.decodeChars(value))).isEqualTo(ErrorCode.ILLEGAL_CHARACTERS);
        }
    }

    @Test
    void valuesThatAreWiderThanDeclaredAreRefused() {
        SecretBytes value = SecretBytes.owning(UNICODE.encode("ab"));
        assertThat(UNICODE.decodeChars(value, 2)).isEqualTo(utf8("ab"));
        assertThat(UNICODE.decodeChars(SecretBytes.owning(UNICODE.encode("ab      ")), 2))
                .isEqualTo(utf8("ab"));
        assertThat(Refusals.codeOf(() -> UNICODE.decodeChars(value, 1))).isEqualTo(ErrorCode.WRONG_MESSAGE_LENGTH);
        assertThat(Refusals.codeOf(() -> TextEncoding.decodeString(SecretBytes.owning(new byte[] {(byte) 0xff}))))
                .isEqualTo(ErrorCode.ILLEGAL_CHARACTERS);
    }

    @Test
    void stringsEndWithANul() {
        assertThat(hex(TextEncoding.encodeString(utf8("ab")))).isEqualTo("616200");
        SecretBytes binary = SecretBytes.owning(HexFormat.of().parseHex("02fffe0300"));
        assertThat(hex(TextEncoding.decodeBytes(binary))).isEqualTo("02fffe03");
        assertThat(TextEncoding.decodeString(SecretBytes.owning(new byte[] {'a', 'b', 0})))
                .isEqualTo(utf8("ab"));
        assertThat(TextEncoding.decodeString(SecretBytes.owning(new byte[] {0, 0}))
                        .length())
                .isEqualTo(1);
        assertThat(TextEncoding.decodeString(utf8("")).length()).isZero();
    }

    @Test
    void aDumpShowsNamesAndNoValues() {
        byte[] chain = call(UNICODE)
                .add(Tag.PARAMETER_NAME, UNICODE.encode("I_DATA"))
                .add(Tag.PARAMETER_VALUE, UNICODE.encode(TestCards.VISA))
                .add(Tag.PASSWORD, ascii("scrambled"))
                .add(0x0670, ascii("ticket"))
                .add(Tag.USER, ascii("JANE"))
                .end();
        byte[] message = new byte[AppcHeader.LENGTH + chain.length];
        message[0] = 6;
        message[1] = (byte) AppcFunction.SAP_SEND.code();
        System.arraycopy(chain, 0, message, AppcHeader.LENGTH, chain.length);

        String dump = FrameDump.of(message);

        assertThat(dump)
                .contains(" 0102[24]5a005f00", " 0201[12]49005f00", " 0203[32]** 0117[9]** 0670[6]** 0111[4]**")
                .doesNotContain(
                        HexFormat.of().formatHex(UNICODE.encode(TestCards.VISA.substring(0, 4))),
                        HexFormat.of().formatHex(ascii("JANE")));
        assertThat(FrameDump.of(ascii("FF0031CE01;;;;   " + TestCards.VISA + "0000")))
                .isEqualTo("? +37");
    }

    @Test
    void theDumpHasNoCardNumberWhereverAPeerPutsIt() {
        String ascii = HexFormat.of().formatHex(ascii(TestCards.VISA));
        String unicode = HexFormat.of().formatHex(UNICODE.encode(TestCards.VISA));
        // A swipe, as long as a gateway's record.
        byte[] swipe = Arrays.copyOf(ascii("\2;" + TestCards.VISA + "=2512"), GatewayRecord.LENGTH);
        assertThat(FrameDump.of(swipe)).isEqualTo("? +64");
        // A frame of a function that nobody knows.
        byte[] unknown = Arrays.copyOf(ascii("\6\f" + TestCards.VISA), AppcHeader.LENGTH + 1);
        assertThat(FrameDump.of(unknown)).isEqualTo("? +81");
        for (byte[] value : List.of(ascii(TestCards.VISA), UNICODE.encode(TestCards.VISA))) {
            byte[] header = new byte[AppcHeader.LENGTH];
            header[0] = 6;
            header[1] = (byte) AppcFunction.ALLOCATE.code();
            System.arraycopy(value, 0, header, 40, value.length);
            assertThat(FrameDump.of(header))
                    .hasSize(2 * AppcHeader.LENGTH + 3)
                    .startsWith("0605")
                    .doesNotContain(ascii, unicode);
        }
        for (int tag = 1; tag < 0x700; tag++) {
            for (byte[] value : List.of(ascii(TestCards.VISA), UNICODE.encode(TestCards.VISA))) {
                byte[] chain = new FieldChainWriter(Tag.CALL).add(tag, value).end();
                byte[] message = new byte[AppcHeader.LENGTH + chain.length];
                message[0] = 6;
                message[1] = (byte) AppcFunction.SAP_SEND.code();
                System.arraycopy(chain, 0, message, AppcHeader.LENGTH, chain.length);
                assertThat(FrameDump.of(message)).endsWith("]**").doesNotContain(ascii, unicode);
            }
        }
    }

    private static FieldChainWriter call(TextEncoding encoding) {
        return new FieldChainWriter(Tag.CALL)
                .add(Tag.FUNCTION, encoding.encode("Z_CARDSECURE"))
                .add(Tag.OUTPUT_NAME, encoding.encode("E_DATA"));
    }

    private static RfcMessage read(FieldChainWriter chain) {
        return RfcMessage.of(FieldChain.decode(chain.end(), 0));
    }

    private static SecretBytes utf8(String text) {
        return SecretBytes.owning(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hex(SecretBytes bytes) {
        return HexFormat.of().formatHex(bytes.reveal());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
