package cardsecure.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/// How the server is, at one moment.
///
/// @param version of the program
/// @param vault names the vault, see [cardsecure.keys.KeyRing#vault]
/// @param dev whether it runs for trying out
/// @param listeners each as `KIND HOST:PORT`
/// @param dataKeys the IDs of the ring's data keys, the current one first
/// @param sites how many there are
/// @param clearSites the sites that keep rows in CLEAR, with a mark where only old ones are
/// @param keylessSites the sites whose requests must be signed, with no key to sign them with
/// @param requestsAnswered since the start, those refused not counted
/// @param requestsRefused since the start
/// @param callers who calls, and who was turned away
public record ServerStatus(
        String version,
        String vault,
        Instant started,
        Duration uptime,
        boolean dev,
        List<String> listeners,
        Store store,
        Kek kek,
        List<String> dataKeys,
        int sites,
        List<String> clearSites,
        List<String> keylessSites,
        long requestsAnswered,
        long requestsRefused,
        Callers callers) {
    /// Keeps copies.
    public ServerStatus {
        listeners = List.copyOf(listeners);
        dataKeys = List.copyOf(dataKeys);
        clearSites = List.copyOf(clearSites);
        keylessSites = List.copyOf(keylessSites);
    }

    /// The store.
    ///
    /// @param kind `rocksdb` or `postgresql`
    /// @param path its directory, or its URL
    /// @param health `ok`, or what is wrong
    /// @param approximateRows if it can tell
    /// @param usableDiskBytes free where it is, if that is on this machine
    public record Store(
            String kind, String path, String health, OptionalLong approximateRows, OptionalLong usableDiskBytes) {}

    /// The key-encryption key.
    ///
    /// @param id see [cardsecure.keys.KeyWrapper#kekId]
    /// @param uri where it is
    public record Kek(String id, String uri) {}

    /// The callers; what is counted is counted since the start.
    ///
    /// @param users how many there are
    /// @param requestsInFlight worked on at this moment
    /// @param failedLogins names with wrong passwords
    /// @param overRate requests of those who ask too often
    /// @param overloaded requests that found no room
    /// @param wrongAddress requests from where their site allows none
    /// @param failedDecryptions RSA-encrypted data that did not decrypt
    public record Callers(
            int users,
            int requestsInFlight,
            long failedLogins,
            long overRate,
            long overloaded,
            long wrongAddress,
            long failedDecryptions) {}
}
