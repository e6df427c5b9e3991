package cardsecure.postgres;

import static cardsecure.store.StoreSamples.SITE;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.config.StoreLocation;
import cardsecure.store.Change;
import cardsecure.store.Outcome;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the processes that share a database know of each other.
@Timeout(120)
class PostgresPeersTest {
    private static final Outcome SUPERSEDED = new Outcome.Superseded();

    private StoreLocation.Postgres location = TestPostgres.NOWHERE;
    private final List<PostgresTokenStore> stores = new ArrayList<>();

    @BeforeEach
    void makeADatabase() {
        location = TestPostgres.newDatabase();
    }

    @AfterEach
    void closeAll() {
        stores.forEach(PostgresTokenStore::close);
    }

    private PostgresTokenStore open() throws StoreException {
        PostgresTokenStore store = TestPostgres.open(location);
        stores.add(store);
        return store;
    }

    private static Outcome write(TokenStore store, Change change, long generation) throws StoreException {
        return store.write(List.of(change), OptionalLong.of(generation)).getFirst();
    }

    @Test
    void aLeaseIsOneNodesUntilItEndsOrIsGivenBack() throws Exception {
        TokenStore one = open();
        TokenStore other = open();
        assertThat(one.peers().lease("sweep", Duration.ofMinutes(1))).isTrue();
        assertThat(one.peers().lease("sweep", Duration.ofMinutes(1))).isTrue();
        assertThat(other.peers().lease("sweep", Duration.ofMinutes(1))).isFalse();
        assertThat(other.peers().lease("other", Duration.ofMinutes(1))).isTrue();
        other.peers().release("sweep");
        assertThat(other.peers().lease("sweep", Duration.ofMinutes(1))).isFalse();
        one.peers().release("sweep");
        assertThat(other.peers().lease("sweep", Duration.ZERO)).isTrue();
        assertThat(one.peers().lease("sweep", Duration.ofMinutes(1))).isTrue();
        one.close();
        assertThat(other.peers().lease("sweep", Duration.ofMinutes(1))).isTrue();
    }

    @Test
    void whoHasNotReportedARingLagsAndWhoEndsDoesNot() throws Exception {
        TokenStore one = open();
        TokenStore other = open();
        assertThat(one.peers().live()).isEmpty();
        one.peers().report(2, "");
        other.peers().report(0, "");
        assertThat(one.peers().live()).hasSize(2);
        assertThat(one.peers().lagging(2)).hasSize(1);
        assertThat(one.peers().lagging(3)).hasSize(2);
        other.peers().report(2, "");
        assertThat(other.peers().lagging(2)).isEmpty();
        assertThat(one.peers().withOtherKek("new")).isEmpty();
        other.peers().report(2, "old");
        assertThat(one.peers().withOtherKek("old")).isEmpty();
        assertThat(one.peers().withOtherKek("new")).hasSize(1);
        other.peers().report(1, "");
        other.close();
        assertThat(one.peers().lagging(2)).isEmpty();

        // By the database's clock.
        one.peers().report(1, "");
        TokenStore third = open();
        boolean forgotten = false;
        // Again, should it report itself in between.
        for (int i = 0; i < 20 && !forgotten; i++) {
            TestPostgres.execute(location, "UPDATE cardsecure.node SET seen = now() - interval '11 seconds'");
            forgotten = third.peers().lagging(2).isEmpty();
        }
        assertThat(forgotten).isTrue();
    }

    @Test
    void aNodeThatWasForgottenTakesPartAgain() throws Exception {
        TokenStore one = open();
        one.peers().report(1, "");
        TokenStore other = open();
        TestPostgres.execute(location, "DELETE FROM cardsecure.node WHERE id <> 0");
        other.requireGeneration(2);
        other.closeSite(SITE);
        assertThat(write(one, new Change.Insert(row("t1", 1, 1)), 1)).isEqualTo(SUPERSEDED);
        assertThat(write(other, new Change.Insert(row("t1", 1, 1)), 2)).isEqualTo(new Outcome.SiteClosed());
        one.peers().report(2, "");
        assertThat(other.peers().live()).hasSize(1);
    }

    @Test
    void aChangedSettingIsToldToAllNodes() throws Exception {
        TokenStore one = open();
        TokenStore other = open();
        Semaphore told = new Semaphore(0);
        one.peers().onChange(told::release);
        told.acquire();
        for (int i = 0; i < 20; i++) {
            assertThat(other.setSetting("s" + i, Optional.empty(), Optional.of(sealed(i))))
                    .isTrue();
            told.acquire();
        }
        assertThat(other.setSetting("s1", Optional.empty(), Optional.of(sealed(7))))
                .isFalse();
        assertThat(told.tryAcquire()).isFalse();
    }

    /// Nobody keeps it in memory, and all who set settings would queue for the row that counts changes.
    @Test
    void ofASettingThatNobodyKeepsNobodyIsTold() throws Exception {
        TokenStore one = open();
        TokenStore other = open();
        assertThat(other.setSettingUntold("s", Optional.empty(), Optional.of(sealed(1))))
                .isTrue();
        assertThat(one.setting("s")).contains(sealed(1));
        assertThat(one.settings("s")).containsExactly(Map.entry("s", sealed(1)));
        assertThat(one.settings("t")).isEmpty();
        assertThat(other.setSettingUntold("s", Optional.of(sealed(1)), Optional.of(sealed(2))))
                .isTrue();
        try (Connection connection = TestPostgres.connect(location);
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("SELECT number FROM cardsecure.revision")) {
            assertThat(results.next()).isTrue();
            assertThat(results.getLong(1)).isZero();
        }
    }

    /// Where notifications do not arrive, the number of changes tells.
    @Test
    void aChangeThatNobodyNotifiesOfIsSeenWithinASecond() throws Exception {
        TokenStore one = open();
        Semaphore told = new Semaphore(0);
        one.peers().onChange(() -> {
            told.release();
            throw new IllegalStateException("a listener's own fault");
        });
        told.acquire();
        for (int i = 0; i < 2; i++) {
            TestPostgres.execute(location, "UPDATE cardsecure.revision SET number = number + 1");
            assertThat(told.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
