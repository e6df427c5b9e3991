package cardsecure.vault;

import cardsecure.card.ClearData;
import cardsecure.card.Domain;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.Binding;
import cardsecure.crypto.Fingerprinter;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.site.Site;
import cardsecure.store.Change;
import cardsecure.store.Fingerprint;
import cardsecure.store.GroupCommit;
import cardsecure.store.Outcome;
import cardsecure.store.ReplayMark;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import cardsecure.token.Token;
import cardsecure.token.TokenGenerator;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Data to tokens and back: fingerprints, seals, and lets the store decide who was first. Safe for threads.
public final class Tokenizer {
    /// So many tokens in a row that are taken mean that too few are free: with nine in ten taken, it is one
    /// call in eight hundred that gives up wrongly.
    private static final int DRAWS_MAX = 64;

    private final TokenStore store;
    private final GroupCommit commits;
    private final Barrier barrier;
    private final Fingerprinter fingerprinter;
    private final TokenGenerator generator;
    private final KnownShare knownShare;

    /// Takes its parts.
    ///
    /// @param commits writes to `store`
    public Tokenizer(
            TokenStore store,
            GroupCommit commits,
            Barrier barrier,
            Fingerprinter fingerprinter,
            TokenGenerator generator) {
        this(store, commits, barrier, fingerprinter, generator, new KnownShare());
    }

    /// The same, with what it knows of how many data are known.
    Tokenizer(
            TokenStore store,
            GroupCommit commits,
            Barrier barrier,
            Fingerprinter fingerprinter,
            TokenGenerator generator,
            KnownShare knownShare) {
        this.knownShare = knownShare;
        this.store = store;
        this.commits = commits;
        this.barrier = barrier;
        this.fingerprinter = fingerprinter;
        this.generator = generator;
    }

    /// What remembers a request that may come once only.
    ///
    /// @param mark none for one that may come again
    UnspentMark unspent(Optional<ReplayMark> mark) {
        return new UnspentMark(commits, mark);
    }

    /// The token of the data: the one they have, or a new one. When it returns, the token is durable.
    ///
    /// @param unique whether they get a new one in any case, without a fingerprint
    /// @param once remembers the request, and the payload that it brings, with what is written first; still
    ///         unspent if nothing is
    /// @throws Refusal `0053` if too few tokens are free, `0046` if the store has no room, `0060` if the
    ///         request came before, the payload's own if that did
    Token tokenize(Site site, ClearData data, boolean unique, UnspentMark once) throws StoreException {
        return tokenize(site, data, unique, once, Optional.empty());
    }

    /// The same, with data that are kept beside the token for a short time: when it returns, they are durable,
    /// too, in the place of those that were kept there. Both cost one write, unless the data are known and were
    /// not looked for.
    ///
    /// @param content what is kept beside the token, if anything
    /// @throws Refusal as without
    Token tokenize(Site site, ClearData data, boolean unique, UnspentMark once, Optional<ShortLivedContent> content)
            throws StoreException {
        while (true) {
            Optional<Token> token = tokenizeOnce(site, data, unique, new Beside(once, content));
            if (token.isPresent()) {
                return token.get();
            }
        }
    }

    /// None if the keys were exchanged meanwhile: then all is to be done again under the new ones.
    private Optional<Token> tokenizeOnce(Site site, ClearData data, boolean unique, Beside beside)
            throws StoreException {
        Sought sought = new Sought(
                barrier.generation(),
                store.mark(),
                unique ? List.of() : fingerprinter.candidates(site.id(), data),
                beside);
        if (sought.mark().isEmpty() && knownShare.isSmall()) {
            return insertUnsought(site, data, sought);
        }
        Optional<TokenRow> known = find(site, sought);
        return known.isPresent() ? tokenOf(site, data, sought, known.get()) : insert(site, data, sought);
    }

    /// Where a look-up costs what an insert does, and nearly all that come are new: an insert finds out as well who was
    /// first. When none can be made, known ones are to be found again.
    private Optional<Token> insertUnsought(Site site, ClearData data, Sought sought) throws StoreException {
        try {
            return insert(site, data, sought);
        } catch (StoreException e) {
            knownShare.reset();
            throw e;
        } catch (Refusal e) {
            if (e.code() == ErrorCode.TOKEN_DATABASE_PROBLEM || e.code() == ErrorCode.UNKNOWN_SITE) {
                knownShare.reset();
            }
            throw e;
        }
    }

    /// Where it is asked for: not of what has no fingerprint, which cannot be known.
    private void note(Sought sought, boolean known) {
        if (sought.mark().isEmpty() && sought.own().isPresent()) {
            knownShare.note(known);
        }
    }

    private Optional<TokenRow> find(Site site, Sought sought) throws StoreException {
        for (Fingerprint fingerprint : sought.fingerprints()) {
            Optional<TokenRow> known = store.byFingerprint(site.id(), fingerprint);
            if (known.isPresent()) {
                note(sought, true);
                return known;
            }
        }
        return Optional.empty();
    }

    /// What goes to the store with the token.
    ///
    /// @param once remembers the request, and its payload, with what is written first
    /// @param content what is kept beside the token, if anything
    private record Beside(UnspentMark once, Optional<ShortLivedContent> content) {
        /// Makes the change of a row, and keeps the content with it.
        Outcome commit(TokenPlace place, Change change, long generation) throws StoreException {
            Change whole = content.isEmpty()
                    ? change
                    : new Change.With(change, content.get().at(place));
            return once.commit(whole, generation);
        }

        /// Keeps the content beside a row that stays as it is.
        Outcome commit(TokenPlace place) throws StoreException {
            return content.isEmpty()
                    ? new Outcome.Kept()
                    : once.commit(new Change.Keep(content.get().at(place)));
        }
    }

    /// What was looked for.
    ///
    /// @param generation of the ring before anything was made with its keys
    /// @param mark before the fingerprints were looked for
    /// @param fingerprints of the data, that of a new row first; none if a row without one is wanted
    /// @param beside what is written with it
    private record Sought(long generation, OptionalLong mark, List<Fingerprint> fingerprints, Beside beside) {
        Optional<Fingerprint> own() {
            return fingerprints.stream().findFirst();
        }

        List<Fingerprint> others() {
            return fingerprints.isEmpty() ? List.of() : fingerprints.subList(1, fingerprints.size());
        }
    }

    /// The store decides, but what is looked for here, by many threads at once, its one writer need not look for.
    private Optional<Token> insert(Site site, ClearData data, Sought sought) throws StoreException {
        for (int draws = 0; draws < DRAWS_MAX; draws++) {
            Token token = generator.draw(site.domain(data.domain()).format(), data.visibleDigits());
            TokenPlace place = new TokenPlace(site.id(), data.domain(), token);
            if (sought.mark().isPresent() && find(place).isPresent()) {
                continue;
            }
            TokenRow row = new TokenRow(place, sought.own(), Optional.of(seal(site, place, data)));
            Change.Insert insert = new Change.Insert(row, sought.others(), sought.mark());
            switch (sought.beside().commit(place, insert, sought.generation())) {
                case Outcome.Inserted _ -> {
                    note(sought, false);
                    return Optional.of(token);
                }
                case Outcome.Exists(TokenRow first) -> {
                    note(sought, true);
                    return tokenOf(site, data, sought, first);
                }
                case Outcome.TokenTaken _ -> {
                    // Another draw may find a free one.
                }
                case Outcome.Superseded _ -> {
                    return Optional.empty();
                }
                case Outcome.NoRoom _ -> throw noRoom();
                case Outcome.Changed _,
                        Outcome.Differs _,
                        Outcome.Absent _,
                        Outcome.Kept _,
                        Outcome.Taken _,
                        Outcome.SiteClosed _,
                        Outcome.Remembered _,
                        Outcome.SeenBefore _ -> throw new IllegalStateException("no answer to an insert");
            }
        }
        throw new Refusal(
                ErrorCode.TOKEN_OR_DATA_DUPLICATE, "too few tokens are free for these visible digits and this format");
    }

    /// The token of a row that was found by a fingerprint of the data. The row must hold these data, or the
    /// store's index is wrong; a purged one, which has only its fingerprint to show for it, holds them again.
    private Optional<Token> tokenOf(Site site, ClearData data, Sought sought, TokenRow row) throws StoreException {
        TokenPlace place = row.place();
        if (row.fingerprint().filter(sought.fingerprints()::contains).isEmpty()) {
            if (barrier.generation() != sought.generation()) {
                // The row has got a fingerprint under keys that were not known yet when it was looked for.
                return Optional.empty();
            }
            throw wrongIndex();
        }
        if (!place.site().equals(site.id()) || place.domain() != data.domain()) {
            throw wrongIndex();
        }
        TokenRow current = row;
        while (true) {
            Optional<SecretBytes> kept = open(site, current);
            Outcome outcome;
            if (kept.isPresent()) {
                if (!kept.get().equals(data.normalised())) {
                    throw wrongIndex();
                }
                outcome = sought.beside().commit(place);
            } else {
                Change replace = new Change.Replace(place, Optional.empty(), seal(site, place, data));
                outcome = sought.beside().commit(place, replace, sought.generation());
            }
            switch (outcome) {
                case Outcome.Kept _, Outcome.Changed _ -> {
                    return Optional.of(place.token());
                }
                case Outcome.Superseded _ -> {
                    return Optional.empty();
                }
                // Purged meanwhile, or restored.
                case Outcome.Differs _ -> current = find(place).orElseThrow(Tokenizer::vanished);
                case Outcome.Absent _ -> throw vanished();
                case Outcome.NoRoom _ -> throw noRoom();
                case Outcome.Inserted _,
                        Outcome.Exists _,
                        Outcome.TokenTaken _,
                        Outcome.Taken _,
                        Outcome.SiteClosed _,
                        Outcome.Remembered _,
                        Outcome.SeenBefore _ -> throw new IllegalStateException("no answer to a replacement");
            }
        }
    }

    private static Refusal wrongIndex() {
        return new Refusal(ErrorCode.TOKEN_DATABASE_PROBLEM, "an index entry leads to another's row");
    }

    private static Refusal vanished() {
        return new Refusal(ErrorCode.TOKEN_DATABASE_PROBLEM, "a row vanished while it was looked at");
    }

    private static Refusal noRoom() {
        return new Refusal(ErrorCode.TOKEN_DATABASE_PROBLEM, "the store has too little room for new data");
    }

    Readiness readiness(InstantSource clock) {
        return new Readiness(store, commits, clock);
    }

    /// The row of a token, if there is one.
    Optional<TokenRow> find(TokenPlace place) throws StoreException {
        return store.byToken(place);
    }

    /// Destroys a token's data, durably.
    ///
    /// @param once remembers the request with that; still unspent if there is no such token
    /// @return whether the token exists
    boolean purge(TokenPlace place, UnspentMark once) throws StoreException {
        return switch (once.commit(new Change.Purge(place))) {
            case Outcome.Changed _ -> true;
            case Outcome.Absent _ -> false;
            case Outcome.Inserted _,
                    Outcome.Exists _,
                    Outcome.TokenTaken _,
                    Outcome.Differs _,
                    Outcome.Kept _,
                    Outcome.Taken _,
                    Outcome.NoRoom _,
                    Outcome.Superseded _,
                    Outcome.SiteClosed _,
                    Outcome.Remembered _,
                    Outcome.SeenBefore _ -> throw new IllegalStateException("no answer to a purge");
        };
    }

    /// The clear data of a token.
    ///
    /// @throws Refusal `0049` if it does not exist, `0048` if its data are purged
    ClearData detokenize(Site site, Domain domain, Token token) throws StoreException {
        TokenPlace place = new TokenPlace(site.id(), domain, token);
        TokenRow row = find(place)
                .orElseThrow(() -> new Refusal(ErrorCode.DATA_NOT_FOUND, "the token does not exist in this site"));
        SecretBytes data =
                open(site, row).orElseThrow(() -> new Refusal(ErrorCode.TOKEN_PURGED, "the token's data are purged"));
        return RequestParser.clearData(domain, data, false);
    }

    private SealedData seal(Site site, TokenPlace place, ClearData data) {
        return switch (site.storage()) {
            case SEALED, SEALED_WITH_CLEAR_ROWS -> barrier.seal(new Binding.Row(place), data.normalised());
            case CLEAR -> barrier.leaveClear(data.normalised());
        };
    }

    /// A row's data; none if they are purged. Between the look at the row and this, it may have been sealed anew
    /// and the key that it was under may have been retired: then the row as it is now opens.
    private Optional<SecretBytes> open(Site site, TokenRow row) throws StoreException {
        TokenRow current = row;
        while (true) {
            try {
                Optional<SealedData> sealed = current.data();
                return sealed.map(data -> open(site, row.place(), data));
            } catch (Refusal e) {
                TokenRow now = find(row.place()).orElseThrow(Tokenizer::vanished);
                if (e.code() != ErrorCode.KEYSTORE_NOT_INITIALIZED || now.data().equals(current.data())) {
                    throw e;
                }
                current = now;
            }
        }
    }

    private SecretBytes open(Site site, TokenPlace place, SealedData sealed) {
        return site.storage().mayHaveClearRows()
                ? barrier.openAlsoClear(new Binding.Row(place), sealed)
                : barrier.open(new Binding.Row(place), sealed);
    }
}
