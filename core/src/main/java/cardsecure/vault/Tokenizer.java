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
import java.util.Optional;
import java.util.OptionalLong;

/// Data to tokens and back: fingerprints, seals, and lets the store decide who was first. Safe for threads.
public final class Tokenizer {
    /// So many tokens in a row that are taken mean that too few are free: with nine in ten taken, it is one call in
    /// eight hundred that gives up wrongly.
    private static final int DRAWS_MAX = 64;

    private final TokenStore store;
    private final GroupCommit commits;
    private final Barrier barrier;
    private final Fingerprinter fingerprinter;
    private final TokenGenerator generator;

    /// Takes its parts.
    ///
    /// @param commits writes to `store`
    public Tokenizer(
            TokenStore store,
            GroupCommit commits,
            Barrier barrier,
            Fingerprinter fingerprinter,
            TokenGenerator generator) {
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
    /// @param once remembers the request with what is written first; still unspent if nothing is
    /// @throws Refusal `0053` if too few tokens are free, `0046` if the store has no room, `0060` if the request
    ///         came before
    Token tokenize(Site site, ClearData data, boolean unique, UnspentMark once) throws StoreException {
        if (unique) {
            return insert(site, data, Optional.empty(), store.mark(), once);
        }
        OptionalLong mark = store.mark();
        Fingerprint fingerprint = fingerprinter.fingerprint(site.id(), data);
        Optional<TokenRow> known = store.byFingerprint(site.id(), fingerprint);
        return known.isPresent()
                ? tokenOf(site, data, fingerprint, known.get(), once)
                : insert(site, data, Optional.of(fingerprint), mark, once);
    }

    /// The store decides, but what is looked for here, by many threads at once, its one writer need not look for.
    ///
    /// @param mark before the data's fingerprint was looked for
    private Token insert(
            Site site, ClearData data, Optional<Fingerprint> fingerprint, OptionalLong mark, UnspentMark once)
            throws StoreException {
        for (int draws = 0; draws < DRAWS_MAX; draws++) {
            Token token = generator.draw(site.domain(data.domain()).format(), data.visibleDigits());
            TokenPlace place = new TokenPlace(site.id(), data.domain(), token);
            if (mark.isPresent() && find(place).isPresent()) {
                continue;
            }
            TokenRow row = new TokenRow(place, fingerprint, Optional.of(seal(site, place, data)));
            switch (once.commit(new Change.Insert(row, mark))) {
                case Outcome.Inserted _ -> {
                    return token;
                }
                case Outcome.Exists(TokenRow first) -> {
                    return tokenOf(site, data, fingerprint.orElseThrow(), first, once);
                }
                case Outcome.TokenTaken _ -> {
                    // Another draw may find a free one.
                }
                case Outcome.NoRoom _ -> throw noRoom();
                case Outcome.Changed _,
                        Outcome.Differs _,
                        Outcome.Absent _,
                        Outcome.Remembered _,
                        Outcome.SeenBefore _ -> throw new IllegalStateException("no answer to an insert");
            }
        }
        throw new Refusal(
                ErrorCode.TOKEN_OR_DATA_DUPLICATE, "too few tokens are free for these visible digits and this format");
    }

    /// The token of a row that was found by the data's fingerprint. The row must hold these data, or the store's index
    /// is wrong; a purged one, which has only its fingerprint to show for it, holds them again.
    private Token tokenOf(Site site, ClearData data, Fingerprint fingerprint, TokenRow row, UnspentMark once)
            throws StoreException {
        TokenPlace place = row.place();
        if (!row.fingerprint().equals(Optional.of(fingerprint))
                || !place.site().equals(site.id())
                || place.domain() != data.domain()) {
            throw wrongIndex();
        }
        TokenRow current = row;
        while (true) {
            if (current.data().isPresent()) {
                SecretBytes kept = open(site, place, current.data().get());
                if (!kept.equals(data.normalised())) {
                    throw wrongIndex();
                }
                return place.token();
            }
            switch (once.commit(new Change.Replace(place, Optional.empty(), seal(site, place, data)))) {
                case Outcome.Changed _ -> {
                    return place.token();
                }
                case Outcome.Differs _ -> current = find(place).orElseThrow(Tokenizer::vanished);
                case Outcome.Absent _ -> throw vanished();
                case Outcome.NoRoom _ -> throw noRoom();
                case Outcome.Inserted _,
                        Outcome.Exists _,
                        Outcome.TokenTaken _,
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

    /// The row of a token, if there is one.
    Optional<TokenRow> find(TokenPlace place) throws StoreException {
        return store.byToken(place);
    }

    /// Destroys a token's data, durably.
    ///
    /// @return whether the token exists
    boolean purge(TokenPlace place, UnspentMark once) throws StoreException {
        return switch (once.commit(new Change.Purge(place))) {
            case Outcome.Changed _ -> true;
            case Outcome.Absent _ -> false;
            case Outcome.Inserted _,
                    Outcome.Exists _,
                    Outcome.TokenTaken _,
                    Outcome.Differs _,
                    Outcome.NoRoom _,
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
        SealedData sealed =
                row.data().orElseThrow(() -> new Refusal(ErrorCode.TOKEN_PURGED, "the token's data are purged"));
        return RequestParser.clearData(domain, open(site, place, sealed), false);
    }

    private SealedData seal(Site site, TokenPlace place, ClearData data) {
        return switch (site.storage()) {
            case SEALED, SEALED_WITH_CLEAR_ROWS -> barrier.seal(new Binding.Row(place), data.normalised());
            case CLEAR -> barrier.leaveClear(data.normalised());
        };
    }

    private SecretBytes open(Site site, TokenPlace place, SealedData sealed) {
        return site.storage().mayHaveClearRows()
                ? barrier.openAlsoClear(new Binding.Row(place), sealed)
                : barrier.open(new Binding.Row(place), sealed);
    }
}
