package cardsecure.site;

import java.time.Duration;
import java.util.Set;

/// What a site takes of card readers, and how long it keeps what they and wallets sent beside the number.
///
/// @param retention how long that is kept, for one use, in full minutes up to a day; zero: not at all
/// @param terminals serial numbers of the readers that may send; empty: every reader may
/// @param keySets the key sets whose readers may send, in upper-case hex; empty: all that the site has keys of
/// @param countersGrow whether a reader's counter must be higher each time, so that no swipe comes twice
/// @param readers how they are set up
public record CardPresent(
        Duration retention, Set<String> terminals, Set<String> keySets, boolean countersGrow, ReaderSettings readers) {
    private static final Duration RETENTION_MAX = Duration.ofDays(1);
    private static final String OFF = "off";
    private static final String ZERO = "0";

    /// Checks the parts, and keeps copies.
    ///
    /// @throws IllegalArgumentException for one that cannot be; the message says what can
    public CardPresent {
        if (retention.isNegative() || retention.compareTo(RETENTION_MAX) > 0 || retention.toSecondsPart() != 0) {
            throw noRetention();
        }
        terminals = Set.copyOf(terminals);
        keySets = Set.copyOf(keySets);
        if (!terminals.stream().allMatch(serial -> serial.matches("[!-+\\--~]{1,32}"))) {
            throw new IllegalArgumentException("a serial number has 1 to 32 printable characters, no blank, no comma");
        }
        if (!keySets.stream().allMatch(keySet -> keySet.matches("[0-9A-F]{6,16}"))) {
            throw new IllegalArgumentException("a key set is the first 6 to 16 hex digits of its readers' KSNs");
        }
    }

    /// A day, and every reader that the site has a key of.
    public static CardPresent usual() {
        return new CardPresent(RETENTION_MAX, Set.of(), Set.of(), false, ReaderSettings.usual());
    }

    /// The same with a retention of the form that [#retentionText] gives.
    ///
    /// @throws IllegalArgumentException for a text that is none
    CardPresent withRetention(String text) {
        Duration parsed = text.equals(OFF) || text.equals(ZERO)
                ? Duration.ZERO
                : TimeText.parse(text).filter(time -> !time.isZero()).orElseThrow(CardPresent::noRetention);
        return new CardPresent(parsed, terminals, keySets, countersGrow, readers);
    }

    CardPresent withTerminals(Set<String> newTerminals) {
        return new CardPresent(retention, newTerminals, keySets, countersGrow, readers);
    }

    CardPresent withKeySets(Set<String> newKeySets) {
        return new CardPresent(retention, terminals, newKeySets, countersGrow, readers);
    }

    CardPresent withCountersGrow(boolean newCountersGrow) {
        return new CardPresent(retention, terminals, keySets, newCountersGrow, readers);
    }

    CardPresent withReaders(ReaderSettings newReaders) {
        return new CardPresent(retention, terminals, keySets, countersGrow, newReaders);
    }

    /// The retention as settings have it: `24h`, `90m`, `off`.
    public String retentionText() {
        return retention.isZero() ? OFF : TimeText.of(retention, true);
    }

    private static IllegalArgumentException noRetention() {
        return new IllegalArgumentException("the retention is a time such as 30m or 24h, from 1m to 24h, or off (0)");
    }
}
