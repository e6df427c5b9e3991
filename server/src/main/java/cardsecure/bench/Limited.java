package cardsecure.bench;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// Other traffic, so many requests of it and no more.
final class Limited implements Traffic {
    private final Traffic traffic;
    private final AtomicLong left;

    Limited(Traffic traffic, long count) {
        this.traffic = traffic;
        this.left = new AtomicLong(count);
    }

    @Override
    public Workload workload() {
        return traffic.workload();
    }

    @Override
    public long next(RandomGenerator random) {
        return left.getAndDecrement() > 0 ? traffic.next(random) : EXHAUSTED;
    }

    @Override
    public void write(long ticket, ByteBuffer out) {
        traffic.write(ticket, out);
    }

    @Override
    public boolean fits(long ticket, byte[] reply, int from, int to) {
        return traffic.fits(ticket, reply, from, to);
    }
}
