package cardsecure.site;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// How a site's card readers are set up, where what they send does not say it: MagTek's separator, and the tags of
/// terminals that have no maker's format.
///
/// @param magTekSeparator between the fields of a MagTek line
/// @param ciphertextTag of a generic TLV, upper-case hexadecimal digits, as the others
/// @param ksnTag of its KSN
/// @param maskTag of its masked track 2
public record ReaderSettings(char magTekSeparator, String ciphertextTag, String ksnTag, String maskTag) {
    /// What the letters of a stripe, its separators, digits and URLs leave.
    private static final String SEPARATORS = "|!,:<>@_`{}~";

    /// BER, up to 4 bytes (ISO/IEC 8825-1, 8.1.2), of a value that has no other tags in it.
    private static final Pattern TAG =
            Pattern.compile("0[1-9A-F]|[48C][0-9A-F]|[159D][0-9A-E]|[159D]F([89A-F][0-9A-F]){0,2}[0-7][0-9A-F]");

    /// Tags that mean something in all chip data.
    private static final Set<String> OF_CARDS = Set.of("57", "5A", "56", "9F6B", "5F24", "9F1E", "9F39");

    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException for one that cannot be; the message says what can
    public ReaderSettings {
        if (SEPARATORS.indexOf(magTekSeparator) < 0) {
            throw new IllegalArgumentException("the separator is one of " + SEPARATORS);
        }
        List<String> tags = List.of(ciphertextTag, ksnTag, maskTag);
        boolean good = tags.stream().allMatch(tag -> TAG.matcher(tag).matches() && !OF_CARDS.contains(tag));
        if (!good || Set.copyOf(tags).size() < tags.size()) {
            throw noTags();
        }
    }

    /// A bar, and the tags of Fiserv's terminals.
    static ReaderSettings usual() {
        return new ReaderSettings('|', "DFAE02", "DFAE03", "DFAE57");
    }

    /// The same with tags as [#tagsText] gives them.
    ///
    /// @throws IllegalArgumentException for others than three
    ReaderSettings withTags(List<String> tags) {
        if (tags.size() != 3) {
            throw noTags();
        }
        return new ReaderSettings(magTekSeparator, tags.get(0), tags.get(1), tags.get(2));
    }

    ReaderSettings withSeparator(String text) {
        if (text.length() != 1) {
            throw new IllegalArgumentException("the separator is one character of " + SEPARATORS);
        }
        return new ReaderSettings(text.charAt(0), ciphertextTag, ksnTag, maskTag);
    }

    String tagsText() {
        return String.join(",", ciphertextTag, ksnTag, maskTag);
    }

    private static IllegalArgumentException noTags() {
        return new IllegalArgumentException("the tags of ciphertext, KSN and masked track 2 are three different ones of"
                + " up to 4 bytes in hex, such as DFAE02,DFAE03,DFAE57, with no tags inside, and none that cards have");
    }
}
