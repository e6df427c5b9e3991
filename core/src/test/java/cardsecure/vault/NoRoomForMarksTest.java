package cardsecure.vault;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.card.Domain;
import cardsecure.card.Pan;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.Fingerprinter;
import cardsecure.crypto.SealedSettings;
import cardsecure.crypto.ShortLivedKeys;
import cardsecure.error.ErrorCode;
import cardsecure.keys.KeyRing;
import cardsecure.site.Site;
import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.GroupCommit;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.Outcome;
import cardsecure.store.ReplayMark;
import cardsecure.store.StoreException;
import cardsecure.store.StoreSamples;
import cardsecure.store.TokenPlace;
import cardsecure.token.Token;
import cardsecure.token.TokenGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Signed requests where the disk is nearly full: for the marks of what destroys there is room, and for those of
/// nobody else, so that who asks for what is not there cannot fill it.
class NoRoomForMarksTest {
    private static final Site SITE = Site.named(new SiteId(1), "fts");
    private static final TokenPlace NOWHERE = place("9441149619831111");

    private final KeyRing ring = KeyRing.create(new Random(1), Instant.EPOCH);
    private final Barrier barrier = new Barrier(ring, SecureRandom::new);
    private final FullStore store = new FullStore();
    private final GroupCommit commits = new GroupCommit(store, 10, 10);
    private final Tokenizer tokenizer = new Tokenizer(
            store, commits, barrier, new Fingerprinter(ring.fingerprintKeys()), new TokenGenerator(new SecureRandom()));
    private final ShortLivedData shortLived = new ShortLivedData(
            store,
            commits,
            new ShortLivedKeys(new SealedSettings(store, barrier), SecureRandom::new),
            () -> Instant.EPOCH);

    /// Takes what destroys, and nothing else.
    private static final class FullStore extends ForwardingTokenStore {
        private boolean full;

        FullStore() {
            super(new MemoryTokenStore());
        }

        @Override
        public List<Outcome> write(List<Change> changes, OptionalLong generation) throws StoreException {
            boolean destroy =
                    changes.stream().allMatch(change -> change instanceof Change.Once once && once.destroys());
            return full && !destroy
                    ? changes.stream().<Outcome>map(_ -> new Outcome.NoRoom()).toList()
                    : super.write(changes, generation);
        }
    }

    @AfterEach
    void close() {
        commits.close();
    }

    private static TokenPlace place(String token) {
        return new TokenPlace(SITE.id(), Domain.CARD, new Token(token));
    }

    private UnspentMark signed(int request) {
        return new UnspentMark(commits, Optional.of(mark(request)));
    }

    private static ReplayMark mark(int request) {
        return StoreSamples.mark(1000, request);
    }

    private void assertNoRoomFor(UnspentMark once) throws StoreException {
        assertThat(Refusals.codeOf(once::spendRefused)).isEqualTo(ErrorCode.TOKEN_DATABASE_PROBLEM);
        assertThat(store.marks(0, 10)).isEmpty();
    }

    @Test
    void aPurgeOfATokenThatIsNotThereIsNotRemembered() throws StoreException {
        store.full = true;
        UnspentMark once = signed(1);
        assertThat(tokenizer.purge(NOWHERE, once)).isFalse();
        assertNoRoomFor(once);
        store.full = false;
        once.spendRefused();
        assertThat(store.marks(0, 10)).containsExactly(mark(1));
    }

    @Test
    void whoTakesWhereNothingIsKeptIsNotRemembered() throws StoreException {
        store.full = true;
        UnspentMark once = signed(1);
        assertThat(shortLived.take(NOWHERE, once)).isEmpty();
        assertNoRoomFor(once);
    }

    @Test
    void whatDestroysIsMadeAndRemembered() throws StoreException {
        UnspentMark unsigned = new UnspentMark(commits, Optional.empty());
        Token token = tokenizer.tokenize(SITE, Pan.parse(secret(TestCards.VISA)), true, unsigned);
        TokenPlace card = place(token.text());
        KeptData.keep(commits, card, shortLived.content(secret("track"), Duration.ofMinutes(5)));
        store.full = true;
        assertThat(shortLived.take(card, signed(1))).contains(secret("track"));
        assertThat(tokenizer.purge(card, signed(2))).isTrue();
        // Also of what is purged already: it is answered as the first time.
        assertThat(tokenizer.purge(card, signed(3))).isTrue();
        assertThat(store.marks(0, 10)).containsExactlyInAnyOrder(mark(1), mark(2), mark(3));
        assertThat(store.byToken(card).orElseThrow().data()).isEmpty();
    }
}
