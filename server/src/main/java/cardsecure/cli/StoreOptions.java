package cardsecure.cli;

import cardsecure.config.ConfigException;
import cardsecure.config.ConfigReader;
import cardsecure.config.Problem;
import cardsecure.config.ServerConfig;
import cardsecure.config.StoreConfig;
import cardsecure.config.StoreLocation;
import cardsecure.error.Refusal;
import cardsecure.kek.SecretReader;
import cardsecure.store.StoreException;
import cardsecure.stores.StoresException;
import cardsecure.stores.UnopenedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// What all commands take that open a store themselves, and how they say that something failed.
final class StoreOptions {
    @Option(names = "--data", paramLabel = "DIR", description = "The data directory; ./data unless given.")
    private Optional<Path> data = Optional.empty();

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration: data directory, KEK, memory.")
    private Optional<Path> config = Optional.empty();

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /// Reads what people type for a store.
    static final class LocationConverter implements ITypeConverter<StoreLocation> {
        @Override
        public StoreLocation convert(String text) {
            try {
                return StoreLocation.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("a store's URL " + e.getMessage());
            }
        }
    }

    /// A command's work.
    interface Work {
        int run(ServerConfig config) throws StoreException, StoresException, ConfigException;
    }

    ServerConfig effective() throws ConfigException {
        ServerConfig read = config.isPresent()
                ? ConfigReader.read(config.get(), false)
                : ServerConfig.defaults(false, ServerConfig.USUAL_DATA);
        return read.withData(data.orElse(read.data()));
    }

    /// A store in a configuration's place.
    static UnopenedStore at(StoreLocation location, ServerConfig config, SecretReader secrets) {
        StoreConfig usual = config.store().withLocation(location);
        // Long walks and large batches are no requests: nobody waits for them.
        StoreConfig patient = new StoreConfig(
                location, usual.blockCacheBytes(), usual.diskReserveBytes(), usual.poolSize(), PATIENCE);
        return UnopenedStore.of(patient, config.data(), secrets);
    }

    /// A store's place as a URL, without what only its server needs.
    static String shown(StoreLocation location, ServerConfig config) {
        return switch (location) {
            case StoreLocation.Rocks rocks -> "rocksdb:" + rocks.shown(config.data());
            case StoreLocation.Postgres postgres -> postgres.shown();
        };
    }

    int run(Terminal terminal, String hint, Work work) {
        try {
            return work.run(effective());
        } catch (StoresException e) {
            return terminal.fail(String.valueOf(e.getMessage()), e.hint());
        } catch (ConfigException e) {
            return terminal.fail(e.problems().stream().map(Problem::toString).toList());
        } catch (Refusal e) {
            return terminal.fail(e);
        } catch (StoreException e) {
            return terminal.fail(String.valueOf(e.getMessage()), hint);
        }
    }
}
