package cardsecure.rfc;

import cardsecure.error.Refusal;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Whatever comes over a connection, and however it is split: the same frames are found, or it is refused.
class NiDecoderFuzzTest {
    private static final int MAX = 4096;

    @FuzzTest(maxDuration = "15s")
    void howItIsSplitDoesNotMatter(byte[] input) {
        List<String> whole = decoded(input, Math.max(1, input.length));
        if (!decoded(input, 1).equals(whole) || !decoded(input, 7).equals(whole)) {
            throw new AssertionError("other frames are found if it is split otherwise");
        }
    }

    private static List<String> decoded(byte[] bytes, int portion) {
        NiDecoder decoder = new NiDecoder(MAX);
        List<String> found = new ArrayList<>();
        try {
            for (int at = 0; at < bytes.length; ) {
                ByteBuffer space = decoder.space();
                int count = Math.min(space.remaining(), Math.min(portion, bytes.length - at));
                space.put(bytes, at, count);
                at += count;
                take(decoder, found);
            }
        } catch (Refusal e) {
            found.add(e.code().digits());
        }
        return found;
    }

    private static void take(NiDecoder decoder, List<String> found) {
        while (true) {
            switch (decoder.next()) {
                case NiDecoder.Incomplete _ -> {
                    return;
                }
                case NiDecoder.Ping _ -> found.add("ping");
                case NiDecoder.Message message ->
                    found.add(HexFormat.of().formatHex(message.bytes().reveal()));
            }
        }
    }
}
