package cardsecure.vault;

import static cardsecure.TestCards.AMEX;
import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.site.SiteSetting;
import cardsecure.store.Change;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.Outcome;
import cardsecure.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A wallet's payload is taken once, on whatever node.
class WalletReplayTest extends WalletFixture {
    @Test
    void aPayloadIsTakenOnceOnWhateverNode() throws Exception {
        String apple = apple(VISA);
        String google = google(VISA, true);
        String token = answer(apple);
        assertThat(answer(google)).isEqualTo(token);

        assertRefused("replay", apple);
        assertRefused("replay", google);
        try (TestVault other = newVault()) {
            assertThat(answer(other, "CR", apple, false)).isEqualTo(FAILURE);
            assertThat(answer(other, "CR", google, true)).isEqualTo(FAILURE);
            String fresh = google(AMEX, true);
            assertThat(answer(other, "CR", fresh, false)).startsWith("9");
            assertRefused("replay", fresh);
        }
    }

    @Test
    void ofAllWhoSendItAtOnceOneGetsAToken() throws Exception {
        String payload = apple(VISA);
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = IntStream.range(0, 20)
                    .mapToObj(_ -> callers.submit(() -> {
                        start.await();
                        return answer(vault, "CR", payload, true);
                    }))
                    .toList();
            start.countDown();
            int taken = 0;
            for (Future<String> answer : answers) {
                taken += answer.get().startsWith("9") ? 1 : 0;
            }

            assertThat(taken).isOne();
        }
    }

    @Test
    void aMarkIsKeptUntilThePayloadIsTooOldAnyhow() throws StoreException {
        String google = google(GOOGLE, VISA, true, Duration.ofDays(7));
        String apple = apple(VISA);
        answer(google);
        answer(apple);
        // Eight minutes on, as the sweeper does with the usual windows.
        vault.time.updateAndGet(now -> now.plus(Duration.ofMinutes(8)));
        store.forgetMarks(vault.time.get().minus(Duration.ofMinutes(6)));

        assertRefused("replay", google);
        assertRefused("apple-window", apple);
        assertThat(answer(google(VISA, true))).startsWith("9");
        assertThat(answer(apple(VISA))).startsWith("9");
        vault.time.updateAndGet(now -> now.plus(Duration.ofDays(7)));
        store.forgetMarks(vault.time.get().minus(Duration.ofMinutes(6)));
        assertRefused("google-expiration", google);
    }

    @Test
    void whatWasTamperedWithMarksNothing() {
        String good = apple(VISA);
        // The data's first character, and the hash of the application's data: neither is what was signed.
        assertRefused("apple-content", (good.charAt(0) == 'A' ? "B" : "A") + good.substring(1));
        assertRefused("apple-content", good.replace("&echash=", "&echash=" + "ab".repeat(32)));

        assertThat(answer(good)).startsWith("9");
    }

    @Test
    void withoutRoomForItsMarkAPayloadIsNotTaken() throws Exception {
        TestVault[] full = new TestVault[1];
        ForwardingTokenStore noRoom = new ForwardingTokenStore(store) {
            @Override
            public List<Outcome> write(List<Change> changes, OptionalLong generation) throws StoreException {
                return full[0] != null
                                && changes.stream()
                                        .noneMatch(
                                                change -> change.broughtMarks().isEmpty())
                        ? changes.stream()
                                .<Outcome>map(_ -> new Outcome.NoRoom())
                                .toList()
                        : super.write(changes, generation);
            }

            @Override
            public void close() {
                // The other vault has it still.
            }
        };
        try (TestVault made = newVault(noRoom)) {
            full[0] = made;
            // With a row, beside one, and alone.
            assertTakenLater(made, apple(VISA), false);
            assertTakenLater(made, google(VISA, true), false);
            assertTakenLater(made, google(VISA, true), true);
            made.set(SiteSetting.RETENTION, "off");
            assertTakenLater(made, google(VISA, true), false);
        }
    }

    private void assertTakenLater(TestVault full, String payload, boolean unique) {
        assertThat(answer(full, "CR", payload, unique)).startsWith("0046::");
        assertThat(answer(vault, "CR", payload, unique)).startsWith("9");
        assertRefused("replay", payload);
    }

    @Test
    void whoFindsNoRoomIsTurnedAwayAndMaySendItAgain() throws Exception {
        String payload = apple(VISA);
        CountDownLatch goOn = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<Boolean>>> busy = new ArrayList<>();
            // One works, four wait: when the rest have been turned away, there is no room.
            for (int i = 0; i < 8; i++) {
                busy.add(callers.submit(() -> vault.workers.run(site(), () -> awaited(goOn))));
            }
            while (busy.stream().filter(Future::isDone).count() < 3) {
                Thread.onSpinWait();
            }
            assertThat(answer(payload)).isEqualTo("overloaded");
            goOn.countDown();
        }
        assertThat(answer(payload)).startsWith("9");
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
