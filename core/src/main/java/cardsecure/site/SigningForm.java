package cardsecure.site;

import java.util.Arrays;
import java.util.Locale;

/// How the values of a request stand in the text that is signed.
public enum SigningForm {
    /// As `application/x-www-form-urlencoded` has them.
    ENCODED,
    /// As they are.
    DECODED;

    /// As settings name it.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The form of a label.
    ///
    /// @throws IllegalArgumentException for a text that is none's
    public static SigningForm parse(String label) {
        return Arrays.stream(values())
                .filter(form -> form.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the form is encoded or decoded"));
    }
}
