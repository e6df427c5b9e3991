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
        TlsConfig tls,
        StoreConfig store,
        KekConfig kek,
        KeysConfig keys,
        WalletsConfig wallets,
        LimitsConfig limits,
        RfcConfig rfc,
        LogConfig log) {
    /// The data directory that is meant when none is named.
    public static final Path USUAL_DATA = Path.of("data");

    /// Checks that the parts go together.
    ///
    /// @throws InvalidConfigException if a listener needs what is not there
    public ServerConfig {
        boolean speaksTls =
                listeners.all().stream().anyMatch(listener -> listener.kind().tls());
        boolean asksClients = listeners.all().stream()
                .anyMatch(listener -> listener.clientCertificates() != ListenerConfig.ClientCertificates.OFF);
        new Rules()
                .holds(
                        dev || !speaksTls || !tls.identities().isEmpty(),
                        "listeners",
                        "has some that speak TLS, and tls: certificates has nothing to show there")
                .holds(
                        !asksClients || tls.clientCa().isPresent(),
                        "listeners",
                        "has some that ask clients for certificates, and tls: client-ca does not say whose are good")
                .enforce();
    }

    /// The usual configuration.
    public static ServerConfig defaults(boolean dev, Path data) {
        return new ServerConfig(
                dev,
                data,
                ListenersConfig.defaults(dev, LimitsConfig.defaults()),
                TlsConfig.defaults(),
                StoreConfig.defaults(),
                KekConfig.defaults(),
                KeysConfig.defaults(),
                WalletsConfig.defaults(),
                LimitsConfig.defaults(),
                RfcConfig.defaults(),
                LogConfig.defaults());
    }

    /// The same in another data directory.
    public ServerConfig withData(Path newData) {
        return new ServerConfig(dev, newData, listeners, tls, store, kek, keys, wallets, limits, rfc, log);
    }

    /// The same with another store.
    public ServerConfig withStore(StoreConfig newStore) {
        return new ServerConfig(dev, data, listeners, tls, newStore, kek, keys, wallets, limits, rfc, log);
    }

    /// The same with other listeners.
    public ServerConfig withListeners(ListenersConfig newListeners) {
        return new ServerConfig(dev, data, newListeners, tls, store, kek, keys, wallets, limits, rfc, log);
    }

    /// The same with another log.
    public ServerConfig withLog(LogConfig newLog) {
        return new ServerConfig(dev, data, listeners, tls, store, kek, keys, wallets, limits, rfc, newLog);
    }

    /// The same with other rules for wallets.
    public ServerConfig withWallets(WalletsConfig newWallets) {
        return new ServerConfig(dev, data, listeners, tls, store, kek, keys, newWallets, limits, rfc, log);
    }

    /// The same with other limits.
    public ServerConfig withLimits(LimitsConfig newLimits) {
        return new ServerConfig(dev, data, listeners, tls, store, kek, keys, wallets, newLimits, rfc, log);
    }

    /// The same with another offer to SAP systems.
    public ServerConfig withRfc(RfcConfig newRfc) {
        return new ServerConfig(dev, data, listeners, tls, store, kek, keys, wallets, limits, newRfc, log);
    }
}
