package cardsecure.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/// One line for people: `TIME LEVEL message key=value …`. A value with blanks stands in quotes, and none can begin a
/// line of its own.
final class TextLayout extends LayoutBase<ILoggingEvent> {
    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160)
                .append(Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.MILLIS))
                .append(String.format(" %-5s ", event.getLevel()))
                .append(oneLine(event.getFormattedMessage()));
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> line.append(' ').append(pair.key).append('=').append(value(pair.value)));
        }
        if (event.getThrowableProxy() != null) {
            line.append(" exception=").append(event.getThrowableProxy().getClassName());
        }
        return line.append('\n').toString();
    }

    private static String value(Object value) {
        String text = oneLine(String.valueOf(value));
        return text.isEmpty() || text.contains(" ") || text.contains("\"")
                ? '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
                : text;
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
