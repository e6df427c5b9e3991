package cardsecure.benchmarks;

import cardsecure.dukpt.BaseKey;
import cardsecure.dukpt.BaseKeyAlgorithm;
import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Ksn;
import cardsecure.dukpt.WorkingKeys;
import cardsecure.secret.SecretBytes;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What a swipe's key costs: by the one-bits of its counter, of which most have five and none more than ten.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DukptBenchmark {
    private static final BaseKey TDES = key(BaseKeyAlgorithm.TDES, "0123456789ABCDEFFEDCBA9876543210");
    private static final BaseKey AES = key(BaseKeyAlgorithm.AES_128, "FEDCBA9876543210F1F1F1F1F1F1F1F1");

    /// One, five and ten one-bits of TDES; one, eight and sixteen of AES.
    @Param({
        "FFFF9876543210E00001",
        "FFFF9876543210E00155",
        "FFFF9876543210EFFA00",
        "123456789012345600000001",
        "123456789012345600005555",
        "1234567890123456FFFF0000"
    })
    private String ksn = "";

    /// For JMH.
    public DukptBenchmark() {}

    private static BaseKey key(BaseKeyAlgorithm algorithm, String hex) {
        return new BaseKey(algorithm, SecretBytes.owning(HexFormat.of().parseHex(hex)));
    }

    /// From the KSN's digits to the key.
    @Benchmark
    public SecretBytes derive() {
        Ksn parsed = Ksn.parseHex(ksn);
        return switch (parsed.scheme()) {
            case TDES -> WorkingKeys.derive(TDES, parsed, KeyVariant.DATA_ONE_WAY);
            case AES -> WorkingKeys.derive(AES, parsed, KeyVariant.AES_128_DATA);
        };
    }
}
