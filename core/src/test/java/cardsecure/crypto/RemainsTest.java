package cardsecure.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.keys.KeyRing;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.Peers;
import cardsecure.store.QuietPeers;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// That something may be left of former values of settings is not forgotten, whoever destroys what at the same
/// time, and whichever process ends in between. A process that ended is one whose [Remains] nobody closes.
class RemainsTest {
    private static final String LEFT = "remains";
    private static final Duration HOUR = Duration.ofHours(1);

    private final KeyRing ring = KeyRing.create(new Random(1), Instant.EPOCH);
    private final Store store = new Store();
    private final SealedSettings one = process();
    private final SealedSettings other = process();
    private long nanos;

    private SealedSettings process() {
        return new SealedSettings(store, new Barrier(ring, SecureRandom::new), () -> nanos);
    }

    /// A store that can be kept from destroying, and from writing.
    private static final class Store extends ForwardingTokenStore {
        private boolean writes = true;
        private boolean acknowledges = true;
        private boolean destroys = true;
        private boolean shared;
        private int destroyed;
        private Optional<Runnable> meanwhile = Optional.empty();

        Store() {
            super(new MemoryTokenStore());
        }

        @Override
        public boolean setSetting(String name, Optional<SealedData> expected, Optional<SealedData> value)
                throws StoreException {
            if (!writes) {
                throw new StoreException("the disk is gone");
            }
            boolean set = super.setSetting(name, expected, value);
            if (!acknowledges) {
                throw new StoreException("the connection is gone");
            }
            return set;
        }

        @Override
        public boolean forgetFormerSettings() {
            Optional<Runnable> now = meanwhile;
            meanwhile = Optional.empty();
            now.ifPresent(Runnable::run);
            destroyed += destroys ? 1 : 0;
            return destroys;
        }

        @Override
        public Peers peers() {
            return shared ? new ClockedPeers() : Peers.none();
        }
    }

    /// Of a store that several processes share.
    private static final class ClockedPeers extends QuietPeers {
        @Override
        public Optional<Instant> clock() {
            return Optional.of(Instant.EPOCH);
        }
    }

    private List<String> marks() throws StoreException {
        return store.settingNames(LEFT);
    }

    private String onlyMark() throws StoreException {
        assertThat(marks()).hasSize(1);
        return marks().getFirst();
    }

    @Test
    void aMarkStandsFromBeforeTheChangeUntilNothingIsLeft() throws StoreException {
        try (Remains remains = one.expectRemains()) {
            assertThat(onlyMark()).startsWith(LEFT + "/");
            assertThat(SealedSettings.isMark(onlyMark())).isTrue();
            assertThat(one.haveRemains()).isFalse();
            assertThat(remains.destroy()).isTrue();
            assertThat(marks()).isEmpty();
        }
        assertThat(marks()).isEmpty();
        assertThat(store.destroyed).isEqualTo(1);
        assertThat(one.destroyRemains()).isTrue();
        assertThat(store.destroyed).isEqualTo(1);
    }

    /// Else a crash between that change and its own destruction would leave keys of which nobody knows.
    @Test
    void whoDestroysBeforeAnothersChangeTakesItsMarkNotAway() throws StoreException {
        one.expectRemains();
        String mark = onlyMark();
        try (Remains remains = other.expectRemains()) {
            assertThat(remains.destroy()).isTrue();
        }
        assertThat(other.destroyRemains()).isTrue();
        assertThat(marks()).containsExactly(mark);
    }

    @Test
    void whatAProcessLeftThatEndedIsDestroyedAfterAnHour() throws StoreException {
        one.expectRemains();
        nanos = Long.MAX_VALUE - 7;
        assertThat(other.destroyRemains()).isTrue();
        nanos += HOUR.toNanos() - 1;
        assertThat(other.destroyRemains()).isTrue();
        assertThat(store.destroyed).isZero();
        // Its own it does not take for another's.
        assertThat(one.destroyRemains()).isTrue();
        nanos++;
        store.destroys = false;
        assertThat(other.destroyRemains()).isFalse();
        assertThat(marks()).hasSize(1);
        store.destroys = true;
        assertThat(other.destroyRemains()).isTrue();
        assertThat(marks()).isEmpty();
        assertThat(store.destroyed).isEqualTo(1);
    }

    @Test
    void aStartDestroysWhatProcessesLeftThatEnded() throws StoreException {
        one.expectRemains();
        try (Remains own = other.expectRemains()) {
            assertThat(marks()).hasSize(2);
            assertThat(other.destroyRemainsAtStart()).isTrue();
            assertThat(marks()).hasSize(1);
            assertThat(own.destroy()).isTrue();
        }
        assertThat(marks()).isEmpty();
        assertThat(other.destroyRemainsAtStart()).isTrue();
        assertThat(store.destroyed).isEqualTo(2);
    }

    @Test
    void aStartBesideOtherProcessesTakesNoMarkAwayOfAChangeThatMayCome() throws StoreException {
        store.shared = true;
        one.expectRemains();
        String mark = onlyMark();
        assertThat(other.destroyRemainsAtStart()).isTrue();
        assertThat(store.destroyed).isEqualTo(1);
        assertThat(marks()).containsExactly(mark);
        nanos += HOUR.toNanos();
        assertThat(other.destroyRemainsAtStart()).isTrue();
        assertThat(marks()).isEmpty();
    }

    @Test
    void whatCannotBeDestroyedIsLeftUnderOneMark() throws StoreException {
        store.destroys = false;
        for (int i = 0; i < 3; i++) {
            try (Remains remains = one.expectRemains()) {
                assertThat(remains.destroy()).isFalse();
            }
            assertThat(marks()).containsExactly(LEFT);
        }
        assertThat(other.destroyRemains()).isFalse();
        assertThat(other.haveRemains()).isTrue();
        store.destroys = true;
        assertThat(other.destroyRemains()).isTrue();
        assertThat(other.haveRemains()).isFalse();
        assertThat(marks()).isEmpty();
    }

    @Test
    void whatIsLeftWhileAnotherOneDestroysIsStillThere() throws StoreException {
        one.expectRemains().close();
        assertThat(marks()).containsExactly(LEFT);
        store.meanwhile = Optional.of(() -> {
            try {
                one.expectRemains().close();
            } catch (StoreException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(other.destroyRemains()).isTrue();
        assertThat(marks()).containsExactly(LEFT);
        assertThat(other.destroyRemains()).isTrue();
        assertThat(marks()).isEmpty();
    }

    @Test
    void aChangeThatFailedLeavesItsMarkToOthers() throws StoreException {
        assertThatThrownBy(() -> {
                    try (Remains remains = one.expectRemains()) {
                        assertThat(remains).isNotNull();
                        throw new StoreException("nobody knows");
                    }
                })
                .isInstanceOf(StoreException.class);
        assertThat(marks()).containsExactly(LEFT);
    }

    @Test
    void whatCannotBeSettledIsLeftToEverybodyAsSoonAsTheStoreTakesWrites() throws StoreException {
        try (Remains remains = one.expectRemains()) {
            store.writes = false;
            remains.destroyIfPossible();
        }
        assertThatThrownBy(one::settleRemains).isInstanceOf(StoreException.class);
        store.writes = true;
        assertThat(onlyMark()).startsWith(LEFT + "/");
        assertThat(store.destroyed).isEqualTo(1);
        // Only one knows that its change is over.
        other.settleRemains();
        assertThat(other.destroyRemains()).isTrue();
        assertThat(store.destroyed).isEqualTo(1);
        one.settleRemains();
        assertThat(marks()).containsExactly(LEFT);
        assertThat(other.destroyRemains()).isTrue();
        assertThat(marks()).isEmpty();
        assertThat(store.destroyed).isEqualTo(2);
        one.settleRemains();
        assertThat(marks()).isEmpty();
    }

    /// As a process leaves it that ended before it could be settled.
    @Test
    void whatNobodySettlesCountsAfterItsTime() throws StoreException {
        try (Remains remains = one.expectRemains()) {
            store.writes = false;
            remains.destroyIfPossible();
        }
        store.writes = true;
        assertThat(other.destroyRemains()).isTrue();
        nanos += HOUR.toNanos();
        assertThat(other.destroyRemains()).isTrue();
        assertThat(marks()).isEmpty();
        assertThat(store.destroyed).isEqualTo(2);
    }

    @Test
    void whatIsSettledLateTouchesNoChangeThatMayCome() throws StoreException {
        one.expectRemains();
        String mark = onlyMark();
        try (Remains remains = one.expectRemains()) {
            store.writes = false;
            remains.destroyIfPossible();
        }
        store.writes = true;
        one.settleRemains();
        assertThat(marks()).containsExactly(LEFT, mark);
    }

    @Test
    void aMarkThatIsSetWithoutItsProcessKnowingItIsSettledLate() throws StoreException {
        store.acknowledges = false;
        assertThatThrownBy(one::expectRemains).isInstanceOf(StoreException.class);
        store.acknowledges = true;
        assertThat(onlyMark()).startsWith(LEFT + "/");
        one.settleRemains();
        assertThat(marks()).containsExactly(LEFT);
        assertThat(other.destroyRemains()).isTrue();
        assertThat(marks()).isEmpty();
    }

    @Test
    void whereTheMarkCannotBeSetNothingIsExpected() throws StoreException {
        store.writes = false;
        assertThatThrownBy(one::expectRemains).isInstanceOf(StoreException.class);
        store.writes = true;
        assertThat(marks()).isEmpty();
    }

    /// An earlier version has one mark, whoever sets it.
    @Test
    void theMarkOfAnEarlierVersionIsUnderstood() throws StoreException {
        store.setSetting(LEFT, Optional.empty(), Optional.of(new SealedData(new byte[16])));
        assertThat(SealedSettings.isMark(LEFT)).isTrue();
        assertThat(one.destroyRemains()).isTrue();
        assertThat(marks()).isEmpty();
        assertThat(store.destroyed).isEqualTo(1);
    }
}
