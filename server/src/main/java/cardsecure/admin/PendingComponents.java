package cardsecure.admin;

import cardsecure.dukpt.KeyComponents;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Components of keys that wait for the others: in memory only, and not for long. What a restart, or an hour, takes
/// away is entered anew. Safe for threads.
final class PendingComponents {
    /// How long components wait, from the first on.
    static final Duration WAIT = Duration.ofHours(1);

    /// So many keys wait at once.
    static final int KEYS_MAX = 16;

    private final InstantSource clock;
    private final Map<String, Pending> pending = new TreeMap<>();

    /// What a key is to be, by which the components of one are known to belong together.
    ///
    /// @param what `SITE KEYSET`, or `kek`
    /// @param terms all else that the custodians have to agree about
    /// @param components how many there are
    /// @param length bytes of each
    record Plan(String what, String terms, int components, int length) {}

    /// What came of a component.
    ///
    /// @param count so many are there now
    /// @param sameUser whether who entered this one has entered another
    /// @param eachByAnother whether nobody has entered two
    /// @param all every component, when the last is there: the receiver destroys them
    record Entered(int count, boolean sameUser, boolean eachByAnother, List<SecretBytes> all) {}

    /// One key's, and who entered them.
    private record Pending(Plan plan, Instant until, List<SecretBytes> components, Set<String> users) {}

    PendingComponents(InstantSource clock) {
        this.clock = clock;
    }

    /// Takes a component; with the last one gives all out, and forgets them.
    ///
    /// @param oneCustodian whether a user may enter two
    /// @throws Refusal `0044` if it does not fit those before
    synchronized Entered enter(Plan plan, String user, SecretBytes component, boolean oneCustodian) {
        forgetOld();
        requirePossible(plan, component);
        if (!pending.containsKey(plan.what()) && pending.size() >= KEYS_MAX) {
            throw refused("too many keys wait for components; `cardsecure bdk remove` forgets those of one");
        }
        Pending key = pending.computeIfAbsent(
                plan.what(), _ -> new Pending(plan, clock.instant().plus(WAIT), new ArrayList<>(), new HashSet<>()));
        if (!key.plan().equals(plan)) {
            throw refused("the first component was entered with other options ("
                    + key.plan().terms() + ", "
                    + key.plan().components() + " components); enter this one with the same, or begin again after"
                    + " `cardsecure bdk remove`");
        }
        if (key.components().contains(component)) {
            throw refused("this component is the same as the first; each custodian has another");
        }
        if (!oneCustodian && key.users().contains(user)) {
            throw refused(user + " has entered another component, and nobody should know two of a key; another"
                    + " custodian enters it, as another user; or say --one-custodian, which is recorded");
        }
        boolean sameUser = !key.users().add(user);
        key.components().add(component);
        int count = key.components().size();
        boolean eachByAnother = key.users().size() == count;
        if (count < plan.components()) {
            return new Entered(count, sameUser, eachByAnother, List.of());
        }
        pending.remove(plan.what());
        return new Entered(count, sameUser, eachByAnother, List.copyOf(key.components()));
    }

    private static void requirePossible(Plan plan, SecretBytes component) {
        if (plan.components() < KeyComponents.MIN || plan.components() > KeyComponents.MAX) {
            throw refused("a key has 2 or 3 components; say --components 2 or --components 3");
        }
        if (component.length() != plan.length()) {
            throw refused("a component of this key has " + 2 * plan.length() + " hexadecimal digits, not "
                    + 2 * component.length() + "; enter all of them, or say what else the key is of");
        }
        boolean zero = true;
        for (byte each : component.reveal()) {
            zero &= each == 0;
        }
        if (zero) {
            throw refused("a component of zeros leaves the key to the other custodian; have another one made");
        }
    }

    /// Forgets the components of a key.
    ///
    /// @return whether there were any
    synchronized boolean forget(String what) {
        forgetOld();
        Pending gone = pending.remove(what);
        if (gone != null) {
            gone.components().forEach(SecretBytes::destroy);
        }
        return gone != null;
    }

    /// Those that wait.
    synchronized List<BaseKeysView.PendingView> views() {
        forgetOld();
        return pending.values().stream()
                .map(key -> new BaseKeysView.PendingView(
                        key.plan().what(), key.components().size(), key.plan().components(), key.until()))
                .toList();
    }

    private void forgetOld() {
        Instant now = clock.instant();
        pending.values().removeIf(key -> {
            boolean old = !now.isBefore(key.until());
            if (old) {
                key.components().forEach(SecretBytes::destroy);
            }
            return old;
        });
    }

    private static Refusal refused(String reason) {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, reason);
    }
}
