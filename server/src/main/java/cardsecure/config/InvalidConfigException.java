package cardsecure.config;

import java.util.List;
import java.util.stream.Collectors;

/// Parts of a configuration record that cannot be, or not together.
public final class InvalidConfigException extends IllegalArgumentException {
    private final transient List<Fault> faults;

    /// One thing that is wrong.
    ///
    /// @param key as the file writes it
    /// @param rule what holds for its value, to be read after the key; it never has the value in it
    public record Fault(String key, String rule) {
        @Override
        public String toString() {
            return key + " " + rule;
        }
    }

    /// All that is wrong with a record.
    public InvalidConfigException(List<Fault> faults) {
        super(faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
        this.faults = List.copyOf(faults);
    }

    /// All that is wrong, in the order of the record's parts.
    public List<Fault> faults() {
        return faults;
    }
}
