package cardsecure.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The processes that share a store, this one among them, as far as the store tells them of each other. Safe for
/// threads.
public interface Peers {
    /// A process that shares the store.
    ///
    /// @param name for people: machine and process
    /// @param generation of the ring that it uses; 0 if it has not read one yet
    /// @param kekId of the KEK that it opened that ring with; empty if it has not
    record Peer(String name, long generation, String kekId) {}

    /// Those of a store that one process has: nothing changes elsewhere, nobody lags, every lease is held.
    static Peers none() {
        return new Peers() {
            @Override
            public void onChange(Runnable listener) {
                // Nothing is changed elsewhere.
            }

            @Override
            public void report(long generation, String kekId) {
                // There is nobody to report to.
            }

            @Override
            public List<Peer> live() {
                return List.of();
            }

            @Override
            public boolean lease(String name, Duration duration) {
                return true;
            }

            @Override
            public void release(String name) {
                // Nobody else waits for it.
            }
        };
    }

    /// Has a listener called whenever settings may have been changed, by this process or by another one: within a
    /// second, as a rule at once, and each time that the store is to be had again after it was not. It may be
    /// called too often, never too seldom. It is called by a thread of the store, which tells nobody else
    /// meanwhile, and no more once the store is closed. What it throws is logged.
    void onChange(Runnable listener);

    /// Says which ring this process uses, and from then on, every few seconds, that it is alive, until the store
    /// is closed. A process says 0 before it reads its first ring, so that nobody overlooks it meanwhile.
    ///
    /// @param kekId of the KEK that it opened that ring with; empty before it has
    /// @throws StoreException if it could not be said now; it is said again by itself
    void report(long generation, String kekId) throws StoreException;

    /// Those that said within the last ten seconds, by the store's clock, that they are alive, this one too.
    List<Peer> live() throws StoreException;

    /// Those that are alive and do not use a ring of this generation, or a later one, yet.
    ///
    /// @return their names
    default List<String> lagging(long generation) throws StoreException {
        return live().stream()
                .filter(peer -> peer.generation() < generation)
                .map(Peer::name)
                .toList();
    }

    /// Those that are alive and opened their ring with another KEK than this one: what it wraps they cannot open.
    ///
    /// @return their names
    default List<String> withOtherKek(String kekId) throws StoreException {
        return live().stream()
                .filter(peer -> !peer.kekId().isEmpty() && !peer.kekId().equals(kekId))
                .map(Peer::name)
                .toList();
    }

    /// The time by the store's own clock, which all who share it go by; none for a store that one process has,
    /// which has no other clock than that process.
    default Optional<Instant> clock() throws StoreException {
        return Optional.empty();
    }

    /// Takes a lease, or renews it, for what one process at a time does. It ends by the store's clock, so whoever
    /// was halted for longer than that may be one of two: what must not be done twice has to be made sure of by a
    /// compare-and-set, as [TokenStore#setSetting] is one.
    ///
    /// @param name 1 to 100 ASCII characters
    /// @return whether this process holds the lease from now on for `duration`
    boolean lease(String name, Duration duration) throws StoreException;

    /// Gives a lease back before its time, if this process holds it.
    void release(String name) throws StoreException;
}
