package cardsecure.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.TestCards;
import cardsecure.card.Domain;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.SealedSettings;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyRing;
import cardsecure.site.Site;
import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.GroupCommit;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import cardsecure.token.Token;
import cardsecure.user.Login;
import cardsecure.user.User;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Sites are removed while they make tokens, and while the store fails.
@Timeout(60)
class SiteRemovalTest {
    private static final String UNKNOWN_SITE = "0055::";

    @Test
    void aRemovalUnderTrafficLosesNoAcknowledgedTokenAndLeavesNoRow() throws Exception {
        for (int round = 0; round < 60; round++) {
            boolean destroy = round % 2 == 0;
            try (TestVault vault = new TestVault();
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                SiteId id = vault.sites.named(TestVault.SITE).orElseThrow().id();
                CountDownLatch start = new CountDownLatch(1);
                List<Future<String>> answers = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    String card = TestCards.cardOf("4444" + (10 + i), 16);
                    answers.add(threads.submit(() -> {
                        start.await();
                        return vault.answer("CE", card);
                    }));
                }
                start.countDown();
                boolean removed = removes(vault.sites, destroy);
                boolean acknowledged = false;
                for (Future<String> answer : answers) {
                    acknowledged |= !answer.get().startsWith(UNKNOWN_SITE);
                }
                if (removed) {
                    assertThat(vault.store.holdsTokens(id)).isFalse();
                    assertThat(destroy || !acknowledged).isTrue();
                } else {
                    assertThat(destroy).isFalse();
                    assertThat(vault.answer("CE", TestCards.VISA)).startsWith("944");
                }
                assertThat(vault.store.settingNames("site-removal/")).isEmpty();
            }
        }
    }

    private static boolean removes(SiteDirectory sites, boolean destroy) throws StoreException {
        try {
            sites.remove(TestVault.SITE, destroy);
            return true;
        } catch (Refusal holdsTokens) {
            return false;
        }
    }

    /// Cuts a removal short at each of its writes, before or after the write was made.
    @Test
    void aRemovalThatWasCutShortIsFinishedAtTheNextStart() throws Exception {
        Barrier barrier = new Barrier(KeyRing.create(new Random(1), Instant.EPOCH), SecureRandom::new);
        int finished = 0;
        for (int failing = 1; failing <= 5; failing++) {
            for (boolean made : new boolean[] {false, true}) {
                MemoryTokenStore memory = new MemoryTokenStore();
                FailingStore failure = new FailingStore(memory);
                try (GroupCommit commits = new GroupCommit(memory, 10, 10)) {
                    SiteDirectory sites =
                            new SiteDirectory(failure.store(), commits, new SealedSettings(failure.store(), barrier));
                    SiteId id = sites.add("fts", UnaryOperator.identity()).id();
                    commits.commit(insert(id, "9441149619831111"));
                    sites.users().add(new User(id, "clerk", new Login.Subject("CN=clerk"), Set.of()));
                    failure.failAt(failing, made);
                    assertThatThrownBy(() -> sites.remove("fts", true)).isInstanceOf(StoreException.class);
                    assertThatThrownBy(() -> commits.commit(insert(id, "9441149619831112")))
                            .isInstanceOf(Refusal.class);

                    SiteDirectory next = new SiteDirectory(memory, commits, new SealedSettings(memory, barrier));
                    boolean gone = next.named("fts").isEmpty();
                    assertThat(memory.holdsTokens(id)).isEqualTo(!gone);
                    assertThat(memory.settingNames("site-removal/")).isEmpty();
                    assertThat(next.users().all(id)).hasSize(gone ? 0 : 1);
                    assertThat(memory.settingNames("users/")).hasSize(gone ? 0 : 1);
                    finished += gone ? 1 : 0;
                }
            }
        }
        // All but the one whose decision was not written.
        assertThat(finished).isEqualTo(9);
    }

    /// To destroy many tokens can take hours; keys are not to outlive their site so long.
    @Test
    void whatIsLeftOfKeysIsDestroyedBeforeTheTokensAreOrByWhoeverSweepsMeanwhile() throws Exception {
        Barrier barrier = new Barrier(KeyRing.create(new Random(1), Instant.EPOCH), SecureRandom::new);
        for (boolean destroys : new boolean[] {true, false}) {
            List<String> steps = new ArrayList<>();
            MemoryTokenStore memory = new MemoryTokenStore();
            SealedSettings sweeping = new SealedSettings(told(memory, steps, true, () -> true), barrier);
            TokenStore store = told(memory, steps, destroys, sweeping::destroyRemains);
            try (GroupCommit commits = new GroupCommit(memory, 10, 10)) {
                SiteDirectory sites = new SiteDirectory(store, commits, new SealedSettings(store, barrier));
                SiteId id = sites.add("fts", UnaryOperator.identity()).id();
                sites.users().add(new User(id, "clerk", new Login.Subject("CN=clerk"), Set.of()));
                sites.remove("fts", true);
            }
            assertThat(steps)
                    .isEqualTo(
                            destroys
                                    ? List.of("0 users left: true", "tokens")
                                    : List.of("0 users left: false", "0 users left: true", "tokens"));
            assertThat(memory.settingNames("remains")).isEmpty();
        }
    }

    /// Else a node would go on with credentials that another one has withdrawn, for hours.
    @Test
    void sitesAreFollowedAndChangedWhileTheTokensOfARemovedOneAreDestroyed() throws Exception {
        Barrier barrier = new Barrier(KeyRing.create(new Random(1), Instant.EPOCH), SecureRandom::new);
        MemoryTokenStore memory = new MemoryTokenStore();
        AtomicReference<SiteDirectory> here = new AtomicReference<>();
        List<String> names = new ArrayList<>();
        try (GroupCommit commits = new GroupCommit(memory, 10, 10);
                ExecutorService threads = Executors.newSingleThreadExecutor()) {
            SiteDirectory elsewhere = new SiteDirectory(memory, commits, new SealedSettings(memory, barrier));
            TokenStore store = told(memory, new ArrayList<>(), true, () -> {
                names.addAll(names(here.get()));
                elsewhere.add("second", UnaryOperator.identity());
                // Of another thread, as the one that removes would not wait for itself.
                Future<Boolean> following = threads.submit(() -> {
                    here.get().follow();
                    here.get().add("third", UnaryOperator.identity());
                    return names.addAll(names(here.get()));
                });
                assertThat(following).succeedsWithin(Duration.ofSeconds(20));
                return true;
            });
            here.set(new SiteDirectory(store, commits, new SealedSettings(store, barrier)));
            here.get().add("fts", UnaryOperator.identity());
            here.get().remove("fts", true);
        }
        assertThat(names).containsExactly("second", "third");
    }

    private static List<String> names(SiteDirectory sites) {
        return sites.all().stream().map(Site::name).toList();
    }

    /// Nobody can name it any more.
    @Test
    void aRemovalWhoseTokensCouldNotBeDestroyedIsFinishedWhenItIsCalledAgain() throws Exception {
        Barrier barrier = new Barrier(KeyRing.create(new Random(1), Instant.EPOCH), SecureRandom::new);
        MemoryTokenStore memory = new MemoryTokenStore();
        AtomicBoolean fails = new AtomicBoolean(true);
        TokenStore store = told(memory, new ArrayList<>(), true, () -> {
            if (fails.get()) {
                throw new StoreException("the disk is full");
            }
            return true;
        });
        try (GroupCommit commits = new GroupCommit(memory, 10, 10)) {
            SiteDirectory sites = new SiteDirectory(store, commits, new SealedSettings(store, barrier));
            SiteId id = sites.add("fts", UnaryOperator.identity()).id();
            commits.commit(insert(id, "9441149619831111"));
            assertThatThrownBy(() -> sites.remove("fts", true)).isInstanceOf(StoreException.class);
            assertThat(sites.named("fts")).isEmpty();
            assertThat(memory.holdsTokens(id)).isTrue();

            fails.set(false);
            assertThatThrownBy(() -> sites.remove("fts", true))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("no site of that name");
            assertThat(memory.holdsTokens(id)).isFalse();
            assertThat(memory.settingNames("site-removal/")).isEmpty();
        }
    }

    private interface Sweep {
        boolean sweep() throws StoreException;
    }

    /// A store that tells when it destroys what, and lets somebody sweep before it destroys tokens.
    private static TokenStore told(MemoryTokenStore memory, List<String> steps, boolean destroys, Sweep meanwhile) {
        return new ForwardingTokenStore(memory) {
            @Override
            public boolean forgetFormerSettings() throws StoreException {
                steps.add(settingNames("users/").size() + " users left: " + destroys);
                return destroys;
            }

            @Override
            public void destroyTokens(SiteId site) throws StoreException {
                assertThat(meanwhile.sweep()).isTrue();
                steps.add("tokens");
                super.destroyTokens(site);
            }
        };
    }

    private static Change insert(SiteId id, String token) {
        TokenPlace place = new TokenPlace(id, Domain.CARD, new Token(token));
        return new Change.Insert(new TokenRow(place, Optional.empty(), Optional.empty()));
    }

    /// A store that fails once, at one of the writes that are not rows.
    private static final class FailingStore {
        private final MemoryTokenStore memory;
        private int writesLeft = Integer.MAX_VALUE;
        private boolean making;

        FailingStore(MemoryTokenStore memory) {
            this.memory = memory;
        }

        void failAt(int write, boolean made) {
            writesLeft = write;
            making = made;
        }

        TokenStore store() {
            return (TokenStore) Proxy.newProxyInstance(
                    TokenStore.class.getClassLoader(), new Class<?>[] {TokenStore.class}, this::call);
        }

        private Object call(Object proxy, Method method, Object[] arguments) throws Throwable {
            boolean writes = Set.of("setSetting", "destroyTokens").contains(method.getName());
            boolean fails = writes && --writesLeft == 0;
            if (fails && !making) {
                throw new StoreException("the disk is full");
            }
            Object result = method.invoke(memory, arguments);
            if (fails) {
                throw new StoreException("the power failed");
            }
            return result;
        }
    }
}
