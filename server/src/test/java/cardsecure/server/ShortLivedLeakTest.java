package cardsecure.server;

import static cardsecure.TestCards.secret;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.crypto.ShortLivedKeys;
import cardsecure.keys.AesKeyWrapper;
import cardsecure.keys.Keystore;
import cardsecure.rocks.RocksSettings;
import cardsecure.rocks.RocksTokenStore;
import cardsecure.rotation.LiveKeys;
import cardsecure.secret.SecretBytes;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What short-lived data leave in the files of a store. Once their key is in none of them, whatever else is there
/// is worth nothing: that AES-256-GCM without its key is, is taken for granted.
@Timeout(120)
class ShortLivedLeakTest {
    private static final Instant BEGIN = Instant.parse("2014-01-01T12:00:07Z");

    /// Composed, so that it stands nowhere as it is.
    private static final String TRACK = "B" + TestCards.VISA + "^SAMPLE/JANE^" + "2512" + "101" + "0".repeat(12);

    @TempDir
    Path temporary;

    private Instant now = BEGIN;

    private List<String> filesHolding(byte[] sought) throws IOException {
        String bytes = new String(sought, StandardCharsets.ISO_8859_1);
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(temporary)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(bytes)) {
                    found.add(file.getFileName().toString());
                }
            }
        }
        return found;
    }

    private static byte[] sealedKey(TokenStore store) throws Exception {
        List<String> names = store.settingNames(ShortLivedKeys.PREFIX);
        assertThat(names).hasSize(1);
        return store.setting(names.getFirst()).orElseThrow().bytes();
    }

    @Test
    void afterTheDeadlineNoFileHasTheKeyAndNoneEverHadTheData() throws Exception {
        LeakSearch clear = new LeakSearch(Map.of("track", TRACK, "card", TestCards.VISA));
        SecureRandom random = new SecureRandom();
        try (TokenStore store = RocksTokenStore.open(temporary, new RocksSettings(1 << 20, 1 << 20, 0));
                GroupCommit commits = new GroupCommit(store, 1000, 100)) {
            Keystore keystore = new Keystore(
                    store,
                    new AesKeyWrapper(SecretBytes.copyOf(new byte[AesKeyWrapper.LENGTH]), random),
                    random,
                    () -> now);
            try (LiveKeys live = new LiveKeys(store, commits, keystore, keystore.openOrCreate(), SecureRandom::new)) {
                ShortLivedKeys keys = new ShortLivedKeys(live.settings(), SecureRandom::new);
                ShortLivedData data = new ShortLivedData(store, commits, keys, () -> now);
                for (String token : List.of("t1", "t2")) {
                    store.write(List.of(new Change.Insert(row(token, token.hashCode(), 1))));
                    KeptData.keep(commits, place(token), data.content(secret(TRACK), Duration.ofMinutes(5)));
                }
                byte[] firstKey = sealedKey(store);
                byte[] first =
                        store.shortLived(place("t1")).orElseThrow().data().bytes();
                assertThat(filesHolding(firstKey)).isNotEmpty();
                assertThat(filesHolding(first)).isNotEmpty();
                // Sealed anew, as a replaced data key has it; and taken, by one of the two.
                live.change(ring ->
                        ring.withDataKeys(all -> all.install(random, now).activate(now)));
                live.settings().reseal(store.settingNames(ShortLivedKeys.PREFIX).getFirst());
                byte[] secondKey = sealedKey(store);
                assertThat(secondKey).isNotEqualTo(firstKey);
                assertThat(data.take(place("t1"))).contains(secret(TRACK));
                assertThat(clear.below(temporary)).isEmpty();

                try (Sweeper sweeper = new Sweeper(store, keys, () -> List.of(Duration.ofMinutes(5)), () -> now)) {
                    now = BEGIN.plus(Duration.ofMinutes(5));
                    assertThat(data.take(place("t2"))).isEmpty();
                    sweeper.sweep();
                    assertThat(store.shortLived(place("t2"))).isEmpty();
                    // Keys end with full minutes.
                    now = ShortLivedKeys.keyDeadline(now);
                    assertThat(now).isBefore(BEGIN.plus(Duration.ofMinutes(6)));
                    sweeper.sweep();
                }
                assertThat(filesHolding(firstKey)).isEmpty();
                assertThat(filesHolding(secondKey)).isEmpty();
                assertThat(clear.below(temporary)).isEmpty();
            }
        }
    }
}
