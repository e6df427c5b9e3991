package cardsecure.card;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;

/// Personal data: 1 to 1,024 printable characters (Unicode code points), kept as they came.
public final class PersonalData implements ClearData {
    private static final int LENGTH_MAX = 1024;

    private final SecretBytes text;

    private PersonalData(SecretBytes text) {
        this.text = text;
    }

    /// Reads personal data from valid UTF-8.
    ///
    /// @throws Refusal `0038` for a character that is not printable, `0013` for over 1,024 characters
    public static PersonalData parse(SecretBytes text) {
        String characters = new String(text.reveal(), StandardCharsets.UTF_8);
        if (!characters.codePoints().allMatch(PersonalData::isPrintable)) {
            throw new Refusal(ErrorCode.ILLEGAL_CHARACTERS, "personal data has a character that is not printable");
        }
        int length = characters.codePointCount(0, characters.length());
        if (length > LENGTH_MAX) {
            throw new Refusal(
                    ErrorCode.DATA_TOO_LONG, "personal data has at most " + LENGTH_MAX + " characters, not " + length);
        }
        return new PersonalData(text);
    }

    /// Everything but controls, line separators and what is no character at all (which XML could not carry back).
    private static boolean isPrintable(int codePoint) {
        boolean nonCharacter = (codePoint & 0xFFFE) == 0xFFFE || (codePoint >= 0xFDD0 && codePoint <= 0xFDEF);
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> !nonCharacter;
        };
    }

    @Override
    public Domain domain() {
        return Domain.PERSONAL;
    }

    @Override
    public SecretBytes normalised() {
        return text;
    }

    @Override
    public VisibleDigits visibleDigits() {
        return new VisibleDigits.None();
    }

    @Override
    public String toString() {
        return "PersonalData[" + text.length() + " bytes]";
    }
}
