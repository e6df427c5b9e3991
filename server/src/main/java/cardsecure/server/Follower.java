package cardsecure.server;

import cardsecure.rotation.KeyProcedures;
import cardsecure.rotation.LiveKeys;
import cardsecure.store.Peers;
import cardsecure.store.StoreException;
import cardsecure.vault.SiteDirectory;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes what other nodes have changed in the store, keys, sites and what belongs to sites, as soon as the store says
/// that something may have. On a thread of its own, because the store's tells nobody else meanwhile.
final class Follower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final LiveKeys keys;
    private final SiteDirectory sites;
    private final KeyProcedures procedures;
    private final Semaphore changes = new Semaphore(0);
    private final Thread thread;
    private final Set<String> troubled = new HashSet<>();
    private volatile boolean closed;

    Follower(LiveKeys keys, SiteDirectory sites, KeyProcedures procedures) {
        this.keys = keys;
        this.sites = sites;
        this.procedures = procedures;
        this.thread = Thread.ofPlatform().name("follower").daemon().unstarted(this::run);
    }

    /// Follows until it is closed; what was changed before is followed at once.
    Follower start(Peers peers) {
        peers.onChange(changes::release);
        changes.release();
        thread.start();
        return this;
    }

    private void run() {
        boolean behind = false;
        while (!closed) {
            try {
                if (behind) {
                    var _ = changes.tryAcquire(RETRY.toMillis(), TimeUnit.MILLISECONDS);
                } else {
                    changes.acquire();
                }
                changes.drainPermits();
            } catch (InterruptedException _) {
                // Only the end interrupts.
                return;
            }
            // Keys first, before what is sealed under them. But what cannot be followed holds up nothing else: a ring
            // that another node has wrapped by another KEK must not keep a user who was removed.
            boolean keysFollow = follows("keys", keys::follow);
            boolean sitesFollow = follows("sites", sites::follow);
            boolean jobsFollow = follows("jobs on keys", procedures::follow);
            behind = !(keysFollow && sitesFollow && jobsFollow);
        }
    }

    private interface Step {
        void follow() throws StoreException;
    }

    private boolean follows(String what, Step step) {
        try {
            step.follow();
            troubled.remove(what);
            return true;
        } catch (StoreException | RuntimeException e) {
            if (troubled.add(what) && !closed) {
                LOG.atWarn()
                        .setCause(e)
                        .addKeyValue("what", what)
                        .log("what another node has changed could not be read; it is tried again");
            }
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
