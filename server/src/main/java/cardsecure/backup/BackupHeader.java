package cardsecure.backup;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.DataKey;
import cardsecure.keys.DataKeys;
import cardsecure.keys.FingerprintKeys;
import cardsecure.keys.KeyRing;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a backup says of itself to everybody. It stands once more in what is encrypted, so that a changed one is
/// found when the backup is opened, and not before.
///
/// @param vault whose keys they are
/// @param generation of the ring
/// @param made when the backup was
/// @param dataKeys each ID with its state
/// @param fingerprintKeys the versions, and which is current
/// @param callerKeys each ID with its state
/// @param openedBy what opens it: `certificate SHA-256 SUBJECT`, or `passphrase argon2id MEMORY PASSES SALT`
public record BackupHeader(
        String vault,
        long generation,
        Instant made,
        String dataKeys,
        String fingerprintKeys,
        String callerKeys,
        String openedBy) {
    private static final String TITLE = "cardsecure key backup 1";
    private static final Pattern FORM = Pattern.compile(TITLE + """
        \nvault: ([0-9a-f]{32})
        generation: ([0-9]{1,18})
        made: ([0-9TZ:-]{20})
        data keys: ([\\x20-\\x7E]+)
        fingerprint keys: ([\\x20-\\x7E]+)
        callers' keys: ([\\x20-\\x7E]+)
        opened by: ([\\x20-\\x7E]+)
        """);

    static BackupHeader of(KeyRing ring, Instant now, String openedBy) {
        return new BackupHeader(
                ring.vault(),
                ring.generation(),
                now.truncatedTo(ChronoUnit.SECONDS),
                shown(ring.dataKeys()),
                shown(ring.fingerprintKeys()),
                shown(ring.callerKeys()),
                openedBy);
    }

    /// Keys in one line: each ID with its state.
    public static String shown(DataKeys keys) {
        return keys.all().stream().map(BackupHeader::shown).collect(Collectors.joining(", "));
    }

    private static String shown(DataKey key) {
        return key.id() + " " + key.state().label();
    }

    /// Keys in one line: each version, and which is current.
    public static String shown(FingerprintKeys keys) {
        return keys.all().stream()
                .map(key -> key.version() + (key.version() == keys.current() ? " current" : ""))
                .collect(Collectors.joining(", "));
    }

    /// As lines of a file, and of the terminal.
    public List<String> lines() {
        return List.of(
                TITLE,
                "vault: " + vault,
                "generation: " + generation,
                "made: " + made,
                "data keys: " + dataKeys,
                "fingerprint keys: " + fingerprintKeys,
                "callers' keys: " + callerKeys,
                "opened by: " + openedBy);
    }

    String text() {
        return String.join("\n", lines()) + "\n";
    }

    /// @throws Refusal `0063` for another text
    static BackupHeader parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new Refusal(
                    ErrorCode.KEYSTORE_IMPORT_FAILURE, "the file is no key backup, or its beginning is damaged");
        }
        try {
            return new BackupHeader(
                    parts.group(1),
                    Long.parseLong(parts.group(2)),
                    Instant.parse(parts.group(3)),
                    parts.group(4),
                    parts.group(5),
                    parts.group(6),
                    parts.group(7));
        } catch (DateTimeParseException e) {
            throw new Refusal(ErrorCode.KEYSTORE_IMPORT_FAILURE, "the file's time cannot be", e);
        }
    }
}
