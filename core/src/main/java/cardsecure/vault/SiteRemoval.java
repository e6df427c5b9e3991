package cardsecure.vault;

import cardsecure.crypto.Remains;
import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.GroupCommit;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Removes sites with all that is theirs. First it is decided, durably; from then on nobody can take it back, and
/// each step can be made by several nodes, and again. Safe for threads: to destroy many tokens can take hours, and
/// nothing waits for that but the call that does it, and a start.
final class SiteRemoval {
    /// A site whose removal is decided: by a setting of this name, so that a start can finish what a crash left.
    static final String PREFIX = "site-removal/";

    /// Held while it is decided whether a site is removed, so that no two nodes decide at once.
    private static final String DECISION = "site-removal";

    private static final Duration DECISION_MAX = Duration.ofMinutes(1);

    private final TokenStore store;
    private final GroupCommit commits;
    private final SealedSettings settings;
    private final List<Belonging> belongings;

    /// Whose removal was decided, or may have been: the write of that failed.
    private final Set<SiteId> decided = new HashSet<>();

    /// Those that a call of this process is at.
    private final Set<SiteId> underWay = ConcurrentHashMap.newKeySet();

    /// What goes with a site.
    @FunctionalInterface
    interface Belonging {
        /// Removes all that is a site's, durably; nothing if nothing is left.
        void removeAll(SiteId site) throws StoreException;
    }

    SiteRemoval(TokenStore store, GroupCommit commits, SealedSettings settings, List<Belonging> belongings) {
        this.store = store;
        this.commits = commits;
        this.settings = settings;
        this.belongings = List.copyOf(belongings);
    }

    /// Closes a site and decides its removal, durably.
    ///
    /// @throws Refusal as [SiteDirectory#remove]
    synchronized void decide(SiteId id, String name, boolean destroyTokens) throws StoreException {
        requireNotUnderWay(id);
        if (!store.peers().lease(DECISION, DECISION_MAX)) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "another node is about to remove a site; try again");
        }
        try {
            if (!destroyTokens) {
                // A mistake should not close a busy site even for a moment.
                requireNoTokensOrReopen(name, id);
            }
            commits.closeSite(id);
            if (!destroyTokens) {
                requireNoTokensOrReopen(name, id);
            }
            mark(id);
        } finally {
            store.peers().release(DECISION);
        }
    }

    private void requireNoTokensOrReopen(String name, SiteId id) throws StoreException {
        boolean none = false;
        try {
            if (store.holdsTokens(id)) {
                throw new Refusal(
                        ErrorCode.CONFIG_ITEM_BAD,
                        "site " + name + " holds tokens; --destroy-tokens destroys them with it, for good");
            }
            none = true;
        } finally {
            // A removal that an earlier call may have decided is not taken back: the site stays closed. A call that
            // was cut short before it decided anything may have left it so.
            if (!none && !decided.contains(id) && settings.read(markOf(id)).isEmpty()) {
                commits.reopenSite(id);
            }
        }
    }

    /// From here on nothing may be added to the site, also where nobody knows whether the mark reached the disk.
    private void mark(SiteId id) throws StoreException {
        String mark = markOf(id);
        decided.add(id);
        Optional<SealedSettings.Entry> kept = settings.read(mark);
        if (kept.isEmpty()) {
            byte[] bytes =
                    ByteBuffer.allocate(Integer.BYTES).putInt(id.number()).array();
            if (!settings.write(mark, kept, SecretBytes.owning(bytes))) {
                throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "another node removes the site at the same time");
            }
        }
    }

    private static String markOf(SiteId id) {
        return PREFIX + SiteDirectory.number(id);
    }

    /// Finishes all removals that are decided, but those that another call of this process is at.
    void finish() throws StoreException {
        List<SiteId> all = marked();
        for (SiteId id : all) {
            removeBelongings(id);
        }
        for (SiteId id : all) {
            destroyTokens(id);
        }
    }

    /// Finishes the removal of one site, and of all others what does not take long: how many tokens another one has
    /// is nothing that this one should wait for.
    ///
    /// @throws Refusal `0044` if another call of this process is at it
    void finish(SiteId own) throws StoreException {
        removeBelongings(own);
        for (SiteId id : marked()) {
            if (!id.equals(own)) {
                removeBelongings(id);
            }
        }
        if (!destroyTokens(own)) {
            throw isUnderWay();
        }
    }

    /// Whose removal stands in the store as decided, by whichever node.
    private List<SiteId> marked() throws StoreException {
        List<SiteId> all = new ArrayList<>();
        for (String mark : settings.names(PREFIX)) {
            // Only this vault's own mark destroys tokens.
            settings.read(mark)
                    .ifPresent(kept -> all.add(
                            new SiteId(ByteBuffer.wrap(kept.value().reveal()).getInt())));
        }
        return all;
    }

    private void removeBelongings(SiteId id) throws StoreException {
        try (Remains remains = settings.expectRemains()) {
            removeSetting(SiteDirectory.settingName(id));
            for (Belonging belonging : belongings) {
                belonging.removeAll(id);
            }
            // Before the tokens, which can take hours: meanwhile this change's own mark would hide it from sweeps.
            remains.destroyIfPossible();
        }
    }

    /// @return whether it was done; not, if another call of this process is at it
    private boolean destroyTokens(SiteId id) throws StoreException {
        if (!underWay.add(id)) {
            return false;
        }
        try {
            store.destroyTokens(id);
            removeSetting(markOf(id));
            return true;
        } finally {
            underWay.remove(id);
        }
    }

    private void requireNotUnderWay(SiteId id) {
        if (underWay.contains(id)) {
            throw isUnderWay();
        }
    }

    private static Refusal isUnderWay() {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, "the site is being removed, by another command");
    }

    /// Whatever it was changed to meanwhile: what is decided is not for a change to hold up.
    private void removeSetting(String name) throws StoreException {
        Optional<SealedSettings.Entry> kept = settings.read(name);
        while (kept.isPresent() && !settings.remove(name, kept.get())) {
            kept = settings.read(name);
        }
    }
}
