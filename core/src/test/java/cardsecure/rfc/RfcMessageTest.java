package cardsecure.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.error.ErrorCode;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
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
                new FieldChainWriter(Tag.CALL).add(Tag.FUNCTION),
                new FieldChainWriter(Tag.CONTEXT, "").add(Tag.PASSWORD, new byte[3]));
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
                        + ", after 5 fields: after 0203 comes 0202");
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
        assertThat(Refusals.codeOf(() -> UNICODE.decodeChars(value, 1))).isEqualTo(ErrorCode.WRONG_MESSAGE_LENGTH);
        assertThat(Refusals.codeOf(() -> TextEncoding.decodeString(SecretBytes.owning(new byte[] {(byte) 0xff}))))
                .isEqualTo(ErrorCode.ILLEGAL_CHARACTERS);
    }

    @Test
    void stringsEndWithANul() {
        assertThat(hex(TextEncoding.encodeString(utf8("ab")))).isEqualTo("616200");
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
