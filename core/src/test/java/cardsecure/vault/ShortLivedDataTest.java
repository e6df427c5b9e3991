package cardsecure.vault;

import static cardsecure.TestCards.secret;
import static cardsecure.TestCards.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.card.Domain;
import cardsecure.card.Pan;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.Binding;
import cardsecure.crypto.Fingerprinter;
import cardsecure.crypto.SealedSettings;
import cardsecure.crypto.ShortLivedKeys;
import cardsecure.error.ErrorCode;
import cardsecure.keys.KeyRing;
import cardsecure.secret.SecretBytes;
import cardsecure.site.Site;
import cardsecure.site.SiteId;
import cardsecure.site.SiteSetting;
import cardsecure.store.Change;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.GroupCommit;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.Outcome;
import cardsecure.store.ReplayMark;
import cardsecure.store.SealedData;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.token.Token;
import cardsecure.token.TokenGenerator;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Data that are kept beside a token, whatever the store answers.
@Timeout(60)
class ShortLivedDataTest {
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final Site SITE = Site.named(new SiteId(1), "fts");

    /// What happens once, before the store's next write.
    private interface Interference {
        /// @return what the write is answered, if it is not made
        Optional<Outcome> before(Change change) throws StoreException;
    }

    private static final class InterferedStore extends ForwardingTokenStore {
        private final List<Change> written = new ArrayList<>();
        private Optional<Interference> next = Optional.empty();
        private boolean settingsFail;

        InterferedStore() {
            super(new MemoryTokenStore());
        }

        @Override
        public List<Outcome> write(List<Change> changes, OptionalLong generation) throws StoreException {
            written.addAll(changes);
            Optional<Interference> now = next;
            next = Optional.empty();
            Optional<Outcome> answer = now.isPresent() ? now.get().before(changes.getFirst()) : Optional.empty();
            return answer.isPresent() ? List.of(answer.get()) : super.write(changes, generation);
        }

        @Override
        public Optional<SealedData> setting(String name) throws StoreException {
            if (settingsFail) {
                throw new StoreException("the store does not answer");
            }
            return super.setting(name);
        }
    }

    private final InterferedStore store = new InterferedStore();
    private final GroupCommit commits = new GroupCommit(store, 1000, 100);
    private final Barrier barrier = new Barrier(KeyRing.create(new Random(1), Instant.EPOCH), SecureRandom::new);
    private final Tokenizer tokenizer = new Tokenizer(
            store,
            commits,
            barrier,
            new Fingerprinter(KeyRing.create(new Random(1), Instant.EPOCH).fingerprintKeys()),
            new TokenGenerator(new SecureRandom()));
    private final AtomicReference<Instant> time = new AtomicReference<>(Instant.parse("2014-01-01T12:00:30Z"));
    private final ShortLivedData shortLived = node();

    /// Another process on the store.
    private ShortLivedData node() {
        ShortLivedKeys keys = new ShortLivedKeys(new SealedSettings(store, barrier), SecureRandom::new);
        return new ShortLivedData(store, commits, keys, time::get);
    }

    @AfterEach
    void close() {
        commits.close();
    }

    private UnspentMark unmarked() {
        return new UnspentMark(commits, Optional.empty());
    }

    private Token tokenize(String card, String content) throws StoreException {
        return tokenize(SITE, card, content, false, unmarked());
    }

    private Token tokenize(Site site, String card, String content, boolean unique, UnspentMark once)
            throws StoreException {
        return tokenizer.tokenize(
                site,
                Pan.parse(secret(card)),
                unique,
                once,
                Optional.of(shortLived.content(secret(content), TEN_MINUTES)));
    }

    private Token tokenize(String card) throws StoreException {
        return tokenizer.tokenize(SITE, Pan.parse(secret(card)), false, unmarked());
    }

    private static TokenPlace place(Token token) {
        return new TokenPlace(SITE.id(), Domain.CARD, token);
    }

    private Optional<String> take(Token token) throws StoreException {
        return shortLived.take(place(token)).map(TestCards::text);
    }

    @Test
    void aNewCardAndWhatIsKeptBesideItAreOneWrite() throws Exception {
        Token token = tokenize(TestCards.VISA, "track one");
        assertThat(store.written).hasSize(1);
        assertThat(take(token)).contains("track one");
        assertThat(take(token)).isEmpty();
        assertThat(tokenize(TestCards.VISA)).isEqualTo(token);
    }

    @Test
    void besideAKnownCardALaterOneIsInThePlaceOfTheFormer() throws Exception {
        Token token = tokenize(TestCards.VISA);
        store.written.clear();
        assertThat(tokenize(TestCards.VISA, "track one")).isEqualTo(token);
        assertThat(store.written).hasSize(1);
        assertThat(tokenize(TestCards.VISA, "track two")).isEqualTo(token);
        assertThat(take(token)).contains("track two");
        assertThat(take(token)).isEmpty();
    }

    @Test
    void aTokenOfItsOwnHasItsOwn() throws Exception {
        Token one = tokenize(TestCards.VISA, "track one");
        Token two = tokenize(SITE, TestCards.VISA, "track two", true, unmarked());
        assertThat(two).isNotEqualTo(one);
        assertThat(take(one)).contains("track one");
        assertThat(take(two)).contains("track two");
    }

    @Test
    void whenADrawnTokenIsTakenItIsKeptBesideTheNext() throws Exception {
        store.next = Optional.of(_ -> Optional.of(new Outcome.TokenTaken()));
        Token token = tokenize(TestCards.VISA, "track one");
        assertThat(take(token)).contains("track one");
        assertThat(store.shortLivedRows(Optional.empty(), 10).items()).isEmpty();
    }

    @Test
    void whenTheKeysAreChangedMeanwhileItIsSealedAnew() throws Exception {
        store.next = Optional.of(_ -> Optional.of(new Outcome.Superseded()));
        assertThat(take(tokenize(TestCards.VISA, "track one"))).contains("track one");
    }

    @Test
    void whenTheCardCameElsewhereMeanwhileItIsKeptBesideItsToken() throws Exception {
        AtomicReference<TokenPlace> first = new AtomicReference<>();
        store.next = Optional.of(change -> {
            Change.Insert insert = (Change.Insert) ((Change.With) change).change();
            Token other = new Token("9441000000000001");
            TokenPlace place = place(other);
            first.set(place);
            SealedData sealed = barrier.seal(
                    new Binding.Row(place), Pan.parse(secret(TestCards.VISA)).normalised());
            store.write(
                    List.of(new Change.Insert(new TokenRow(place, insert.row().fingerprint(), Optional.of(sealed)))));
            return Optional.empty();
        });
        Token token = tokenize(TestCards.VISA, "track one");
        assertThat(place(token)).isEqualTo(first.get());
        assertThat(store.shortLivedRows(Optional.empty(), 10).items()).hasSize(1);
        assertThat(take(token)).contains("track one");
    }

    @Test
    void whenTheCardIsPurgedMeanwhileItComesBackWithIt() throws Exception {
        Token token = tokenize(TestCards.VISA, "track one");
        store.next = Optional.of(_ -> {
            store.write(List.of(new Change.Purge(place(token))));
            return Optional.empty();
        });
        assertThat(tokenize(TestCards.VISA, "track two")).isEqualTo(token);
        assertThat(text(tokenizer.detokenize(SITE, Domain.CARD, token).normalised()))
                .isEqualTo(TestCards.VISA);
        assertThat(take(token)).contains("track two");
    }

    @Test
    void whenAPurgedCardComesBackElsewhereMeanwhileItIsKeptAllTheSame() throws Exception {
        Token token = tokenize(TestCards.VISA, "track one");
        tokenizer.purge(place(token), unmarked());
        assertThat(take(token)).isEmpty();
        store.next = Optional.of(_ -> {
            SealedData sealed = barrier.seal(new Binding.Row(place(token)), secret(TestCards.VISA));
            store.write(List.of(new Change.Replace(place(token), Optional.empty(), sealed)));
            return Optional.empty();
        });
        assertThat(tokenize(TestCards.VISA, "track two")).isEqualTo(token);
        assertThat(take(token)).contains("track two");
    }

    @Test
    void ofTwoHundredAtOnceOneIsKept() throws Exception {
        List<Callable<Token>> calls = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String content = "track " + i;
            calls.add(() -> tokenize(TestCards.VISA, content));
        }
        Set<Token> tokens = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Token> call : threads.invokeAll(calls)) {
                tokens.add(call.get());
            }
        }
        assertThat(tokens).hasSize(1);
        assertThat(take(tokens.iterator().next()).orElseThrow()).startsWith("track ");
        assertThat(store.shortLivedRows(Optional.empty(), 10).items()).isEmpty();
    }

    @Test
    void aRequestThatComesOnceKeepsAndTakesOnce() throws Exception {
        ReplayMark one = new ReplayMark(SITE.id(), time.get(), new byte[ReplayMark.DIGEST_LENGTH]);
        Token token = tokenize(SITE, TestCards.VISA, "track one", false, tokenizer.unspent(Optional.of(one)));
        for (String card : List.of(TestCards.VISA, TestCards.AMEX)) {
            assertThat(Refusals.codeOf(
                            () -> tokenize(SITE, card, "track two", false, tokenizer.unspent(Optional.of(one)))))
                    .isEqualTo(ErrorCode.SIGNATURE_FAILURE);
        }
        assertThat(Refusals.codeOf(() -> shortLived.take(place(token), tokenizer.unspent(Optional.of(one)))))
                .isEqualTo(ErrorCode.SIGNATURE_FAILURE);
        ReplayMark two = new ReplayMark(SITE.id(), time.get().plusSeconds(1), new byte[ReplayMark.DIGEST_LENGTH]);
        assertThat(shortLived.take(place(token), tokenizer.unspent(Optional.of(two))))
                .contains(secret("track one"));
    }

    @Test
    void fromItsDeadlineOnNobodyGetsIt() throws Exception {
        Token token = tokenize(TestCards.VISA, "track one");
        assertThat(store.shortLived(place(token)).orElseThrow().deadline())
                .isEqualTo(Instant.parse("2014-01-01T12:10:30Z"));
        time.set(Instant.parse("2014-01-01T12:10:30Z"));
        assertThat(take(token)).isEmpty();
        time.set(Instant.parse("2014-01-01T12:10:29.999Z"));
        assertThat(take(token)).contains("track one");
    }

    @Test
    void allThatIsKeptOfASiteCanBeDestroyedAndOthersStay() throws Exception {
        Site other = Site.named(new SiteId(SITE.id().number() + 1), "other");
        List<Token> tokens = new ArrayList<>();
        for (String card : List.of(TestCards.VISA, TestCards.MASTERCARD, TestCards.AMEX)) {
            tokens.add(tokenize(SITE, card, "track", false, unmarked()));
        }
        Token elsewhere = tokenize(other, TestCards.VISA, "of another", false, unmarked());
        assertThat(shortLived.destroyAll(SITE.id())).isEqualTo(3);
        assertThat(shortLived.destroyAll(SITE.id())).isZero();
        for (Token token : tokens) {
            assertThat(take(token)).isEmpty();
        }
        assertThat(shortLived.take(new TokenPlace(other.id(), Domain.CARD, elsewhere)))
                .contains(secret("of another"));
    }

    @Test
    void itIsSealedAlsoWhereASiteStoresInClear() throws Exception {
        Site clear = SiteSetting.ENCRYPTION.set(SITE, "off-store-in-clear-because-the-database-is-encrypted");
        Token token = tokenize(clear, TestCards.VISA, "track one", false, unmarked());
        ShortLivedRow row = store.shortLived(place(token)).orElseThrow();
        assertThat(new String(row.data().bytes(), StandardCharsets.ISO_8859_1)).doesNotContain("track one");
        assertThat(take(token)).contains("track one");
    }

    @Test
    void whereItsKeyCannotBeReadItStays() throws Exception {
        Token token = tokenize(TestCards.VISA, "track one");
        ShortLivedData elsewhere = node();
        store.settingsFail = true;
        assertThatThrownBy(() -> elsewhere.take(place(token))).isInstanceOf(StoreException.class);
        store.settingsFail = false;
        assertThat(elsewhere.take(place(token))).contains(secret("track one"));
        assertThat(take(token)).isEmpty();
    }

    @Test
    void dataAreKeptBesideATokenThatIsThere() throws Exception {
        Token token = tokenize(TestCards.VISA);
        ShortLivedContent content = shortLived.content(secret("track one"), TEN_MINUTES);
        KeptData.keep(commits, place(token), content);
        assertThat(content).hasToString("ShortLivedContent[SecretBytes[9 bytes], 2014-01-01T12:10:30Z]");
        assertThat(take(token)).contains("track one");
    }

    @Test
    void thereAreLimits() throws Exception {
        SecretBytes largest = SecretBytes.owning(new byte[ShortLivedData.LENGTH_MAX]);
        Token token = tokenize(TestCards.VISA);
        KeptData.keep(commits, place(token), shortLived.content(largest, ShortLivedData.LIFETIME_MAX));
        assertThat(shortLived.take(place(token))).contains(largest);
        SecretBytes more = SecretBytes.owning(new byte[ShortLivedData.LENGTH_MAX + 1]);
        assertThat(Refusals.codeOf(() -> shortLived.content(more, TEN_MINUTES))).isEqualTo(ErrorCode.DATA_TOO_LONG);
        assertThat(Refusals.codeOf(() -> shortLived.content(secret(""), TEN_MINUTES)))
                .isEqualTo(ErrorCode.DATA_EMPTY);
        for (Duration none :
                List.of(ShortLivedData.LIFETIME_MIN.minusNanos(1), ShortLivedData.LIFETIME_MAX.plusNanos(1))) {
            assertThatThrownBy(() -> shortLived.content(largest, none)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
