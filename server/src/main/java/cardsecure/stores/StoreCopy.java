package cardsecure.stores;

import cardsecure.keys.Keystore;
import cardsecure.store.Change;
import cardsecure.store.DamagedEntry;
import cardsecure.store.Outcome;
import cardsecure.store.Page;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Copies a vault as it is, sealed, from one store into another, of whatever kinds. No key is needed.
///
/// The order counts. First the target gets a [CopyMark], by which everybody knows that it is no vault; then
/// come all rows, what is kept beside them for a short time, the settings, and last the keystore, without which
/// nothing opens; then both are compared;
/// then the mark goes. Whatever ends a copy early, the same copy, begun again, goes on: it reads the source up
/// to where the mark says that it was, and if that has the mark's checksum, writes what follows. If it has not,
/// the source has changed meanwhile, and the copy is refused until somebody says that it may begin anew.
///
/// Replay marks up to now are not copied: the target counts all requests as seen that were made until then. Those of
/// a later time are, one by one: a wallet's payload is marked with the moment at which it expires.
public final class StoreCopy {
    private static final int PAGE = 4096;

    /// The mark is written anew after so many: what came after it is looked at twice when a copy goes on.
    private static final int KEEP_PAGES = 4;

    private static final long HOLD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Side from;
    private final Side to;
    private final Options options;
    private final Progress progress;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final int pageSize;

    /// The mark as it stands in the target.
    private SealedData kept = new SealedData(new byte[0]);

    private long heldAt;
    private long skipped;

    /// What is allowed.
    ///
    /// @param anew what an earlier copy left in the target, as it cannot be gone on with, is destroyed
    /// @param skipDamaged rows that cannot be read are left behind
    /// @param damaged told of each of those
    public record Options(boolean anew, boolean skipDamaged, Consumer<DamagedEntry> damaged) {}

    /// What was copied.
    ///
    /// @param rows count and checksum
    /// @param skipped entries among the rows that cannot be read
    public record Copied(String rows, String settings, long skipped, Instant forgotten) {}

    /// Takes its parts.
    ///
    /// @param random for what nobody else may have chosen before
    public StoreCopy(
            Side from, Side to, Options options, Progress progress, InstantSource clock, RandomGenerator random) {
        this(from, to, options, progress, clock, random, PAGE);
    }

    StoreCopy(
            Side from,
            Side to,
            Options options,
            Progress progress,
            InstantSource clock,
            RandomGenerator random,
            int pageSize) {
        this.pageSize = pageSize;
        this.from = from;
        this.to = to;
        this.options = options;
        this.progress = progress;
        this.clock = clock;
        this.random = random;
    }

    /// Copies all, or goes on where an earlier copy ended, and compares.
    ///
    /// @throws StoresException if it cannot be; the source is as it was, and the target no vault, unless it was
    ///         one
    /// @throws StoreException if one of the stores fails; the same copy, begun again, goes on
    public Copied copy() throws StoreException, StoresException {
        hold();
        try {
            SealedData keystore = requireVault();
            CopyMark mark = begin(keystore);
            // A server that began before the mark stood there has said so by now.
            hold();
            Tally rows = copyRows(mark);
            new ShortLivedCopy(from.store(), to.store(), pageSize).copy(this::skip);
            holdOn();
            copySettings();
            Instant forgotten =
                    new MarkCopy(from.store(), to.store(), pageSize).copy(clock.instant(), random, this::holdOn);
            copySetting(Keystore.SETTING, Optional.of(keystore));
            Tally settings = compare(rows);
            hold();
            requireMine(to.store().setSetting(CopyMark.SETTING, Optional.of(kept), Optional.empty()));
            return new Copied(rows.toString(), settings.toString(), skipped, forgotten);
        } finally {
            release();
        }
    }

    private void hold() throws StoreException, StoresException {
        from.hold();
        to.hold();
        heldAt = System.nanoTime();
    }

    /// Now and then: a server may have been started.
    private void holdOn() throws StoreException, StoresException {
        if (System.nanoTime() - heldAt >= HOLD_NANOS) {
            hold();
        }
    }

    /// Quietly: a lease ends by itself.
    private void release() {
        for (Side side : List.of(to, from)) {
            try {
                side.release();
            } catch (StoreException e) {
                System.getLogger(StoreCopy.class.getName())
                        .log(System.Logger.Level.DEBUG, "a lease could not be given back", e);
            }
        }
    }

    private SealedData requireVault() throws StoreException, StoresException {
        CopyMark.requireNone(from.store(), from.shown());
        return from.store()
                .setting(Keystore.SETTING)
                .orElseThrow(() -> new StoresException(
                        "there is no vault in " + from.shown(), "name the store that has one with --from"));
    }

    private CopyMark begin(SealedData keystore) throws StoreException, StoresException {
        Optional<SealedData> found = to.store().setting(CopyMark.SETTING);
        if (found.isEmpty()) {
            requireEmpty(keystore);
            return mark(found, CopyMark.begin(from.shown(), keystore, clock.instant()));
        }
        CopyMark earlier = CopyMark.decode(found.get());
        if (options.anew()) {
            CopyMark begun = mark(found, CopyMark.begin(from.shown(), keystore, clock.instant()));
            clear();
            return begun;
        }
        if (!earlier.isOf(keystore)) {
            throw new StoresException(
                    to.shown() + " holds an unfinished copy of another vault, or of this one before its keys were"
                            + " changed: of " + earlier.source(),
                    "--anew destroys that copy and begins again");
        }
        kept = found.get();
        return earlier;
    }

    private CopyMark mark(Optional<SealedData> before, CopyMark mark) throws StoreException, StoresException {
        SealedData encoded = mark.encode();
        requireMine(to.store().setSetting(CopyMark.SETTING, before, Optional.of(encoded)));
        kept = encoded;
        return mark;
    }

    private void requireMine(boolean unchanged) throws StoresException {
        if (!unchanged) {
            throw new StoresException("somebody else changed " + to.shown() + " meanwhile", "look who, and copy again");
        }
    }

    private void requireEmpty(SealedData keystore) throws StoreException, StoresException {
        Optional<SealedData> there = to.store().setting(Keystore.SETTING);
        if (there.isPresent()) {
            throw new StoresException(
                    to.shown() + (there.get().equals(keystore) ? " holds this vault already" : " holds another vault"),
                    "a vault is copied into an empty store only; nothing was changed");
        }
        Page<TokenRow> first = to.store().rows(Optional.empty(), 1);
        if (!to.store().settingNames("").isEmpty() || !first.isEmpty() || first.damagedCount() > 0) {
            throw new StoresException(
                    to.shown() + " is not empty", "a vault is copied into an empty store only; nothing was changed");
        }
    }

    /// Only ever what a copy left there: the mark says so.
    private void clear() throws StoreException, StoresException {
        for (String name : to.store().settingNames("")) {
            if (!name.equals(CopyMark.SETTING)) {
                copySetting(name, Optional.empty());
            }
        }
        Page<TokenRow> first = to.store().rows(Optional.empty(), 1);
        while (!first.isEmpty()) {
            to.store().destroyTokens(first.last().place().site());
            first = to.store().rows(Optional.empty(), 1);
        }
        if (first.damagedCount() > 0) {
            throw new StoresException(to.shown() + " has rows that are damaged", "copy into another, empty store");
        }
    }

    /// @return of all rows of the source
    private Tally copyRows(CopyMark begun) throws StoreException, StoresException {
        OptionalLong total = from.store().approximateRows();
        Tally tally = new Tally();
        long number = 0;
        boolean catchingUp = begun.after().isPresent();
        try (Pages pages = new Pages(from.store(), pageSize)) {
            Page<TokenRow> page = pages.next();
            while (!page.isEmpty()) {
                skip(page);
                List<Change> inserts = new ArrayList<>(page.items().size());
                for (TokenRow row : page.items()) {
                    tally.add(row);
                    if (!catchingUp) {
                        inserts.add(new Change.Insert(row));
                    } else if (row.place().equals(begun.after().orElseThrow())) {
                        requireSame(tally, begun);
                        catchingUp = false;
                    }
                }
                write(inserts);
                progress.report(catchingUp ? Progress.Phase.CATCHING_UP : Progress.Phase.COPYING, tally.count(), total);
                holdOn();
                number++;
                if (!catchingUp && number % KEEP_PAGES == 0) {
                    mark(Optional.of(kept), begun.advanced(tally, page.last().place()));
                }
                page = pages.next();
            }
            skip(page);
        }
        if (catchingUp) {
            throw changed();
        }
        return tally;
    }

    private void skip(Page<?> page) throws StoresException {
        if (page.damagedCount() > 0 && !options.skipDamaged()) {
            DamagedEntry first = page.damaged().getFirst();
            throw new StoresException(
                    "a row of " + from.shown() + " is damaged and cannot be read: " + Fault.shown(first),
                    "`cardsecure store verify` names all; --skip-damaged leaves them behind");
        }
        skipped += page.damagedCount();
        page.damaged().forEach(options.damaged());
    }

    private void requireSame(Tally read, CopyMark begun) throws StoresException {
        if (!read.isSameAs(new Tally(begun.rows(), begun.sum()))) {
            throw changed();
        }
    }

    private StoresException changed() {
        return new StoresException(
                from.shown() + " has changed since the copy was begun",
                "--anew destroys what was copied and begins again");
    }

    private void write(List<Change> inserts) throws StoreException, StoresException {
        List<Outcome> outcomes = inserts.isEmpty() ? List.of() : to.store().write(inserts);
        for (int i = 0; i < outcomes.size(); i++) {
            TokenRow row = ((Change.Insert) inserts.get(i)).row();
            switch (outcomes.get(i)) {
                case Outcome.Inserted _ -> {
                    // As it should be.
                }
                case Outcome.Exists(TokenRow there) -> requireCopied(row, Optional.of(there));
                case Outcome.TokenTaken _ -> requireCopied(row, to.store().byToken(row.place()));
                case Outcome.NoRoom _ -> throw noRoom();
                case Outcome.Changed _,
                        Outcome.Differs _,
                        Outcome.Absent _,
                        Outcome.Kept _,
                        Outcome.Taken _,
                        Outcome.Superseded _,
                        Outcome.SiteClosed _,
                        Outcome.Remembered _,
                        Outcome.SeenBefore _ -> throw new StoreException("the target answered what is no answer");
            }
        }
    }

    static StoresException noRoom() {
        return new StoresException(
                "the target has too little room on its disk", "make room, and copy again: it goes on");
    }

    /// An earlier copy may have come further than its mark says.
    private void requireCopied(TokenRow row, Optional<TokenRow> there) throws StoresException {
        if (!there.equals(Optional.of(row))) {
            throw new StoresException(
                    "another row has the token or the fingerprint of the one at " + Fault.shown(row.place()),
                    "the source has changed since the copy was begun: --anew destroys what was copied and begins again;"
                            + " or it is damaged: `cardsecure store verify` tells");
        }
    }

    private void copySettings() throws StoreException, StoresException {
        List<String> names = from.store().settingNames("");
        for (String name : names) {
            if (!name.equals(Keystore.SETTING)) {
                copySetting(name, from.store().setting(name));
            }
        }
        for (String name : to.store().settingNames("")) {
            if (!names.contains(name) && !name.equals(CopyMark.SETTING)) {
                copySetting(name, Optional.empty());
            }
        }
    }

    private void copySetting(String name, Optional<SealedData> value) throws StoreException, StoresException {
        Optional<SealedData> there = to.store().setting(name);
        if (!there.equals(value)) {
            requireMine(to.store().setSetting(name, there, value));
        }
    }

    /// @param rows of the source
    /// @return of the settings of both
    private Tally compare(Tally rows) throws StoreException, StoresException {
        Tally copied = new Tally();
        try (Pages pages = new Pages(to.store(), pageSize)) {
            Page<TokenRow> page = pages.next();
            while (!page.isEmpty()) {
                requireUndamaged(page);
                page.items().forEach(copied::add);
                progress.report(Progress.Phase.COMPARING, copied.count(), OptionalLong.of(rows.count()));
                holdOn();
                page = pages.next();
            }
            requireUndamaged(page);
        }
        copied.requireSameAs(rows, "rows");
        Tally settings = settings(from.store());
        settings(to.store()).requireSameAs(settings, "settings");
        return settings;
    }

    private void requireUndamaged(Page<TokenRow> page) throws StoresException {
        if (page.damagedCount() > 0) {
            throw new StoresException(
                    "the copy has a row that cannot be read: "
                            + Fault.shown(page.damaged().getFirst()),
                    "--anew destroys what was copied and begins again");
        }
    }

    private static Tally settings(TokenStore store) throws StoreException {
        Tally tally = new Tally();
        for (String name : store.settingNames("")) {
            if (!name.equals(CopyMark.SETTING)) {
                store.setting(name).ifPresent(value -> tally.add(name, value));
            }
        }
        return tally;
    }
}
