package cardsecure.log;

import cardsecure.config.LogConfig;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.LoggerFactory;

/// Sets the log up as the configuration wants it: to standard error or a file, as text or as JSON lines.
public final class LogSetup {
    /// Libraries tell more than an operator wants; their warnings are heard. Those of the pool are not: the store
    /// tells of each outage once.
    private static final Map<String, Level> LIBRARIES = Map.of(
            "io.helidon",
            Level.WARN,
            "com.zaxxer.hikari",
            Level.ERROR,
            "org.flywaydb",
            Level.WARN,
            "org.postgresql",
            Level.WARN);

    private LogSetup() {}

    /// Replaces the log's set-up.
    ///
    /// @throws IllegalArgumentException if the log file cannot be written; a server without its log does not
    ///         start
    public static void apply(LogConfig config) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(config.level().name()));
        // Whatever the level: each refusal and each privileged act leaves its line.
        context.getLogger(AuditLines.LOGGER).setLevel(Level.INFO);
        LIBRARIES.forEach((name, level) -> context.getLogger(name).setLevel(level));
        root.addAppender(appender(context, config));
    }

    private static Appender<ILoggingEvent> appender(LoggerContext context, LogConfig config) {
        OutputStreamAppender<ILoggingEvent> appender =
                config.file().map(LogSetup::toFile).orElseGet(LogSetup::toStandardError);
        appender.setContext(context);
        appender.setEncoder(encoder(context, config));
        appender.start();
        if (!appender.isStarted()) {
            throw new IllegalArgumentException("the log file cannot be written: "
                    + config.file().map(Path::toString).orElse("standard error"));
        }
        return appender;
    }

    private static OutputStreamAppender<ILoggingEvent> toFile(Path file) {
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setFile(file.toString());
        appender.setAppend(true);
        return appender;
    }

    private static OutputStreamAppender<ILoggingEvent> toStandardError() {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setTarget(ConsoleTarget.SystemErr.getName());
        return appender;
    }

    private static LayoutWrappingEncoder<ILoggingEvent> encoder(LoggerContext context, LogConfig config) {
        LayoutBase<ILoggingEvent> layout = switch (config.format()) {
            case TEXT -> new TextLayout();
            case JSON -> new JsonLayout();
        };
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        return encoder;
    }
}
