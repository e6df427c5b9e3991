package cardsecure.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Reads bodies within a time, because the web server waits for one as long as its client stays. An interrupt closes
/// the
/// connection that a virtual thread reads from, and is never left behind.
final class BodyDeadline implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;
    private final Duration timeout;

    BodyDeadline(Duration timeout) {
        this.timeout = timeout;
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("body-deadline").daemon().factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /// At most `lengthMax` bytes of the body.
    ///
    /// @throws IOException if the client goes away, or does not send it in time
    byte[] read(InputStream body, int lengthMax) throws IOException {
        Reader reader = new Reader(Thread.currentThread());
        Future<?> alarm = timer.schedule(reader::interrupt, timeout.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return body.readNBytes(lengthMax);
        } finally {
            alarm.cancel(false);
            reader.end();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private static final class Reader {
        private final Thread thread;
        private boolean reading = true;

        Reader(Thread thread) {
            this.thread = thread;
        }

        synchronized void interrupt() {
            if (reading) {
                thread.interrupt();
            }
        }

        /// From here on no interrupt comes; one that came in the last moment is taken back.
        synchronized void end() {
            reading = false;
            Thread.interrupted();
        }
    }
}
