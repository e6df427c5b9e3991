package cardsecure.rfc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cardsecure.Refusals;
import cardsecure.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class NiDecoderTest {
    private static final int MAX = 4096;

    @Test
    void howTheBytesAreSplitDoesNotMatter() throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        List<String> expected = new ArrayList<>();
        for (RfcVectors.Message message : RfcVectors.all()) {
            stream.writeBytes(NiDecoder.frame(message.bytes()));
            switch (message.hex()) {
                case "4e495f50494e4700" -> expected.add("ping");
                case "4e495f504f4e4700" -> stream.writeBytes(new byte[4]);
                default -> expected.add(message.hex());
            }
        }
        byte[] bytes = stream.toByteArray();
        assertThat(decoded(bytes, MAX)).isEqualTo(expected);
        for (int portion = 1; portion < 1000; portion++) {
            assertThat(decoded(bytes, portion)).as("by " + portion).isEqualTo(expected);
        }
    }

    @Test
    void aFrameIsIncompleteUpToItsLastByte() throws IOException {
        for (RfcVectors.Message message : RfcVectors.client()) {
            byte[] frame = NiDecoder.frame(message.bytes());
            for (int length = 0; length < frame.length; length++) {
                NiDecoder decoder = new NiDecoder(MAX);
                feed(decoder, frame, 0, length);
                assertThat(decoder.next()).isInstanceOf(NiDecoder.Incomplete.class);
                feed(decoder, frame, length, frame.length);
                assertThat(decoder.next()).isInstanceOf(NiDecoder.Message.class);
                assertThat(decoder.isEmpty()).isTrue();
            }
        }
    }

    @Test
    void pingsAreTakenInEveryStateAndPongsAndEmptyFramesSayNothing() {
        byte[] nothing = new byte[4];
        NiDecoder decoder = new NiDecoder(MAX);
        for (byte[] frame : List.of(nothing, NiDecoder.pong(), NiDecoder.ping(), nothing)) {
            feed(decoder, frame, 0, frame.length);
        }
        assertThat(decoder.next()).isInstanceOf(NiDecoder.Ping.class);
        assertThat(decoder.next()).isInstanceOf(NiDecoder.Incomplete.class);
        assertThat(decoder.isEmpty()).isTrue();
        assertThat(HexFormat.of().formatHex(NiDecoder.pong())).isEqualTo("00000008" + "4e495f504f4e4700");
    }

    @Test
    void aLengthOverTheLimitIsRefusedBeforeAnythingComes() {
        for (String length : List.of("00001001", "7fffffff", "80000000", "ffffffff", "46463030")) {
            NiDecoder decoder = new NiDecoder(MAX);
            byte[] prefix = HexFormat.of().parseHex(length);
            feed(decoder, prefix, 0, prefix.length);
            assertThat(Refusals.codeOf(decoder::next)).isEqualTo(ErrorCode.DATA_TOO_LONG);
        }
        NiDecoder decoder = new NiDecoder(MAX);
        feed(decoder, NiDecoder.frame(new byte[MAX]), 0, 4 + MAX);
        assertThat(decoder.next()).isInstanceOf(NiDecoder.Message.class);
    }

    @Test
    void aLengthAloneCostsNoRoom() {
        NiDecoder decoder = new NiDecoder(NiDecoder.LENGTH_MAX);
        feed(decoder, HexFormat.of().parseHex("00100000"), 0, 4);
        assertThat(decoder.next()).isInstanceOf(NiDecoder.Incomplete.class);
        assertThat(decoder.space().capacity()).isEqualTo(1024);
    }

    @Test
    void limitsThatCannotBeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new NiDecoder(NiDecoder.LENGTH_MAX + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new NiDecoder(NiDecoder.LENGTH_MIN - 1));
    }

    private static List<String> decoded(byte[] bytes, int portion) {
        NiDecoder decoder = new NiDecoder(MAX);
        List<String> all = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += portion) {
            feed(decoder, bytes, from, Math.min(bytes.length, from + portion), all);
        }
        return all;
    }

    private static void feed(NiDecoder decoder, byte[] bytes, int from, int to, List<String> all) {
        int at = from;
        while (at < to) {
            ByteBuffer space = decoder.space();
            int count = Math.min(space.remaining(), to - at);
            space.put(bytes, at, count);
            at += count;
            take(decoder, all);
        }
    }

    private static void take(NiDecoder decoder, List<String> all) {
        while (true) {
            switch (decoder.next()) {
                case NiDecoder.Incomplete _ -> {
                    return;
                }
                case NiDecoder.Ping _ -> all.add("ping");
                case NiDecoder.Message message ->
                    all.add(HexFormat.of().formatHex(message.bytes().reveal()));
            }
        }
    }

    private static void feed(NiDecoder decoder, byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            ByteBuffer space = decoder.space();
            int count = Math.min(space.remaining(), to - at);
            space.put(bytes, at, count);
            at += count;
        }
    }
}
