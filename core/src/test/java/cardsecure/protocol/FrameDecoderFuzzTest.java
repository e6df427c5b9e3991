package cardsecure.protocol;

import static cardsecure.protocol.FrameSamples.decoded;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;

/// Whatever comes over a socket, the decoder does not fail, takes no more room than its limit, and finds the
/// same frames however the bytes are split.
class FrameDecoderFuzzTest {
    private static final int LIMIT = 300;

    /// @param input how the bytes are split, then the bytes
    @FuzzTest(maxDuration = "15s")
    void theSameFramesAreFoundHoweverTheBytesAreSplit(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        List<String> whole = decoded(LIMIT, bytes, bytes.length + 1);
        int portion = 1 + Byte.toUnsignedInt(input[0]);
        if (!decoded(LIMIT, bytes, portion).equals(whole)) {
            throw new AssertionError("split by " + portion + " they are other frames");
        }
    }
}
