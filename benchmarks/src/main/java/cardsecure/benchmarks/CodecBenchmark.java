package cardsecure.benchmarks;

import cardsecure.card.Luhn;
import cardsecure.card.Pan;
import cardsecure.error.ErrorCode;
import cardsecure.protocol.FormDecoder;
import cardsecure.protocol.ReplyEncoder;
import cardsecure.protocol.ReplyFormat;
import cardsecure.secret.SecretBytes;
import cardsecure.token.Token;
import cardsecure.token.TokenFormat;
import cardsecure.token.TokenGenerator;
import cardsecure.vault.Action;
import cardsecure.vault.Reply;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
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

/// Bytes to requests and replies to bytes.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
    /// For JMH.
    public CodecBenchmark() {}

    /// What comes in.
    @State(Scope.Benchmark)
    public static class Incoming {
        private final byte[] digits = Samples.digits(123_456_789);
        private final SecretBytes pan = SecretBytes.copyOf(digits);
        private final byte[] query =
                ("action=CE&data=" + new String(digits, StandardCharsets.US_ASCII)).getBytes(StandardCharsets.US_ASCII);
        private final byte[] escaped =
                "action=PE&data=J%C3%BCrgen+M%C3%BCller%2C+Stra%C3%9Fe+1&type=json&source=shop&callback=processToken"
                        .getBytes(StandardCharsets.US_ASCII);
        private final byte[] empty = {};

        /// For JMH.
        public Incoming() {}
    }

    /// What goes out, in each form.
    @State(Scope.Benchmark)
    public static class Outgoing {
        /// The form of the reply.
        @Param
        public ReplyFormat form = ReplyFormat.FORM;

        private final Token token = new TokenGenerator(new SplittableRandom(1))
                .draw(new TokenFormat.Numeric(), Samples.pan(123_456_789).visibleDigits());
        private final Reply tokenized = new Reply.Tokenized(Action.CE, token);
        private final Reply refused = new Reply.Refused(ErrorCode.LUHN_FAILED, "0123456789");

        /// For JMH.
        public Outgoing() {}
    }

    /// [Luhn#isValid].
    @Benchmark
    public boolean luhn(Incoming incoming) {
        return Luhn.isValid(incoming.digits);
    }

    /// [Pan#parse].
    @Benchmark
    public Pan parsePan(Incoming incoming) {
        return Pan.parse(incoming.pan);
    }

    /// [FormDecoder#decode] of the usual request.
    @Benchmark
    public FormDecoder.Decoded decode(Incoming incoming) {
        return FormDecoder.decode(incoming.query, incoming.empty);
    }

    /// [FormDecoder#decode] with escapes and more parameters.
    @Benchmark
    public FormDecoder.Decoded decodeEscaped(Incoming incoming) {
        return FormDecoder.decode(incoming.escaped, incoming.empty);
    }

    /// [ReplyEncoder#encode] of a token.
    @Benchmark
    public byte[] encode(Outgoing outgoing) {
        return ReplyEncoder.encode(outgoing.tokenized, outgoing.form);
    }

    /// [ReplyEncoder#encode] of an error.
    @Benchmark
    public byte[] encodeError(Outgoing outgoing) {
        return ReplyEncoder.encode(outgoing.refused, outgoing.form);
    }
}
