package cardsecure.protocol;

import static cardsecure.protocol.FrameSamples.bare;
import static cardsecure.protocol.FrameSamples.framed;
import static cardsecure.protocol.FrameSamples.joined;
import static cardsecure.protocol.FrameSamples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cardsecure.Seeded;
import cardsecure.TestCards;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {
    private static final int MAX = FrameDecoder.LENGTH_MAX;
    private static final String UNREADABLE_FRAMED = "unreadable FRAMED [;;;;] [   ] 00";
    private static final String UNREADABLE_BARE = "unreadable BARE [;;;;] [   ] 00";

    @Test
    void theGuidesSampleAddsUp() {
        assertThat(decoded("FF0031CE01;;;;   44443333222211110000"))
                .containsExactly("FRAMED [;;;;] [   ] CE 44443333222211110000");
    }

    @Test
    void theGuidesTableAddsUpWithoutMarkAndVersion() {
        assertThat(decoded("0025CE;;;;   " + TestCards.VISA)).containsExactly("BARE [;;;;] [   ] CE " + TestCards.VISA);
    }

    @Test
    void bothDialectsComeOnOneConnectionWithLineEndsBetween() {
        byte[] bytes = joined(
                framed("HI", "12345678"),
                bare("CV", "t\u0001 \u007f", "k01", "x"),
                utf8("\r\n\n"),
                framed("CV", "y"),
                utf8("\r"),
                framed("ER", ""));
        assertThat(FrameSamples.decoded(MAX, bytes, MAX))
                .containsExactly(
                        "FRAMED [abcd] [   ] HI 12345678",
                        "BARE [t\u0001 \u007f] [k01] CV x",
                        "FRAMED [abcd] [   ] CV y",
                        "FRAMED [abcd] [   ] ER ");
    }

    @Test
    void theKeyIdIsAParameterOfThoseThatUseKeysAndOfNoOthers() {
        byte[] bytes = joined(
                framed("01", "EC", "abcd", "E01", TestCards.VISA),
                bare("DE", "abcd", "   ", "E01x"),
                framed("01", "CE", "abcd", "E01", TestCards.VISA),
                bare("EC", "abcd", "E02", TestCards.VISA + "&keyid=E01"));

        assertThat(FrameSamples.decoded(MAX, bytes, MAX))
                .containsExactly(
                        "FRAMED [abcd] [E01] EC " + TestCards.VISA + " key E01",
                        "BARE [abcd] [   ] DE E01x key    ",
                        "FRAMED [abcd] [E01] CE " + TestCards.VISA,
                        "BARE [abcd] [E02] EC " + TestCards.VISA + "&keyid=E01 key E02");
    }

    @Test
    void lineEndsWithinAFrameAreItsData() {
        assertThat(decoded("0012CV\r\n\r\n\n\n\n\r\n1")).containsExactly("BARE [\r\n\r\n] [\n\n\n] CV \r\n1");
    }

    @Test
    void howTheBytesAreSplitDoesNotMatter() {
        byte[] bytes = joined(
                framed("PE", "Erika M\u00fcller \uD83D\uDE00"),
                utf8("\r\n"),
                bare("CE", "\u00e9\u00e9", "  1", TestCards.VISA + "&unique=true"),
                framed("02", "CE", "abcd", "   ", ""),
                framed("PE", "x".repeat(3000)),
                utf8("0008"));
        List<String> whole = FrameSamples.decoded(MAX, bytes, MAX);
        assertThat(whole).hasSize(5);
        for (int portion = 1; portion < bytes.length; portion++) {
            assertThat(FrameSamples.decoded(MAX, bytes, portion))
                    .as("by " + portion)
                    .isEqualTo(whole);
        }
    }

    @Test
    void aFrameIsIncompleteUpToItsLastByte() {
        for (byte[] frame : List.of(framed("HI", "12345678"), bare("HI", "abcd", "   ", "12345678"))) {
            for (int length = 0; length < frame.length; length++) {
                FrameDecoder decoder = new FrameDecoder(MAX);
                decoder.space().put(frame, 0, length);
                assertThat(decoder.next()).isInstanceOf(FrameDecoder.Incomplete.class);
                decoder.space().put(frame, length, frame.length - length);
                assertThat(decoder.next()).isInstanceOf(FrameDecoder.Frame.class);
                assertThat(decoder.isEmpty()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "f", "Ff", "F0", " ", "\u0000", "FFx", "FF0x", "FF003 ", "FF-", "FF+", "0x", "00 "})
    void whatIsNoLengthIsToldAtItsFirstWrongByte(String start) {
        FrameDecoder decoder = new FrameDecoder(MAX);
        decoder.space().put(utf8(start.substring(0, start.length() - 1)));
        assertThat(decoder.next()).isInstanceOf(FrameDecoder.Incomplete.class);
        decoder.space().put(utf8(start.substring(start.length() - 1)));
        assertThat(decoder.next()).isInstanceOf(FrameDecoder.Unreadable.class);
        assertThat(decoded(start).getFirst()).startsWith("unreadable ").endsWith(" 0039");
    }

    @ParameterizedTest
    @CsvSource({"FF0000,0039", "FF0010,0039", "0000,0039", "0008,0039", "FF0101,0013", "FF9999,0013", "0101,0013"})
    void aLengthThatCannotBeIsToldAtOnce(String start, String code) {
        String unreadable = start.startsWith("FF") ? UNREADABLE_FRAMED : UNREADABLE_BARE;
        FrameDecoder decoder = new FrameDecoder(100);
        decoder.space().put(utf8(start));
        assertThat(FrameSamples.shown(decoder.next())).isEqualTo(unreadable + code.substring(2));
    }

    @Test
    void theLimitItselfIsAllowed() {
        assertThat(FrameSamples.decoded(100, framed("PE", "x".repeat(89)), MAX))
                .singleElement()
                .asString()
                .startsWith("FRAMED");
        assertThat(FrameSamples.decoded(MAX, framed("PE", "x".repeat(MAX - 11)), 1000))
                .singleElement()
                .asString()
                .startsWith("FRAMED");
        assertThat(FrameSamples.decoded(MAX, bare("PE", "abcd", "   ", "x".repeat(MAX - 9)), 1000))
                .singleElement()
                .asString()
                .startsWith("BARE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "02", "1 ", "\u0000\u0000", "0a"})
    void anotherVersionIsRefusedWithTheTraceAndTheNextFrameIsRead(String version) {
        byte[] bytes = joined(framed(version, "HI", "trac", "key", "12345678"), framed("HI", "12345678"));
        assertThat(FrameSamples.decoded(MAX, bytes, MAX))
                .containsExactly("FRAMED [trac] [key] 0003 HI", "FRAMED [abcd] [   ] HI 12345678");
    }

    @Test
    void dataThatAreNoUtf8AreRefusedAndTheNextFrameIsRead() {
        for (String bad : List.of("\u00ff", "\u00c3", "\u00c0\u0080", "\u00ed\u00a0\u0080", "x&unique=\u0080")) {
            byte[] frame = framed("CE", "x".repeat(bad.length()));
            byte[] data = bad.getBytes(StandardCharsets.ISO_8859_1);
            System.arraycopy(data, 0, frame, frame.length - data.length, data.length);
            assertThat(FrameSamples.decoded(MAX, joined(frame, framed("HI", "1")), MAX))
                    .containsExactly("FRAMED [abcd] [   ] 0038 CE", "FRAMED [abcd] [   ] HI 1");
        }
    }

    @Test
    void aFunctionThatIsNoTextIsAnActionThatThereIsNot() {
        assertThat(FrameSamples.decoded(MAX, bare("\u00ff", "abcd", "   ", ""), MAX))
                .containsExactly("BARE [abcd] [   ] \u00c3\u00bf ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CE|1&unique=true|1 unique",
                "AE|1&unique=true|1 unique",
                "SE|1&x&unique=true&y=z|1 unique",
                "CE|1&unique=false&unique=true|1",
                "CE|1&unique=TRUE|1",
                "CE|1&unique|1",
                "CE|1&|1",
                "CE|&unique=true|' unique'",
                "PE|Smith & Sons&unique=true|Smith & Sons&unique=true",
                "CV|1&unique=true|1&unique=true",
                "HI|1&unique=true|1&unique=true",
                "XX|1&unique=true|1&unique=true"
            })
    void parametersFollowDataThatHoldNoAmpersand(String action, String data, String shown) {
        assertThat(FrameSamples.decoded(MAX, framed(action, data), MAX))
                .containsExactly("FRAMED [abcd] [   ] " + action + " " + shown);
    }

    private static final String TIME = "&time=2014-01-01T 00:00:01Z";
    private static final String SIG = "5820c73daa9bd1b388070e4423d9f47b89fa3d4bed5d24466cf30043a9c6124F";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CE|1&ref=r|1|1|r",
                "CE|1&unique=true&ref=r|1 unique|1 unique|r",
                "CV|1&unique=true&ref=r|1&unique=true&ref=r{end}|1&unique=true|r",
                "PE|Smith & Sons&ref=r|Smith & Sons&ref=r{end}|Smith & Sons|r",
                "PE|Smith&ref=1&ref=a=b&c+d ü|Smith&ref=1&ref=a=b&c+d ü{end}|Smith&ref=1|a=b&c+d ü",
                "PE|&ref=|&ref={end}|``|``",
                "HI|12345678&ref=x&time=y|12345678&ref=x&time=y{end}|12345678|x&time=y"
            })
    void aFrameThatEndsAsASignedOneIsTwoThings(String action, String data, String plain, String signed, String ref) {
        for (String time : List.of(TIME, TIME.replace("T ", "T"))) {
            String end = time + "&sig=" + SIG;
            assertThat(FrameSamples.decoded(MAX, framed(action, data + end), MAX))
                    .containsExactly(
                            "FRAMED [abcd] [   ] " + action + " " + plain.replace("{end}", end) + " | " + action + " "
                                    + signed + " ref [" + ref + "] time [" + time.substring(6) + "] sig [" + SIG + "]");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1" + TIME + "&sig=" + SIG,
                "1&ref=r&time=2014-01-01T  00:00:01Z&sig=" + SIG,
                "1&ref=r&time=2014-01-01 00:00:01Z&sig=" + SIG,
                "1&ref=r" + TIME + "&sig=" + SIG + " ",
                "1&ref=r" + TIME + "&sig=g" + SIG,
                "1&ref=r" + TIME + "&sig=0" + SIG,
                "1&ref=r&sig=" + SIG + TIME,
                "1&REF=r" + TIME + "&sig=" + SIG,
                TIME + "&sig=" + SIG
            })
    void everyOtherEndBelongsToTheData(String data) {
        assertThat(FrameSamples.decoded(MAX, framed("PE", data), MAX))
                .containsExactly("FRAMED [abcd] [   ] PE " + data);
    }

    @Test
    void aFrameThatEndsTooSoonIsRefused() {
        byte[] frame = framed("HI", "12345678");
        for (int length = 1; length < frame.length; length++) {
            assertThat(FrameSamples.decoded(MAX, Arrays.copyOf(frame, length), MAX))
                    .containsExactly(UNREADABLE_FRAMED + "39");
        }
        assertThat(decoded("0")).containsExactly(UNREADABLE_BARE + "39");
        assertThat(decoded("\r\n")).isEmpty();
    }

    @Test
    void roomIsTakenAsBytesComeAndNotKept() {
        FrameDecoder decoder = new FrameDecoder(MAX);
        decoder.space().put(utf8("FF9999PE01;;;;   "));
        assertThat(decoder.next()).isInstanceOf(FrameDecoder.Incomplete.class);
        assertThat(decoder.space().capacity()).isEqualTo(1024);
        int sent = 17;
        while (sent < MAX + 6) {
            ByteBuffer space = decoder.space();
            int length = Math.min(space.remaining(), MAX + 6 - sent);
            space.put(utf8("x".repeat(length)));
            sent += length;
            assertThat(space.capacity()).isLessThanOrEqualTo(MAX + 6);
        }
        assertThat(decoder.next()).isInstanceOf(FrameDecoder.Frame.class);
        assertThat(decoder.space().capacity()).isEqualTo(1024);
    }

    @Test
    void nothingOfAFrameStaysBehind() {
        FrameDecoder decoder = new FrameDecoder(MAX);
        byte[] tail = framed("HI", "87654321");
        decoder.space().put(framed("CE", TestCards.VISA)).put(tail, 0, 8);
        assertThat(decoder.next()).isInstanceOf(FrameDecoder.Frame.class);
        ByteBuffer space = decoder.space();
        assertThat(new String(bytes(space), StandardCharsets.ISO_8859_1)).doesNotContain(TestCards.VISA);
        while (space.hasRemaining()) {
            space.put((byte) '\n');
        }
        ByteBuffer moved = decoder.space();
        assertThat(new String(bytes(moved), StandardCharsets.ISO_8859_1)).doesNotContain(TestCards.VISA);
    }

    @Test
    void anythingMayCome() {
        Seeded.forAll(2000, random -> {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            byte[] frames = joined(framed("CE", TestCards.VISA), bare("PE", "1234", "   ", "\u00fc"), bytes);
            for (int flips = random.nextInt(4); flips > 0; flips--) {
                frames[random.nextInt(frames.length)] = (byte) random.nextInt(256);
            }
            List<String> whole = new ArrayList<>(FrameSamples.decoded(200, frames, MAX));
            assertThat(FrameSamples.decoded(200, frames, 1 + random.nextInt(20)))
                    .isEqualTo(whole);
        });
    }

    @Test
    void onlyLimitsThatFramesCanHaveAreTaken() {
        assertThatIllegalArgumentException().isThrownBy(() -> new FrameDecoder(10));
        assertThatIllegalArgumentException().isThrownBy(() -> new FrameDecoder(10_000));
        assertThat(new FrameDecoder(11).isEmpty()).isTrue();
    }

    /// All that a buffer has, whatever its position.
    private static byte[] bytes(ByteBuffer buffer) {
        byte[] all = new byte[buffer.capacity()];
        buffer.get(0, all);
        return all;
    }

    private static List<String> decoded(String bytes) {
        return FrameSamples.decoded(MAX, utf8(bytes), MAX);
    }
}
