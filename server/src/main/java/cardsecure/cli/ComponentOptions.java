package cardsecure.cli;

import cardsecure.config.SecretSource;
import cardsecure.dukpt.KeyComponents;
import cardsecure.error.Refusal;
import cardsecure.kek.SecretReader;
import cardsecure.secret.SecretBytes;
import java.util.Arrays;
import picocli.CommandLine.Option;

/// The options that say where a component of a key comes from, and its reading. It stands on no command line.
final class ComponentOptions {
    @Option(names = "--components", paramLabel = "COUNT", description = "How many there are, 2 or 3; 2 unless given.")
    private int count = 2;

    @Option(
            names = "--component",
            paramLabel = "SOURCE",
            converter = PassphraseOption.SourceConverter.class,
            description = "Where this one is: terminal (unless given), fd:NUMBER, file:/PATH or env:NAME.")
    private SecretSource source = new SecretSource.Terminal();

    @Option(
            names = "--one-custodian",
            description = "Take it also from a user who has entered another one: nobody should know two, so this is"
                    + " recorded.")
    private boolean oneCustodian;

    boolean oneCustodian() {
        return oneCustodian;
    }

    int count() {
        return count;
    }

    /// The component's bytes; blanks between groups of digits are nothing.
    ///
    /// @throws InputException if it cannot be had, is not hexadecimal, or would be one of too few or too many
    SecretBytes read(SecretReader secrets) throws InputException {
        // Before anybody types what is secret in vain.
        if (count < KeyComponents.MIN || count > KeyComponents.MAX) {
            throw new InputException("a key has 2 or 3 components", "say --components 2 or --components 3");
        }
        SecretBytes text = text(secrets);
        byte[] bytes = new byte[text.length() / 2];
        int digits = 0;
        boolean wrong = false;
        for (byte each : text.reveal()) {
            int digit = Character.digit(each, 16);
            if (digit >= 0 && digits / 2 < bytes.length) {
                bytes[digits / 2] |= (byte) (digits % 2 == 0 ? digit << 4 : digit);
            }
            wrong |= digit < 0 && each != ' ';
            digits += digit >= 0 ? 1 : 0;
        }
        text.destroy();
        SecretBytes component = SecretBytes.copyOf(bytes, 0, digits / 2);
        Arrays.fill(bytes, (byte) 0);
        if (wrong || digits == 0 || digits % 2 != 0) {
            component.destroy();
            throw new InputException(
                    "a component is hexadecimal digits, an even number of them",
                    "type it again, in groups if you like");
        }
        return component;
    }

    /// Components are not the keystore's, which such a refusal is about elsewhere.
    private SecretBytes text(SecretReader secrets) throws InputException {
        try {
            return secrets.read(source, "key component in hexadecimal digits");
        } catch (Refusal e) {
            String[] parts = e.reason().split("; ", 2);
            throw new InputException(
                    parts[0],
                    parts.length > 1
                            ? parts[1]
                            : "--component says where it is: terminal, fd:NUMBER, file:/PATH or env:NAME");
        }
    }
}
