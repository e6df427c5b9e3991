package cardsecure.rfc;

import cardsecure.error.Refusal;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/// Whatever comes as a message, it is read or refused; and what is read is the same when it is written again.
class FieldChainFuzzTest {
    @FuzzTest(maxDuration = "15s")
    void whatIsReadIsWrittenTheSame(byte[] input) {
        FieldChain chain;
        try {
            chain = FieldChain.decode(input, 0);
            RfcMessage.of(chain);
        } catch (Refusal _) {
            return;
        }
        FieldChain.Field first = chain.fields().getFirst();
        FieldChainWriter writer = new FieldChainWriter(first.tag(), "");
        for (FieldChain.Field field : chain.fields()) {
            writer.add(field.tag(), field.value().reveal().clone());
        }
        FieldChain again = FieldChain.decode(firstDropped(writer.end()), 0);
        if (!again.fields().equals(chain.fields())) {
            throw new AssertionError("written again it is another chain");
        }
    }

    /// The writer's own first field is empty: tag, length, and the tag again.
    private static byte[] firstDropped(byte[] chain) {
        return Arrays.copyOfRange(chain, 6, chain.length);
    }
}
