package cardsecure.stores;

import cardsecure.crypto.Barrier;
import cardsecure.crypto.Binding;
import cardsecure.crypto.SealedSettings;
import cardsecure.crypto.ShortLivedKeys;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.Keystore;
import cardsecure.secret.SecretBytes;
import cardsecure.site.Site;
import cardsecure.site.SiteCodec;
import cardsecure.site.SiteId;
import cardsecure.store.DamagedEntry;
import cardsecure.store.Fingerprint;
import cardsecure.store.IndexEntry;
import cardsecure.store.Page;
import cardsecure.store.SealedData;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import cardsecure.vault.SiteDirectory;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Reads everything in a store, opens it, and looks for it in all ways in which it may be looked for. Changes
/// nothing.
///
/// Servers may go on with a shared store meanwhile. What looks like a fault is therefore read and looked at
/// once more: somebody may have changed the row in between.
public final class StoreVerify {
    private static final int PAGE = 4096;
    private static final int CHUNK = 256;

    /// Each waits for the store most of the time, if that is a database.
    private static final int THREADS = 8;

    private static final int LOOKS = 3;

    /// How the names of settings begin that are sealed under one data key each, of the ID that follows, so that a start
    /// finds out whether the ring has it. They stand until that key is destroyed.
    private static final String KEY_CHECK = "key-check/";

    private final TokenStore store;
    private final VaultKeys keys;
    private final ShortLivedKeys shortLivedKeys;
    private final InstantSource clock;
    private final Progress progress;
    private final Consumer<Fault> faults;
    private final Set<SiteId> sites = new HashSet<>();
    private final Set<SiteId> clearSites = new HashSet<>();
    private long found;

    /// What was looked at.
    ///
    /// @param purged rows without data
    /// @param clear rows in clear, of sites that allow for it
    /// @param index entries of the store's own index, if it has one
    /// @param shortLived what is kept for a short time, also if its deadline is past
    public record Counts(long rows, long purged, long clear, long index, long shortLived, long settings, long faults) {}

    /// Takes its parts.
    ///
    /// @param keys of the vault in `store`
    /// @param faults told of each fault, by the thread that calls [#verify]
    public StoreVerify(
            TokenStore store, VaultKeys keys, InstantSource clock, Progress progress, Consumer<Fault> faults) {
        this.store = store;
        this.keys = keys;
        this.shortLivedKeys = new ShortLivedKeys(new SealedSettings(store, keys.barrier()), SecureRandom::new);
        this.clock = clock;
        this.progress = progress;
        this.faults = faults;
    }

    /// Looks at everything.
    ///
    /// @throws StoreException if the store cannot be read; faults are no reason
    public Counts verify() throws StoreException {
        long settings = verifySettings();
        long rows = 0;
        long purged = 0;
        long clear = 0;
        OptionalLong total = store.approximateRows();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                        THREADS, Thread.ofPlatform().name("verify-", 0).daemon().factory());
                Pages pages = new Pages(store, PAGE)) {
            Optional<TokenPlace> before = Optional.empty();
            Page<TokenRow> page = pages.next();
            while (!page.isEmpty()) {
                tellDamaged(page.damaged(), page.damagedCount(), Fault.Kind.ROW_UNREADABLE);
                verifyPage(before, page.items(), threads);
                rows += page.items().size();
                purged += page.items().stream()
                        .filter(row -> row.data().isEmpty())
                        .count();
                clear += page.items().stream()
                        .flatMap(row -> row.data().stream())
                        .filter(Barrier::isClear)
                        .count();
                progress.report(Progress.Phase.VERIFYING, rows, total);
                before = Optional.of(page.last().place());
                page = pages.next();
            }
            tellDamaged(page.damaged(), page.damagedCount(), Fault.Kind.ROW_UNREADABLE);
        }
        long index = verifyIndex(OptionalLong.of(rows));
        long shortLived = verifyShortLived();
        return new Counts(rows, purged, clear, index, shortLived, settings, found);
    }

    private long verifyShortLived() throws StoreException {
        long rows = 0;
        Page<ShortLivedRow> page = store.shortLivedRows(Optional.empty(), PAGE);
        tellDamaged(page.damaged(), page.damagedCount(), Fault.Kind.SHORT_LIVED_UNREADABLE);
        while (!page.isEmpty()) {
            for (ShortLivedRow row : page.items()) {
                Optional<Fault.Kind> seen = shortLivedFault(row);
                for (int looks = 1; looks < LOOKS && seen.isPresent(); looks++) {
                    keys.follow();
                    Optional<ShortLivedRow> now = store.shortLived(row.place());
                    seen = now.isPresent() ? shortLivedFault(now.get()) : Optional.empty();
                }
                seen.ifPresent(kind -> tell(new Fault(kind, "short-lived data of " + Fault.shown(row.place()))));
            }
            rows += page.items().size();
            page = store.shortLivedRows(Optional.of(page.last().place()), PAGE);
            tellDamaged(page.damaged(), page.damagedCount(), Fault.Kind.SHORT_LIVED_UNREADABLE);
        }
        return rows;
    }

    /// The key of one whose deadline is past may be gone, and the row about to go.
    private Optional<Fault.Kind> shortLivedFault(ShortLivedRow row) throws StoreException {
        try {
            shortLivedKeys.open(row).destroy();
            return holds(row.place()) ? Optional.empty() : Optional.of(Fault.Kind.NO_SUCH_TOKEN);
        } catch (Refusal e) {
            if (e.code() == ErrorCode.DATA_NOT_FOUND) {
                return row.isPast(clock.instant()) ? Optional.empty() : Optional.of(Fault.Kind.KEY_MISSING);
            }
            return Optional.of(
                    e.code() == ErrorCode.KEYSTORE_NOT_INITIALIZED
                            ? Fault.Kind.KEY_MISSING
                            : Fault.Kind.SHORT_LIVED_DOES_NOT_OPEN);
        }
    }

    private boolean holds(TokenPlace place) {
        try {
            return store.byToken(place).isPresent();
        } catch (StoreException e) {
            // That row was told as damaged.
            return true;
        }
    }

    private void tell(Fault fault) {
        found++;
        faults.accept(fault);
    }

    private void tellDamaged(List<DamagedEntry> damaged, long count, Fault.Kind kind) {
        damaged.forEach(entry -> tell(new Fault(kind, Fault.shown(entry))));
        if (count > damaged.size()) {
            found += count - damaged.size() - 1;
            tell(new Fault(kind, (count - damaged.size()) + " more after that"));
        }
    }

    private long verifySettings() throws StoreException {
        List<String> names = store.settingNames("");
        for (String name : names) {
            if (!name.equals(Keystore.SETTING) && !SealedSettings.isMark(name)) {
                List<Fault> seen = settingFaults(name);
                for (int looks = 1; looks < LOOKS && !seen.isEmpty(); looks++) {
                    keys.follow();
                    seen = settingFaults(name);
                }
                seen.forEach(this::tell);
            }
        }
        return names.size();
    }

    /// Whether it is the check of a key that the ring knows and that is to open nothing any more: retired, or destroyed
    /// by somebody who could not end that. A start takes such a check for no fault either. A key that the ring does
    /// not know is one.
    private boolean isCheckOfClosedKey(String name) {
        return name.startsWith(KEY_CHECK)
                && keys.ring().dataKeys().all().stream()
                        .anyMatch(key -> name.equals(KEY_CHECK + key.id())
                                && !key.state().opens());
    }

    /// Remembers of sites what their rows have to be like. Rows of a site whose setting is damaged, or which is
    /// being removed, are not without a site.
    private List<Fault> settingFaults(String name) throws StoreException {
        Optional<SiteId> site = SiteDirectory.siteOfSetting(name);
        site.ifPresent(sites::add);
        Optional<SealedData> kept = store.setting(name);
        if (kept.isEmpty() || isCheckOfClosedKey(name)) {
            return List.of();
        }
        String where = "setting " + name;
        try {
            SecretBytes value = keys.barrier().open(new Binding.Setting(name), kept.get());
            if (name.startsWith(SiteDirectory.PREFIX)) {
                Site decoded = SiteCodec.decode(value.reveal());
                if (!Optional.of(decoded.id()).equals(site)) {
                    return List.of(new Fault(Fault.Kind.SETTING_NO_SITE, where));
                }
                if (decoded.storage().mayHaveClearRows()) {
                    clearSites.add(decoded.id());
                }
            }
            return List.of();
        } catch (Refusal e) {
            return List.of(new Fault(
                    e.code() == ErrorCode.KEYSTORE_NOT_INITIALIZED
                            ? Fault.Kind.KEY_MISSING
                            : Fault.Kind.SETTING_DOES_NOT_OPEN,
                    where));
        } catch (IllegalArgumentException e) {
            return List.of(new Fault(Fault.Kind.SETTING_NO_SITE, where));
        }
    }

    /// @param before where the page begins after
    private void verifyPage(Optional<TokenPlace> before, List<TokenRow> page, ExecutorService threads)
            throws StoreException {
        List<RowFault> seen = look(page, threads);
        for (int looks = 1; looks < LOOKS && !seen.isEmpty(); looks++) {
            keys.follow();
            verifySites();
            Set<TokenPlace> doubtful = new HashSet<>();
            seen.forEach(fault -> doubtful.add(fault.place()));
            List<TokenRow> again = store.rows(before, page.size()).items().stream()
                    .filter(row -> doubtful.contains(row.place()))
                    .toList();
            seen = look(again, threads);
        }
        seen.forEach(fault -> tell(new Fault(fault.kind(), Fault.shown(fault.place()))));
    }

    /// Somebody may have added some.
    private void verifySites() throws StoreException {
        for (String name : store.settingNames(SiteDirectory.PREFIX)) {
            settingFaults(name);
        }
    }

    private record RowFault(TokenPlace place, Fault.Kind kind) {}

    private List<RowFault> look(List<TokenRow> rows, ExecutorService threads) throws StoreException {
        List<Future<List<RowFault>>> chunks = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += CHUNK) {
            List<TokenRow> chunk = rows.subList(from, Math.min(from + CHUNK, rows.size()));
            chunks.add(threads.submit(() -> look(chunk)));
        }
        List<RowFault> seen = new ArrayList<>();
        for (Future<List<RowFault>> chunk : chunks) {
            try {
                seen.addAll(chunk.get());
            } catch (ExecutionException e) {
                throw e.getCause() instanceof StoreException cause
                        ? cause
                        : new StoreException("a row could not be verified", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreException("interrupted", e);
            }
        }
        return seen;
    }

    private List<RowFault> look(List<TokenRow> rows) throws StoreException {
        List<RowFault> seen = new ArrayList<>();
        for (TokenRow row : rows) {
            Stream.of(siteFault(row), dataFault(row), byToken(row), byFingerprint(row))
                    .flatMap(Optional::stream)
                    .forEach(kind -> seen.add(new RowFault(row.place(), kind)));
        }
        return seen;
    }

    private Optional<Fault.Kind> siteFault(TokenRow row) {
        return sites.contains(row.place().site()) ? Optional.empty() : Optional.of(Fault.Kind.NO_SUCH_SITE);
    }

    private Optional<Fault.Kind> dataFault(TokenRow row) {
        TokenPlace place = row.place();
        if (row.data().isEmpty()) {
            return row.fingerprint()
                    .filter(one -> !keys.fingerprinter().looksFor(one.version()))
                    .map(_ -> Fault.Kind.FINGERPRINT_UNDER_OTHER_KEY);
        }
        SealedData data = row.data().get();
        if (Barrier.isClear(data) && !clearSites.contains(place.site())) {
            return Optional.of(Fault.Kind.ROW_IN_CLEAR);
        }
        try {
            SecretBytes opened = keys.barrier().openAlsoClear(new Binding.Row(place), data);
            Optional<Fault.Kind> fault = row.fingerprint().flatMap(one -> fingerprintFault(place, opened, one));
            opened.destroy();
            return fault;
        } catch (Refusal e) {
            return Optional.of(
                    e.code() == ErrorCode.KEYSTORE_NOT_INITIALIZED
                            ? Fault.Kind.KEY_MISSING
                            : Fault.Kind.ROW_DOES_NOT_OPEN);
        }
    }

    private Optional<Fault.Kind> fingerprintFault(TokenPlace place, SecretBytes data, Fingerprint fingerprint) {
        if (!keys.fingerprinter().looksFor(fingerprint.version())) {
            return Optional.of(Fault.Kind.FINGERPRINT_UNDER_OTHER_KEY);
        }
        return keys.fingerprinter().mayHave(place.site(), place.domain(), data, fingerprint)
                ? Optional.empty()
                : Optional.of(Fault.Kind.FINGERPRINT_OF_OTHER_DATA);
    }

    private Optional<Fault.Kind> byToken(TokenRow row) throws StoreException {
        return store.byToken(row.place()).equals(Optional.of(row))
                ? Optional.empty()
                : Optional.of(Fault.Kind.TOKEN_FINDS_NOTHING);
    }

    private Optional<Fault.Kind> byFingerprint(TokenRow row) throws StoreException {
        if (row.fingerprint().isEmpty()) {
            return Optional.empty();
        }
        Optional<TokenRow> there;
        try {
            there = store.byFingerprint(row.place().site(), row.fingerprint().get());
        } catch (StoreException e) {
            // The entry of the index, or the row that it leads to, cannot be read; if it is the store, this fails, too.
            var _ = store.byToken(row.place());
            return Optional.of(Fault.Kind.FINGERPRINT_FINDS_NOTHING);
        }
        if (there.isEmpty()) {
            return Optional.of(Fault.Kind.FINGERPRINT_FINDS_NOTHING);
        }
        return there.get().place().equals(row.place())
                ? Optional.empty()
                : Optional.of(Fault.Kind.FINGERPRINT_FINDS_ANOTHER);
    }

    private long verifyIndex(OptionalLong total) throws StoreException {
        long entries = 0;
        Page<IndexEntry> page = store.index(Optional.empty(), PAGE);
        tellDamaged(page.damaged(), page.damagedCount(), Fault.Kind.INDEX_UNREADABLE);
        while (!page.isEmpty()) {
            for (IndexEntry entry : page.items()) {
                indexFault(entry).ifPresent(kind -> tell(new Fault(kind, Fault.shown(entry.place()))));
            }
            entries += page.items().size();
            progress.report(Progress.Phase.VERIFYING_INDEX, entries, total);
            page = store.index(Optional.of(page.last()), PAGE);
            tellDamaged(page.damaged(), page.damagedCount(), Fault.Kind.INDEX_UNREADABLE);
        }
        return entries;
    }

    private Optional<Fault.Kind> indexFault(IndexEntry entry) {
        Optional<TokenRow> row;
        try {
            row = store.byToken(entry.place());
        } catch (StoreException e) {
            // That row was told as damaged.
            return Optional.empty();
        }
        if (row.isEmpty()) {
            return Optional.of(Fault.Kind.INDEX_LEADS_NOWHERE);
        }
        return row.get().fingerprint().equals(Optional.of(entry.fingerprint()))
                ? Optional.empty()
                : Optional.of(Fault.Kind.INDEX_LEADS_ASTRAY);
    }
}
