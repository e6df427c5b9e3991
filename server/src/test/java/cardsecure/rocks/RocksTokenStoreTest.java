package cardsecure.rocks;

import static cardsecure.store.StoreSamples.SITE;
import static cardsecure.store.StoreSamples.fingerprint;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.sealed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.store.Change;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import cardsecure.store.TokenStoreContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RocksTokenStoreTest implements TokenStoreContract {
    private static final RocksSettings SMALL = new RocksSettings(1 << 20, 1 << 20, 0);

    @TempDir
    Path temporary;

    @Override
    public TokenStore newStore() throws StoreException {
        return open();
    }

    @Override
    public TokenStore reopen(TokenStore store) throws StoreException {
        store.close();
        return open();
    }

    private RocksTokenStore open() throws StoreException {
        return RocksTokenStore.open(directory(), SMALL);
    }

    private Path directory() {
        return temporary.resolve("store");
    }

    @Test
    void everyCallAfterTheCloseIsRefused() throws Exception {
        RocksTokenStore store = open();
        store.write(List.of(new Change.Insert(row("t1", 1, 1))));
        store.close();
        store.close();
        assertThatThrownBy(() -> store.byToken(place("t1"))).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.byFingerprint(SITE, fingerprint(1))).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.write(List.of(new Change.Purge(place("t1")))))
                .isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.setting("s")).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.setSetting("s", Optional.empty(), Optional.of(sealed(1))))
                .isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.settingNames("")).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.holdsTokens(SITE)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.destroyTokens(SITE))
                .isInstanceOf(StoreException.class)
                .hasMessage("the store is closed");
        assertThat(store.approximateRows()).isEmpty();
        assertThat(store.health()).isEqualTo("closed");
    }

    @Test
    void aCloseUnderReadsAndWritesEndsThemAll() throws Exception {
        RocksTokenStore store = open();
        store.write(List.of(new Change.Insert(row("t0", 0, 0))));
        // Platform threads: virtual ones that never wait would let no other run.
        try (ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            List<Future<Integer>> users = IntStream.range(0, 8)
                    .mapToObj(user -> threads.submit(() -> useUntilClosed(store, user)))
                    .toList();
            while (store.byToken(place("w3-9")).isEmpty()) {
                LockSupport.parkNanos(1_000_000);
            }
            store.close();
            for (Future<Integer> user : users) {
                assertThat(user.get()).isPositive();
            }
        }
        try (RocksTokenStore again = open()) {
            assertThat(again.byToken(place("w3-9"))).isPresent();
        }
    }

    private static int useUntilClosed(RocksTokenStore store, int user) {
        int calls = 0;
        try {
            while (true) {
                if (user % 8 == 3) {
                    long number = user * 1_000_000L + calls;
                    store.write(List.of(new Change.Insert(row("w" + user + "-" + calls, number, number))));
                } else {
                    var _ = store.byFingerprint(SITE, fingerprint(0)).orElseThrow();
                    store.settingNames("");
                }
                calls++;
            }
        } catch (StoreException closed) {
            assertThat(closed).hasMessage("the store is closed");
            return calls + 1;
        }
    }

    @Test
    void aStoreThatIsOpenCannotBeOpenedOnceMore() throws Exception {
        try (RocksTokenStore first = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("open already")
                    .hasMessageContaining(directory().toString());
            assertThat(first.health()).isEqualTo("ok");
        }
    }

    @Test
    void aPeekReadsASettingAndTouchesNoFile() throws Exception {
        try (RocksTokenStore store = open()) {
            store.setSetting("keystore", Optional.empty(), Optional.of(sealed(1)));
            store.write(List.of(new Change.Insert(row("t1", 1, 1))));
        }
        Map<Path, String> before = contents();
        assertThat(RocksTokenStore.peekSetting(directory(), "keystore")).contains(sealed(1));
        assertThat(RocksTokenStore.peekSetting(directory(), "other")).isEmpty();
        assertThat(contents()).isEqualTo(before);
        try (RocksTokenStore store = open()) {
            assertThat(RocksTokenStore.peekSetting(directory(), "keystore")).contains(sealed(1));
            assertThat(store.byToken(place("t1"))).isPresent();
        }
    }

    @Test
    void aPeekWhereNoStoreStandsSaysSoAndMakesNone() throws Exception {
        assertThat(RocksTokenStore.exists(directory())).isFalse();
        assertThatThrownBy(() -> RocksTokenStore.peekSetting(directory(), "keystore"))
                .isInstanceOf(StoreException.class);
        assertThat(directory()).doesNotExist();
        open().close();
        assertThat(RocksTokenStore.exists(directory())).isTrue();
    }

    @Test
    void aStoreThatHasLostItsCurrentFileIsRefusedAndStaysAsItIs() throws Exception {
        try (RocksTokenStore store = open()) {
            store.write(List.of(new Change.Insert(row("t1", 1, 1))));
        }
        Path current = directory().resolve("CURRENT");
        byte[] kept = Files.readAllBytes(current);
        Files.delete(current);
        Map<Path, String> before = contents();
        String line =
                "the store in " + directory() + " has lost its file CURRENT: restore the directory whole from a backup";
        for (int start = 0; start < 2; start++) {
            assertThat(RocksTokenStore.exists(directory())).isTrue();
            assertThatThrownBy(() -> RocksTokenStore.peekSetting(directory(), "keystore"))
                    .isInstanceOf(StoreException.class)
                    .hasMessage(line);
            assertThatThrownBy(this::open).isInstanceOf(StoreException.class).hasMessage(line);
        }
        assertThat(contents()).isEqualTo(before);
        Files.write(current, kept);
        try (RocksTokenStore store = open()) {
            assertThat(store.byToken(place("t1"))).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"IDENTITY", "MANIFEST-000001", "OPTIONS-000007", "000009.sst", "000004.log"})
    void eachFileOfAStoreStopsANewOne(String file) throws Exception {
        Files.createDirectory(directory());
        Files.writeString(directory().resolve(file), "x");
        assertThat(RocksTokenStore.exists(directory())).isTrue();
        assertThatThrownBy(this::open).isInstanceOf(StoreException.class).hasMessageContaining("CURRENT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ballast", "probe", "LOCK", "LOG", "000004.log"})
    void whatIsNoStoreDoesNotStopANewOne(String file) throws Exception {
        Files.createDirectory(directory());
        Files.createFile(directory().resolve(file));
        assertThat(RocksTokenStore.exists(directory())).isFalse();
        open().close();
        assertThat(RocksTokenStore.exists(directory())).isTrue();
    }

    @Test
    void aFirstStartThatCrashedAnywhereIsDoneAgain() throws Exception {
        open().close();
        assertThat(directory().resolve("creating")).doesNotExist();
        for (String crashedBefore : List.of("CURRENT", "IDENTITY")) {
            Files.createFile(directory().resolve("creating"));
            Files.delete(directory().resolve(crashedBefore));
            assertThat(RocksTokenStore.exists(directory())).isFalse();
            try (RocksTokenStore store = open()) {
                store.write(List.of(new Change.Insert(row(crashedBefore, 1, 1))));
            }
            assertThat(directory().resolve("creating")).doesNotExist();
        }
    }

    @Test
    void onlyTheOwnerSeesTheDirectory() throws Exception {
        open().close();
        assertThat(Files.getPosixFilePermissions(directory())).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void destroyedTokensAreGoneFromTheFiles() throws Exception {
        byte[] sealed = sealed(1).bytes();
        try (RocksTokenStore store = open()) {
            store.write(List.of(new Change.Insert(row("t1", 1, 1))));
            assertThat(filesHolding(sealed)).isNotEmpty();
            store.destroyTokens(SITE);
        }
        open().close();
        assertThat(filesHolding(sealed)).isEmpty();
    }

    private List<Path> filesHolding(byte[] bytes) throws IOException {
        String sought = HexFormat.of().formatHex(bytes);
        try (Stream<Path> files = Files.list(directory())) {
            return files.filter(file -> hex(file).contains(sought)).toList();
        }
    }

    private Map<Path, String> contents() throws IOException {
        Map<Path, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory())) {
            for (Path file : files.toList()) {
                contents.put(file, Files.getLastModifiedTime(file) + " " + hex(file));
            }
        }
        contents.put(directory(), Files.getLastModifiedTime(directory()).toString());
        return contents;
    }

    private static String hex(Path file) {
        try {
            return HexFormat.of().formatHex(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
