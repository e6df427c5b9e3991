package cardsecure.config;

import java.util.ArrayList;
import java.util.List;

/// Collects what is wrong with a record's parts, so that all of it is said at once.
final class Rules {
    private final List<InvalidConfigException.Fault> faults = new ArrayList<>();

    Rules inRange(String key, long value, long min, long max) {
        return holds(value >= min && value <= max, key, "is from " + min + " to " + max);
    }

    Rules holds(boolean holds, String key, String rule) {
        if (!holds) {
            faults.add(new InvalidConfigException.Fault(key, rule));
        }
        return this;
    }

    void enforce() {
        if (!faults.isEmpty()) {
            throw new InvalidConfigException(faults);
        }
    }
}
