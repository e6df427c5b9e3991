package cardsecure.protocol;

import cardsecure.secret.SecretBytes;
import cardsecure.vault.Action;
import cardsecure.vault.Call;
import cardsecure.vault.Reply;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// An answer, read as a frame again, is what it was.
class FrameRoundTripFuzzTest {
    private static final int HEADER = FrameHeader.TRACE_LENGTH + FrameHeader.KEY_ID_LENGTH;

    /// @param input a dialect, a trace, a key ID, data
    @FuzzTest(maxDuration = "15s")
    void whatIsEncodedIsDecoded(byte[] input) {
        if (input.length <= HEADER || input.length > 1024) {
            return;
        }
        FrameDialect dialect = input[0] % 2 == 0 ? FrameDialect.FRAMED : FrameDialect.BARE;
        String header = new String(input, 1, HEADER, StandardCharsets.ISO_8859_1);
        byte[] data = Arrays.copyOfRange(input, 1 + HEADER, input.length);
        FrameHeader sent = new FrameHeader(dialect, header.substring(0, 4), header.substring(4));
        Reply reply = new Reply.Revealed(Action.PD, SecretBytes.copyOf(data));
        FrameDecoder decoder = new FrameDecoder(FrameDecoder.LENGTH_MAX);
        byte[] frame = FrameEncoder.encode(sent, reply).orElseThrow();
        for (byte each : frame) {
            decoder.space().put(each);
        }
        if (!(decoder.next() instanceof FrameDecoder.Frame(FrameHeader received, Call call))
                || !received.equals(sent)
                || !holds(call, data)
                || !decoder.isEmpty()) {
            throw new AssertionError("another frame came out than went in");
        }
    }

    private static boolean holds(Call call, byte[] data) {
        return switch (call) {
            case Call.Decoded decoded ->
                Arrays.equals(decoded.data().orElseThrow().reveal(), data)
                        && decoded.action().orElseThrow().equals("PD");
            case Call.Signable signable -> holds(signable.plain(), data);
            case Call.Malformed _ -> !Utf8.isValid(data);
        };
    }
}
