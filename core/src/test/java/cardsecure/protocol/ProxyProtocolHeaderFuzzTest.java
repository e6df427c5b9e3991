package cardsecure.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/// Whatever a proxy sends, reading its header asks for no more bytes than the limit, and comes to an end.
class ProxyProtocolHeaderFuzzTest {
    @FuzzTest(maxDuration = "15s")
    void noHeaderMakesTheParserFail(byte[] input) {
        int length = 0;
        while (length <= input.length) {
            if (!(ProxyProtocolHeader.parse(Arrays.copyOf(input, length))
                    instanceof ProxyProtocolHeader.Incomplete(int wanted))) {
                return;
            }
            if (wanted <= length || wanted > ProxyProtocolHeader.LENGTH_MAX) {
                throw new AssertionError("after " + length + " bytes " + wanted + " are wanted");
            }
            length = wanted;
        }
    }
}
