package cardsecure.cli;

import cardsecure.secret.SecretBytes;
import java.io.Console;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Asks somebody at a terminal for a password.
@FunctionalInterface
interface PasswordPrompt {
    /// What was typed, which nobody could see.
    ///
    /// @param text what is asked for
    /// @throws InputException if nobody can be asked
    SecretBytes ask(String text) throws InputException;

    /// The terminal that the command was started from.
    static PasswordPrompt terminal() {
        return text -> {
            char[] typed = Optional.ofNullable(System.console())
                    .filter(Console::isTerminal)
                    .flatMap(console -> Optional.ofNullable(console.readPassword("%s: ", text)))
                    .orElseThrow(() -> new InputException(
                            "there is no terminal to ask for the password at",
                            "put it into a file that only you can read, and name that with --password-file"));
            ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(typed));
            Arrays.fill(typed, ' ');
            byte[] password = new byte[encoded.remaining()];
            encoded.get(password);
            return SecretBytes.owning(password);
        };
    }

    /// A password that was typed twice alike.
    ///
    /// @throws InputException if it was not
    default SecretBytes askTwice(String user) throws InputException {
        SecretBytes first = ask("new password for " + user);
        if (!first.equals(ask("the same again"))) {
            throw new InputException("the two passwords differ", "try again");
        }
        return first;
    }
}
