package cardsecure.postgres;

import static cardsecure.store.StoreSamples.SITE;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.shortLived;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.config.StoreLocation;
import cardsecure.store.Change;
import cardsecure.store.GroupCommit;
import cardsecure.store.Outcome;
import cardsecure.store.Page;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Short-lived rows of several processes' stores of one database, at the same time.
@Timeout(120)
class SharedShortLivedTest {
    private static final Instant EARLY = Instant.ofEpochSecond(1000);
    private static final int CARDS = 40;
    private static final int TAKERS = 8;

    private StoreLocation.Postgres location = TestPostgres.NOWHERE;
    private final List<PostgresTokenStore> stores = new ArrayList<>();
    private final List<GroupCommit> nodes = new ArrayList<>();

    @BeforeEach
    void openThreeNodes() throws StoreException {
        location = TestPostgres.newDatabase();
        for (int node = 0; node < 3; node++) {
            PostgresTokenStore store = TestPostgres.open(location);
            stores.add(store);
            nodes.add(new GroupCommit(store, 5000, 64));
        }
    }

    @AfterEach
    void closeAll() {
        nodes.forEach(GroupCommit::close);
        stores.forEach(PostgresTokenStore::close);
    }

    private static List<Outcome> allAtOnce(List<Callable<Outcome>> calls) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Outcome>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Callable<Outcome> call : calls) {
                answers.add(threads.submit(() -> {
                    start.await();
                    return call.call();
                }));
            }
            start.countDown();
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Future<Outcome> answer : answers) {
            outcomes.add(answer.get());
        }
        return outcomes;
    }

    private void insertCards() throws StoreException {
        List<Change> inserts = new ArrayList<>();
        for (int card = 0; card < CARDS; card++) {
            inserts.add(new Change.With(
                    new Change.Insert(row("t" + card, card, card)), shortLived("t" + card, 1200, card)));
        }
        assertThat(stores.getFirst().write(inserts)).containsOnly(new Outcome.Inserted());
    }

    @Test
    void ofAllWhoTakeAtThreeNodesOneGetsIt() throws Exception {
        insertCards();
        List<Callable<Outcome>> takes = new ArrayList<>();
        for (int i = 0; i < nodes.size() * TAKERS * CARDS; i++) {
            GroupCommit node = nodes.get(i % nodes.size());
            // Each node in another order, so that they would get into each other's way.
            Change take = new Change.Take(place("t" + i * 7 % CARDS), EARLY);
            takes.add(() -> node.commit(take));
        }
        List<ShortLivedRow> taken = new ArrayList<>();
        for (Outcome outcome : allAtOnce(takes)) {
            if (outcome instanceof Outcome.Taken(ShortLivedRow row)) {
                taken.add(row);
            } else {
                assertThat(outcome).isEqualTo(new Outcome.Absent());
            }
        }
        assertThat(taken).hasSize(CARDS).doesNotHaveDuplicates();
        assertThat(stores.getFirst().shortLivedRows(Optional.empty(), 10).items())
                .isEmpty();
    }

    @Test
    void whatIsKeptTakenPurgedAndSweptAtOnceComesAtMostOnce() throws Exception {
        insertCards();
        List<Callable<Outcome>> calls = new ArrayList<>();
        for (int round = 0; round < 12; round++) {
            for (int card = 0; card < CARDS; card++) {
                GroupCommit node = nodes.get((round + card) % nodes.size());
                String token = "t" + card;
                Change change = switch (round % 4) {
                    case 0 -> new Change.Keep(shortLived(token, 1200, 1000L * (round + 1) + card));
                    case 3 -> card % 5 == 0 ? new Change.Purge(place(token)) : new Change.Take(place(token), EARLY);
                    default -> new Change.Take(place(token), EARLY);
                };
                calls.add(() -> node.commit(change));
            }
        }
        for (PostgresTokenStore store : stores) {
            calls.add(() -> {
                // None is past yet: it must not get one.
                store.destroyShortLived(EARLY);
                return new Outcome.Absent();
            });
        }
        Map<ShortLivedRow, Integer> taken = new HashMap<>();
        for (Outcome outcome : allAtOnce(calls)) {
            if (outcome instanceof Outcome.Taken(ShortLivedRow row)) {
                taken.merge(row, 1, Integer::sum);
            }
        }
        assertThat(taken).isNotEmpty();
        assertThat(taken.values()).containsOnly(1);
        for (int card = 0; card < CARDS; card += 5) {
            // Whatever came first: where the data are purged, nothing is kept.
            assertThat(stores.getFirst()
                            .byToken(place("t" + card))
                            .orElseThrow()
                            .data())
                    .isEmpty();
            assertThat(stores.getFirst().shortLived(place("t" + card))).isEmpty();
        }
    }

    @Test
    void aClosedSiteTakesNoMore() throws Exception {
        insertCards();
        stores.get(1).closeSite(SITE);
        assertThat(stores.getFirst()
                        .write(List.of(
                                new Change.Keep(shortLived("t1", 1200, 9)),
                                new Change.With(new Change.Insert(row("u1", 900, 1)), shortLived("u1", 1200, 9)),
                                new Change.Take(place("t2"), EARLY))))
                .containsExactly(
                        new Outcome.SiteClosed(),
                        new Outcome.SiteClosed(),
                        new Outcome.Taken(shortLived("t2", 1200, 2)));
        stores.get(2).destroyTokens(SITE);
        assertThat(stores.getFirst().shortLivedRows(Optional.empty(), 10).items())
                .isEmpty();
    }

    @Test
    void whatIsNoShortLivedRowIsToldAndPassedOver() throws Exception {
        insertCards();
        TestPostgres.execute(
                location,
                "INSERT INTO cardsecure.short_lived (site, domain, token, deadline, data)"
                        + " VALUES (7, 67, 't0', 1200, ''), (7, 67, 'a b', 1200, ''), (0, 67, 't1', 1200, ''),"
                        + " (7, 67, 't999', -5, '') ON CONFLICT DO NOTHING");
        Page<ShortLivedRow> page = stores.getFirst().shortLivedRows(Optional.empty(), 1000);
        assertThat(page.items()).hasSize(CARDS);
        assertThat(page.damagedCount()).isBetween(1L, 3L);
        assertThatThrownBy(() -> stores.getFirst().shortLived(place("t999"))).isInstanceOf(StoreException.class);
        stores.getFirst().destroyShortLived(EARLY);
        assertThat(stores.getFirst().shortLived(place("t999"))).isEmpty();
        assertThat(stores.getFirst().write(List.of(new Change.Keep(shortLived("t1", 1260, 9)))))
                .containsExactly(new Outcome.Kept());
    }
}
