package cardsecure.store;

import java.time.Duration;
import java.util.List;

/// Processes that share a store and of which none hears from another: for those of tests that differ in one thing.
public abstract class QuietPeers implements Peers {
    @Override
    public void onChange(Runnable listener) {
        // Nobody tells of a change.
    }

    @Override
    public void report(long generation, String kekId) throws StoreException {
        // To nobody.
    }

    @Override
    public List<Peer> live() throws StoreException {
        return List.of();
    }

    @Override
    public boolean lease(String name, Duration duration) throws StoreException {
        return true;
    }

    @Override
    public void release(String name) throws StoreException {
        // Nobody waits for it.
    }
}
