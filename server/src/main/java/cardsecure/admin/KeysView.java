package cardsecure.admin;

import cardsecure.keys.DataKey;
import cardsecure.keys.FingerprintKey;
import cardsecure.keys.FingerprintKeys;
import cardsecure.keys.KeyRing;
import cardsecure.rotation.Census;
import cardsecure.rotation.Job;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The ring as administrators see it: all about the keys, and no key.
///
/// @param seals how often the current data key has sealed, at most
/// @param backup the last one of them
/// @param damaged entries among the rows that cannot be read, if rows were counted
public record KeysView(
        String vault,
        long generation,
        List<KeyView> keys,
        long seals,
        KeyBackupView backup,
        OptionalLong damaged,
        Optional<JobView> job) {
    /// Keeps a copy.
    public KeysView {
        keys = List.copyOf(keys);
    }

    /// A key.
    ///
    /// @param id a key ID, or of a fingerprint key its version
    /// @param use `data`, `fingerprint` or `callers`
    /// @param since when it came into its state; none where that is not kept
    /// @param rows that need it, if they were counted
    /// @param settings that need it, if they were counted
    public record KeyView(
            String id,
            String use,
            String state,
            Instant created,
            Optional<Instant> since,
            OptionalLong rows,
            OptionalLong settings) {}

    /// A job, see [cardsecure.rotation.Job].
    ///
    /// @param rowsThereAre about
    public record JobView(
            String kind,
            String state,
            Instant started,
            OptionalLong rate,
            long seen,
            long rewritten,
            long failed,
            OptionalLong rowsThereAre) {
        static JobView of(Job job, OptionalLong rowsThereAre) {
            return new JobView(
                    job.kind().label(),
                    job.state().label(),
                    job.started(),
                    job.rate(),
                    job.seen(),
                    job.rewritten(),
                    job.failed(),
                    rowsThereAre);
        }
    }

    static KeysView of(KeyRing ring, long seals, KeyBackupView backup, Optional<Census> census, Optional<JobView> job) {
        List<KeyView> keys = new ArrayList<>();
        ring.dataKeys().all().forEach(key -> keys.add(of(key, census)));
        ring.fingerprintKeys().all().forEach(key -> keys.add(of(key, ring.fingerprintKeys(), census)));
        ring.callerKeys().all().forEach(key -> keys.add(ofCallers(key)));
        return new KeysView(
                ring.vault(), ring.generation(), keys, seals, backup, counted(census.map(Census::damaged)), job);
    }

    /// That rows cannot be read, for people.
    public static String unreadable(long damaged) {
        return damaged + (damaged == 1 ? " row is" : " rows are")
                + " damaged and cannot be read (`cardsecure store verify` names each)";
    }

    private static KeyView of(DataKey key, Optional<Census> census) {
        return new KeyView(
                key.id().text(),
                "data",
                key.state().label(),
                key.created(),
                Optional.of(key.since()),
                counted(census.map(all -> all.rows().getOrDefault(key.id(), 0L))),
                counted(census.map(all -> all.settings().getOrDefault(key.id(), 0L))));
    }

    private static KeyView ofCallers(DataKey key) {
        return new KeyView(
                key.id().text(),
                "callers",
                key.state().label(),
                key.created(),
                Optional.of(key.since()),
                OptionalLong.empty(),
                OptionalLong.empty());
    }

    private static KeyView of(FingerprintKey key, FingerprintKeys all, Optional<Census> census) {
        return new KeyView(
                String.valueOf(key.version()),
                "fingerprint",
                state(key, all),
                key.created(),
                Optional.empty(),
                counted(census.map(one -> one.fingerprints().getOrDefault(key.version(), 0L))),
                OptionalLong.empty());
    }

    private static String state(FingerprintKey key, FingerprintKeys all) {
        if (key.version() == all.current()) {
            return all.rewriting() ? "current, rewriting" : "current";
        }
        if (key.version() > all.current()) {
            return "installed";
        }
        return all.rewriting() && key.version() == all.current() - 1 ? "found by" : "wrapped";
    }

    private static OptionalLong counted(Optional<Long> count) {
        return count.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }
}
