package cardsecure.postgres;

import static cardsecure.store.StoreSamples.fingerprint;
import static cardsecure.store.StoreSamples.sealed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.card.Domain;
import cardsecure.config.StoreLocation;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyRing;
import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.GroupCommit;
import cardsecure.store.Outcome;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import cardsecure.token.Token;
import cardsecure.vault.SiteDirectory;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Sites that one process removes while others make tokens in them.
@Timeout(120)
class SharedSitesTest {
    private final Barrier barrier = new Barrier(KeyRing.create(new Random(1), Instant.EPOCH), SecureRandom::new);
    private final List<AutoCloseable> open = new ArrayList<>();
    private StoreLocation.Postgres location = TestPostgres.NOWHERE;

    /// One process.
    private record Node(TokenStore store, GroupCommit commits, SiteDirectory sites) {
        Outcome insert(SiteId site, int number) throws StoreException {
            TokenPlace place = new TokenPlace(site, Domain.CARD, new Token("token-" + number));
            return commits.commit(new Change.Insert(
                    new TokenRow(place, Optional.of(fingerprint(number)), Optional.of(sealed(number)))));
        }
    }

    @BeforeEach
    void makeADatabase() {
        location = TestPostgres.newDatabase();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private Node node() throws StoreException {
        PostgresTokenStore store = TestPostgres.open(location);
        open.add(store);
        GroupCommit commits = new GroupCommit(store, 100, 10);
        open.add(commits);
        return new Node(store, commits, new SiteDirectory(store, commits, new SealedSettings(store, barrier)));
    }

    @Test
    void aSiteThatOneNodeRemovesHasNoRowLeftHoweverTheOthersWrite() throws Exception {
        Node one = node();
        List<Node> others = List.of(node(), node());
        for (int round = 0; round < 20; round++) {
            SiteId site = one.sites.add("shop", UnaryOperator.identity()).id();
            CountDownLatch started = new CountDownLatch(8);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Integer>> users = new ArrayList<>();
                for (int user = 0; user < 8; user++) {
                    Node node = others.get(user % 2);
                    int first = 100_000 * user;
                    users.add(threads.submit(() -> insertUntilRefused(node, site, first, started)));
                }
                started.await();
                one.sites.remove("shop", true);
                assertThat(one.store.holdsTokens(site)).isFalse();
                for (Future<Integer> user : users) {
                    assertThat(user.get()).isPositive();
                }
            }
            assertThat(others.getFirst().store.holdsTokens(site)).isFalse();
        }
    }

    private static int insertUntilRefused(Node node, SiteId site, int first, CountDownLatch started)
            throws StoreException {
        for (int i = 0; ; i++) {
            try {
                assertThat(node.insert(site, first + i)).isEqualTo(new Outcome.Inserted());
                if (i == 0) {
                    started.countDown();
                }
            } catch (Refusal removed) {
                assertThat(removed.code()).isEqualTo(ErrorCode.UNKNOWN_SITE);
                return i;
            }
        }
    }

    /// As by a node that died between the two.
    @Test
    void aRemovalThatIsRefusedOpensASiteAgainThatWasLeftClosed() throws Exception {
        Node one = node();
        Node other = node();
        SiteId site = one.sites.add("shop", UnaryOperator.identity()).id();
        one.insert(site, 1);
        other.store.closeSite(site);
        assertThatThrownBy(() -> one.insert(site, 2)).isInstanceOf(Refusal.class);

        assertThatThrownBy(() -> one.sites.remove("shop", false)).isInstanceOf(Refusal.class);
        assertThat(one.insert(site, 2)).isEqualTo(new Outcome.Inserted());
        assertThat(other.insert(site, 3)).isEqualTo(new Outcome.Inserted());
    }

    @Test
    void twoNodesDoNotDecideAtOnceWhetherASiteGoes() throws Exception {
        Node one = node();
        Node other = node();
        SiteId site = one.sites.add("shop", UnaryOperator.identity()).id();
        assertThat(other.store.peers().lease("site-removal", Duration.ofMinutes(1)))
                .isTrue();
        assertThatThrownBy(() -> one.sites.remove("shop", true))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("another node is about to remove a site");
        assertThat(one.insert(site, 1)).isEqualTo(new Outcome.Inserted());
        other.store.peers().release("site-removal");
        one.sites.remove("shop", true);
        assertThat(one.sites.named("shop")).isEmpty();
    }
}
