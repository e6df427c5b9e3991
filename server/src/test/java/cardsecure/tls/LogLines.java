package cardsecure.tls;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/// What a class warns of while this is open, each line as `LEVEL message`.
public final class LogLines implements AutoCloseable {
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final Logger logger;

    /// Begins to listen.
    public LogLines(Class<?> of) {
        this.logger = (Logger) LoggerFactory.getLogger(of);
        logger.setLevel(Level.WARN);
        appender.start();
        logger.addAppender(appender);
    }

    /// What was said so far.
    public List<String> lines() {
        return appender.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setLevel(null);
    }
}
