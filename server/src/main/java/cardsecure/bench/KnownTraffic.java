package cardsecure.bench;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Requests whose replies are known to the byte, picked at random.
final class KnownTraffic implements Traffic {
    private final Workload workload;
    private final RequestTemplate template;
    private final byte[][] data;
    private final byte[][] replies;

    /// Takes its parts.
    ///
    /// @param data all of one length
    /// @param replies the body that each must get
    KnownTraffic(Target target, Workload workload, List<byte[]> data, List<byte[]> replies) {
        this.workload = workload;
        this.template = target.template(workload, data.getFirst().length);
        this.data = data.toArray(byte[][]::new);
        this.replies = replies.toArray(byte[][]::new);
    }

    @Override
    public Workload workload() {
        return workload;
    }

    @Override
    public long next(RandomGenerator random) {
        return random.nextInt(data.length);
    }

    @Override
    public void write(long ticket, ByteBuffer out) {
        template.write(data[(int) ticket], out);
    }

    @Override
    public boolean fits(long ticket, byte[] reply, int from, int to) {
        byte[] wanted = replies[(int) ticket];
        return Arrays.equals(wanted, 0, wanted.length, reply, from, to);
    }
}
