package cardsecure.keys;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Data keys that follow each other: one of them seals, older ones open. Immutable: a change makes others.
///
/// @param all by ID, destroyed ones too, in their order
public record DataKeys(List<DataKey> all) {
    /// Keeps a copy, in order.
    ///
    /// @throws IllegalArgumentException unless exactly one is current, and no two have one ID
    public DataKeys {
        TreeMap<String, DataKey> byId = new TreeMap<>();
        all.forEach(key -> byId.put(key.id().text(), key));
        if (byId.size() != all.size()) {
            throw new IllegalArgumentException("two data keys with one ID");
        }
        all = List.copyOf(byId.values());
        if (all.stream().filter(key -> key.state() == DataKey.State.CURRENT).count() != 1) {
            throw new IllegalArgumentException("one data key is current");
        }
    }

    /// One key, which seals.
    ///
    /// @param random cryptographically strong
    static DataKeys create(KeyId first, RandomGenerator random, Instant now) {
        DataKey key = DataKey.installed(first, KeyRing.draw(random, DataKey.LENGTH), now);
        return new DataKeys(List.of(key.in(DataKey.State.CURRENT, now)));
    }

    /// The key that seals.
    public DataKey current() {
        return only(DataKey.State.CURRENT).orElseThrow();
    }

    /// The key that is going to seal, if one is.
    public Optional<DataKey> installed() {
        return only(DataKey.State.INSTALLED);
    }

    private Optional<DataKey> only(DataKey.State state) {
        return all.stream().filter(key -> key.state() == state).findFirst();
    }

    /// The key of an ID, destroyed ones too.
    public Optional<DataKey> find(KeyId id) {
        return all.stream().filter(key -> key.id().equals(id)).findFirst();
    }

    /// Those that open what was sealed under them.
    public Collection<DataKey> opening() {
        return all.stream().filter(key -> key.state().opens()).toList();
    }

    /// With a new key that is to follow, if none is there yet.
    ///
    /// @param random cryptographically strong
    /// @throws Refusal `0044` if there are no more key IDs
    public DataKeys install(RandomGenerator random, Instant now) {
        if (installed().isPresent()) {
            return this;
        }
        KeyId last = all.getLast().id();
        KeyId next = last.next()
                .orElseThrow(() -> new Refusal(ErrorCode.CONFIG_ITEM_BAD, "there are no key IDs left after " + last));
        return with(DataKey.installed(next, KeyRing.draw(random, DataKey.LENGTH), now));
    }

    /// With the installed key as the one that seals.
    ///
    /// @throws Refusal `0044` if none is installed
    public DataKeys activate(Instant now) {
        DataKey next = installed()
                .orElseThrow(() -> new Refusal(ErrorCode.CONFIG_ITEM_BAD, "no data key is installed, to be activated"));
        return with(current().in(DataKey.State.OPENING, now), next.in(DataKey.State.CURRENT, now));
    }

    /// With a key that no longer opens.
    ///
    /// @throws Refusal `0012` if there is none of this ID, `0044` unless it opens and another seals
    public DataKeys retire(KeyId id, Instant now) {
        return with(require(id, DataKey.State.OPENING, "retired").in(DataKey.State.RETIRED, now));
    }

    /// With a retired key opening again.
    ///
    /// @throws Refusal `0012` if there is none of this ID, `0044` unless it is retired
    public DataKeys reinstate(KeyId id, Instant now) {
        return with(require(id, DataKey.State.RETIRED, "reinstated").in(DataKey.State.OPENING, now));
    }

    /// Without a retired key, of which the ID is remembered.
    ///
    /// @throws Refusal `0012` if there is none of this ID, `0044` unless it is retired
    public DataKeys destroy(KeyId id, Instant now) {
        return with(require(id, DataKey.State.RETIRED, "destroyed").in(DataKey.State.DESTROYED, now));
    }

    /// With the ID of a key that is nowhere any more, so that it is never given to another: as of one that was
    /// destroyed.
    ///
    /// @throws Refusal `0044` if there is a key of this ID
    public DataKeys lose(KeyId id, Instant now) {
        if (find(id).isPresent()) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "key " + id + " is not lost: the ring has it");
        }
        return with(new DataKey(id, DataKey.State.DESTROYED, now, now, Optional.empty()));
    }

    private DataKey require(KeyId id, DataKey.State state, String participle) {
        DataKey key = find(id).orElseThrow(() ->
                new Refusal(ErrorCode.KEY_ID_NOT_FOUND, "there is no key of that ID; `cardsecure key list` shows all"));
        if (key.state() != state) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    "key " + id + " is " + key.state().label() + ", and only one that is " + state.label() + " can be "
                            + participle + "; `cardsecure key list` shows all");
        }
        return key;
    }

    private DataKeys with(DataKey... changed) {
        TreeMap<String, DataKey> byId = new TreeMap<>(
                all.stream().collect(Collectors.toMap(key -> key.id().text(), Function.identity())));
        for (DataKey key : changed) {
            byId.put(key.id().text(), key);
        }
        return new DataKeys(List.copyOf(byId.values()));
    }
}
