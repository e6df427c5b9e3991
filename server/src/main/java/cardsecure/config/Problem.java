package cardsecure.config;

/// One thing that is wrong with a configuration file.
///
/// @param file as its reader named it
/// @param line from 1; 0 if it is about the file as a whole
/// @param message one line, without any value of the file: it might be a secret in the wrong place
public record Problem(String file, int line, String message) {
    /// As compilers write it, so that editors find the place.
    @Override
    public String toString() {
        return file + ":" + (line > 0 ? line + ":" : "") + " " + message;
    }
}
