package cardsecure.server;

import static cardsecure.TestCards.secret;
import static cardsecure.store.StoreSamples.mark;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.config.StoreLocation;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.SealedSettings;
import cardsecure.crypto.ShortLivedKeys;
import cardsecure.keys.KeyRing;
import cardsecure.postgres.TestPostgres;
import cardsecure.store.Change;
import cardsecure.store.GroupCommit;
import cardsecure.store.TokenStore;
import cardsecure.vault.KeptData;
import cardsecure.vault.ShortLivedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What has a deadline, in a database, by clocks that are the real one and so much ahead of it, or behind.
@Timeout(120)
class SweeperOnPostgresTest {
    private final KeyRing ring = KeyRing.create(new Random(1), Instant.EPOCH);
    private StoreLocation.Postgres location = TestPostgres.NOWHERE;

    @BeforeEach
    void makeADatabase() {
        location = TestPostgres.newDatabase();
    }

    private ShortLivedKeys keys(TokenStore store) {
        return new ShortLivedKeys(new SealedSettings(store, new Barrier(ring, SecureRandom::new)), SecureRandom::new);
    }

    private Sweeper sweeper(TokenStore store, Duration ahead) {
        return new Sweeper(store, keys(store), () -> List.of(Duration.ofMinutes(5)), () -> now(ahead));
    }

    private static Instant now(Duration ahead) {
        return Instant.now().plus(ahead);
    }

    private void keep(TokenStore store, GroupCommit commits, Duration ahead) throws Exception {
        ShortLivedData data = new ShortLivedData(store, commits, keys(store), () -> now(ahead));
        store.write(List.of(new Change.Insert(row("t1", 1, 1))));
        KeptData.keep(commits, place("t1"), data.content(secret("track"), Duration.ofMinutes(5)));
    }

    @Test
    void aServerWhoseClockIsWrongDestroysNothingThatOthersKeep() throws Exception {
        try (TokenStore store = TestPostgres.open(location);
                TokenStore other = TestPostgres.open(location);
                GroupCommit commits = new GroupCommit(store, 1000, 100)) {
            keep(store, commits, Duration.ZERO);
            store.write(List.of(new Change.Remember(mark(Instant.now().getEpochSecond(), 1))));
            for (Duration ahead : List.of(Duration.ofDays(1), Duration.ofSeconds(20), Duration.ofDays(-1))) {
                try (Sweeper sweeper = sweeper(store, ahead)) {
                    sweeper.sweep();
                }
                assertThat(Clocks.read(store.peers(), () -> now(ahead))
                                .warning()
                                .orElse(""))
                        .contains("this machine's clock is ", ahead.isNegative() ? " s behind" : " s ahead of");
                assertThat(store.shortLived(place("t1"))).isPresent();
                assertThat(store.settingNames(ShortLivedKeys.PREFIX)).hasSize(1);
                assertThat(store.newestForgottenMark()).isEmpty();
                // It left the work to others.
                assertThat(other.peers().lease("sweeper", Duration.ZERO)).isTrue();
            }
            assertThat(Clocks.read(store.peers(), Instant::now).warning()).isEmpty();
        }
    }

    private List<String> tablesHolding(byte[] sought) throws Exception {
        String bytes = new String(sought, StandardCharsets.ISO_8859_1);
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(TestPostgres.files(location))) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                if (read(file).contains(bytes)) {
                    found.add(file.getFileName().toString());
                }
            }
        }
        return found;
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    /// The database's log (`pg_wal`) is no table, and has what was written until it is recycled:
    /// docs/postgresql.md says so.
    @Test
    void afterTheDeadlineNoTableHasTheKeyOnceNoOlderTransactionCouldSeeIt() throws Exception {
        try (TokenStore store = TestPostgres.open(location);
                GroupCommit commits = new GroupCommit(store, 1000, 100);
                Sweeper sweeper = sweeper(store, Duration.ZERO)) {
            keep(store, commits, Duration.ofHours(-1));
            String name = store.settingNames(ShortLivedKeys.PREFIX).getFirst();
            byte[] key = store.setting(name).orElseThrow().bytes();
            assertThat(tablesHolding(key)).isNotEmpty();

            try (Connection older = TestPostgres.connect(location);
                    Statement statement = older.createStatement()) {
                older.setAutoCommit(false);
                older.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                statement.execute("SELECT count(*) FROM pg_class");
                sweeper.sweep();
                assertThat(store.shortLived(place("t1"))).isEmpty();
                // What is asked for again, as the older transaction could still see it.
                assertThat(store.settingNames("")).containsExactly("remains");
                assertThat(tablesHolding(key)).isNotEmpty();
                older.rollback();
            }
            sweeper.sweep();
            assertThat(store.settingNames("")).isEmpty();
            assertThat(tablesHolding(key)).isEmpty();
        }
    }

    /// As one does up to PostgreSQL 16, or that was not let by `store migrate --server-role`.
    @Test
    void aRoleThatMayNotRewriteTheTableKeepsInMindThatKeysRemain() throws Exception {
        String role = location.database() + "_server";
        TestPostgres.execute("CREATE ROLE " + role + " LOGIN");
        TestPostgres.execute(
                location,
                "GRANT USAGE ON SCHEMA cardsecure TO " + role + ";GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES"
                        + " IN SCHEMA cardsecure TO " + role);
        StoreLocation.Postgres asServer =
                (StoreLocation.Postgres) StoreLocation.parse(location.shown().replace("//", "//" + role + "@"));
        byte[] key;
        try (TokenStore store = TestPostgres.open(asServer);
                GroupCommit commits = new GroupCommit(store, 1000, 100);
                Sweeper sweeper = sweeper(store, Duration.ZERO)) {
            keep(store, commits, Duration.ofHours(-1));
            key = store.setting(store.settingNames(ShortLivedKeys.PREFIX).getFirst())
                    .orElseThrow()
                    .bytes();
            sweeper.sweep();
            assertThat(store.settingNames("")).containsExactly("remains");
            assertThat(tablesHolding(key)).isNotEmpty();
        }
        // An owner's, as after an upgrade that lets it.
        try (TokenStore store = TestPostgres.open(location);
                Sweeper sweeper = sweeper(store, Duration.ZERO)) {
            sweeper.sweep();
            assertThat(store.settingNames("")).isEmpty();
            assertThat(tablesHolding(key)).isEmpty();
        }
    }
}
