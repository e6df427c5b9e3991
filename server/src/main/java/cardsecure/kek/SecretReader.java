package cardsecure.kek;

import cardsecure.config.SecretSource;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// Gets passphrases and PINs from where they are: one line of text.
public final class SecretReader {
    private static final int BYTES_MAX = 1024;

    private final Typist typist;

    /// Somebody who types what nobody can see.
    @FunctionalInterface
    public interface Typist {
        /// What was typed, if there is anybody.
        Optional<SecretBytes> type(String prompt);
    }

    /// Takes its parts.
    public SecretReader(Typist typist) {
        this.typist = typist;
    }

    /// Asks at the terminal that the program was started from.
    public static SecretReader atTerminal() {
        return new SecretReader(prompt -> Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .flatMap(console -> Optional.ofNullable(console.readPassword("%s: ", prompt)))
                .map(SecretReader::encode));
    }

    private static SecretBytes encode(char[] typed) {
        byte[] bytes = new byte[3 * typed.length];
        ByteBuffer encoded = ByteBuffer.wrap(bytes);
        CoderResult result = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(typed), encoded, true);
        Arrays.fill(typed, ' ');
        SecretBytes secret = SecretBytes.copyOf(bytes, 0, encoded.position());
        Arrays.fill(bytes, (byte) 0);
        if (result.isError()) {
            throw refusal("what was typed is no text");
        }
        return secret;
    }

    /// The secret of a source.
    ///
    /// @param what it is, such as `passphrase of the KEK`
    /// @throws Refusal `0027` if it cannot be had, with what to do
    public SecretBytes read(SecretSource source, String what) {
        return checked(
                switch (source) {
                    case SecretSource.Terminal() -> typed(what);
                    case SecretSource.Descriptor(int number) ->
                        line(Path.of("/dev/fd/" + number), what, "descriptor " + number);
                    case SecretSource.File(Path path) -> ofFile(path, what);
                    case SecretSource.Environment(String name) -> ofEnvironment(name, what);
                },
                what);
    }

    /// A secret that is to be set: whoever types it does so twice.
    ///
    /// @throws Refusal `0027` if it cannot be had, or the two differ
    public SecretBytes readNew(SecretSource source, String what) {
        if (!(source instanceof SecretSource.Terminal)) {
            return read(source, what);
        }
        SecretBytes first = read(source, "new " + what);
        if (!first.equals(read(source, "the same again"))) {
            throw refusal("the " + what + " was not typed alike twice; try again");
        }
        return first;
    }

    private SecretBytes typed(String what) {
        return typist.type(what)
                .orElseThrow(() -> refusal("there is no terminal to ask for the " + what
                        + " at; have it read from fd, file or env, as docs/configuration.md says"));
    }

    private static SecretBytes ofFile(Path file, String what) {
        try {
            if (Files.isRegularFile(file) && !PrivateFile.isPrivate(file)) {
                throw refusal("file " + file + " with the " + what + " is open to other users; chmod 600 " + file
                        + ", and think about who may have read it");
            }
        } catch (IOException e) {
            throw unreadable("file " + file, what, e);
        }
        return line(file, what, "file " + file);
    }

    private static SecretBytes ofEnvironment(String name, String what) {
        String value = System.getenv(name);
        if (value == null) {
            throw refusal("environment variable " + name + " with the " + what + " is not set");
        }
        return SecretBytes.owning(value.getBytes(StandardCharsets.UTF_8));
    }

    private static SecretBytes line(Path file, String what, String name) {
        byte[] bytes = {};
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(BYTES_MAX + 2);
            int length = bytes.length;
            if (length > 0 && bytes[length - 1] == '\n') {
                length--;
            }
            if (length > 0 && bytes[length - 1] == '\r') {
                length--;
            }
            return SecretBytes.copyOf(bytes, 0, length);
        } catch (IOException e) {
            throw unreadable(name, what, e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static Refusal unreadable(String name, String what, IOException why) {
        String problem = why instanceof NoSuchFileException ? " is not there" : " cannot be read";
        return new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, name + " with the " + what + problem, why);
    }

    /// So that another file than was meant, such as one of Java's own under that number, is not taken for a secret.
    private static SecretBytes checked(SecretBytes secret, String what) {
        boolean control = false;
        for (byte each : secret.reveal()) {
            control |= (each >= 0 && each < ' ') || each == 0x7f;
        }
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(secret.reveal()));
            Arrays.fill(text.array(), ' ');
        } catch (CharacterCodingException _) {
            control = true;
        }
        if (control || secret.length() < 1 || secret.length() > BYTES_MAX) {
            throw refusal("the " + what + " is not one line of UTF-8 text with 1 to " + BYTES_MAX + " bytes");
        }
        return secret;
    }

    private static Refusal refusal(String reason) {
        return new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, reason);
    }
}
