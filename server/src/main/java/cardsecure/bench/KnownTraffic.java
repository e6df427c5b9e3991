package cardsecure.bench;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Requests whose replies are known to the byte, picked at random.
final class KnownTraffic implements Traffic {
    private final Workload workload;
    private final byte[][] requests;
    private final byte[][] replies;

    /// Takes its parts.
    ///
    /// @param requests whole, ready to be sent
    /// @param replies the body that each must get
    KnownTraffic(Workload workload, List<byte[]> requests, List<byte[]> replies) {
        this.workload = workload;
        this.requests = requests.toArray(byte[][]::new);
        this.replies = replies.toArray(byte[][]::new);
    }

    @Override
    public Workload workload() {
        return workload;
    }

    @Override
    public long next(RandomGenerator random) {
        return random.nextInt(requests.length);
    }

    @Override
    public void write(long ticket, ByteBuffer out) {
        out.put(requests[(int) ticket]);
    }

    @Override
    public boolean fits(long ticket, byte[] reply, int from, int to) {
        byte[] wanted = replies[(int) ticket];
        return Arrays.equals(wanted, 0, wanted.length, reply, from, to);
    }
}
