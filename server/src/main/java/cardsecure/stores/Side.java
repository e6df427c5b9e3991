package cardsecure.stores;

import cardsecure.store.Peers;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// One of the two stores of a copy. Nobody else may use it meanwhile: where one process has a store, its lock sees to
/// that; a shared one is asked for its processes, again and again.
///
/// @param shown where it is, for people
public record Side(TokenStore store, String shown) {
    private static final String LEASE = "store-copy";
    private static final Duration LEASE_TIME = Duration.ofSeconds(60);

    /// Takes the store, or renews that.
    ///
    /// @throws StoresException if a server uses it, or another copy does
    void hold() throws StoreException, StoresException {
        if (!store.peers().lease(LEASE, LEASE_TIME)) {
            throw new StoresException(
                    "another copy uses " + shown + " at this moment",
                    "wait until it is through; of one that was killed, a minute");
        }
        List<Peers.Peer> live = store.peers().live();
        if (!live.isEmpty()) {
            throw new StoresException(
                    shown + " is being served, by "
                            + live.stream().map(Peers.Peer::name).collect(Collectors.joining(", ")),
                    "stop every server on it; one that was killed counts for ten seconds more");
        }
    }

    void release() throws StoreException {
        store.peers().release(LEASE);
    }
}
