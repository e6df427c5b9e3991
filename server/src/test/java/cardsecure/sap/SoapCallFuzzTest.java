package cardsecure.sap;

import cardsecure.error.Refusal;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Optional;

/// Whatever is sent as an envelope is read or refused, in whatever it is said to be written.
class SoapCallFuzzTest {
    @FuzzTest(maxDuration = "15s")
    void noEnvelopeMakesItFail(byte[] input) {
        for (Optional<String> charset : List.of(
                Optional.<String>empty(), Optional.of("utf-8"), Optional.of("UTF-16"), Optional.of("klingon"))) {
            try {
                SoapCall call = SoapCall.decode(input, charset);
                call.destroy();
            } catch (Refusal e) {
                if (e.reason().isBlank()) {
                    throw new AssertionError("a refusal without a reason", e);
                }
            }
        }
    }
}
