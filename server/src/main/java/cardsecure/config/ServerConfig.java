package cardsecure.config;

import java.nio.file.Path;

/// All that one node is told. What all nodes share, such as sites, is in the store.
///
/// @param dev for trying out: listens on the loopback address and makes what is missing
/// @param data the directory that store, KEK and admin socket are in
public record ServerConfig(
        boolean dev,
        Path data,
        ListenersConfig listeners,
        StoreConfig store,
        KekConfig kek,
        LimitsConfig limits,
        LogConfig log) {
    /// The data directory that is meant when none is named.
    public static final Path USUAL_DATA = Path.of("data");

    /// The usual configuration.
    public static ServerConfig defaults(boolean dev, Path data) {
        return new ServerConfig(
                dev,
                data,
                ListenersConfig.defaults(dev),
                StoreConfig.defaults(),
                KekConfig.defaults(),
                LimitsConfig.defaults(),
                LogConfig.defaults());
    }

    /// The same in another data directory.
    public ServerConfig withData(Path newData) {
        return new ServerConfig(dev, newData, listeners, store, kek, limits, log);
    }

    /// The same with other listeners.
    public ServerConfig withListeners(ListenersConfig newListeners) {
        return new ServerConfig(dev, data, newListeners, store, kek, limits, log);
    }

    /// The same with another log.
    public ServerConfig withLog(LogConfig newLog) {
        return new ServerConfig(dev, data, listeners, store, kek, limits, newLog);
    }

    /// The same with other limits.
    public ServerConfig withLimits(LimitsConfig newLimits) {
        return new ServerConfig(dev, data, listeners, store, kek, newLimits, log);
    }

    /// The file of the KEK.
    public Path kekFile() {
        return kek.file(data);
    }
}
