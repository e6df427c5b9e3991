package cardsecure.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channel;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Closes channels on which nothing happens in time: those of Unix sockets have no timeouts of their own. Safe for
/// threads.
final class Deadlines implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;

    Deadlines() {
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("admin-deadlines").daemon(true).factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /// Something that reads from or writes to a channel.
    @FunctionalInterface
    interface Exchange<T> {
        T run() throws IOException;
    }

    /// Does an exchange; if it is not over in time, the channel is closed under it, and it fails.
    <T> T within(Duration time, Channel channel, Exchange<T> exchange) throws IOException {
        Future<?> closing = timer.schedule(() -> closeUnder(channel), time.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return exchange.run();
        } finally {
            closing.cancel(false);
        }
    }

    private static void closeUnder(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a channel does not close", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
