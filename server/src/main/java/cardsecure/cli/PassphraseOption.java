package cardsecure.cli;

import cardsecure.config.SecretSource;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// The option that says where a backup's passphrase comes from.
final class PassphraseOption {
    @Option(
            names = "--passphrase",
            paramLabel = "SOURCE",
            converter = SourceConverter.class,
            description = "A passphrase opens the backup. SOURCE is terminal, fd:NUMBER, file:/PATH or env:NAME.")
    private Optional<SecretSource> source = Optional.empty();

    /// Reads what people type for a source.
    static final class SourceConverter implements ITypeConverter<SecretSource> {
        @Override
        public SecretSource convert(String text) {
            try {
                return SecretSource.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    Optional<SecretSource> source() {
        return source;
    }
}
