package cardsecure.site;

import java.time.Duration;

/// Whether the requests of a site must be signed, and how.
///
/// @param window how far a request's time may be from now, either way: 1 second to an hour, in full seconds
public record Signing(boolean on, SigningForm form, Duration window) {
    private static final Duration WINDOW_MAX = Duration.ofHours(1);

    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException for a window that cannot be
    public Signing {
        if (window.compareTo(Duration.ofSeconds(1)) < 0
                || window.compareTo(WINDOW_MAX) > 0
                || window.toNanosPart() != 0) {
            throw noWindow();
        }
    }

    /// Off, and as the protocol has it once it is on.
    public static Signing usual() {
        return new Signing(false, SigningForm.ENCODED, Duration.ofMinutes(5));
    }

    /// The same, on or off.
    public Signing withOn(boolean newOn) {
        return new Signing(newOn, form, window);
    }

    /// The same in another form.
    public Signing withForm(SigningForm newForm) {
        return new Signing(on, newForm, window);
    }

    /// The same with a window of the form that [#windowText] gives.
    ///
    /// @throws IllegalArgumentException for a text that is none
    public Signing withWindow(String text) {
        return new Signing(on, form, TimeText.parse(text).orElseThrow(Signing::noWindow));
    }

    /// The window as settings have it: `5m`, `90s`.
    public String windowText() {
        return TimeText.of(window, false);
    }

    private static IllegalArgumentException noWindow() {
        return new IllegalArgumentException("the window is a time such as 90s or 5m, from 1s to 60m");
    }
}
