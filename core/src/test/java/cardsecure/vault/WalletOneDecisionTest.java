package cardsecure.vault;

import static cardsecure.TestCards.AMEX;
import static cardsecure.TestCards.VISA;
import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.secret.SecretBytes;
import cardsecure.signing.RequestSigner;
import cardsecure.signing.SigningText;
import cardsecure.site.SigningForm;
import cardsecure.site.SiteSetting;
import cardsecure.store.Change;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.Outcome;
import cardsecure.store.StoreException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// That a payload was taken, that the request came, and the token are decided as one: a payload without a token
/// is good still, and of equal requests one gets a token.
@Timeout(60)
class WalletOneDecisionTest extends WalletFixture {
    private static final String SEEN = "0060::Request signature failure";
    private static final String TIME = "2014-01-01T 00:00:01Z";

    private static SecretBytes key() {
        return SecretBytes.owning(new byte[32]);
    }

    private void turnSigningOn() throws StoreException {
        vault.set(SiteSetting.SIGNING, "on");
        vault.sites.signingKeys().renew(site(), key(), false);
    }

    /// A payload of Google's, signed as a request.
    private static String signed(TestVault by, String payload, String ref) {
        SecretBytes data = secret(payload);
        SecretBytes text = SigningText.of(SigningForm.ENCODED, "CR", data, ref, TIME);
        String sig = HexFormat.of().formatHex(new RequestSigner(key()).sign(text));
        Parameters parameters = Parameters.none().withSignature(ref, TIME, sig);
        return TestVault.shown(
                by.handle(TestVault.CALLER, new Call.Decoded(Optional.of("CR"), Optional.of(data), parameters)));
    }

    /// What the store is asked for, as it may refuse.
    private class Watched extends ForwardingTokenStore {
        final List<Change> changes = new CopyOnWriteArrayList<>();
        final AtomicBoolean fails = new AtomicBoolean();

        Watched() {
            super(store);
        }

        @Override
        public List<Outcome> write(List<Change> batch, OptionalLong generation) throws StoreException {
            if (fails.get()) {
                throw new StoreException("the disk is gone");
            }
            changes.addAll(batch);
            return super.write(batch, generation);
        }

        @Override
        public void close() {
            // Another vault may have it still.
        }
    }

    @Test
    void ofSixtyFourEqualSignedCallsOneGetsAToken() throws Exception {
        turnSigningOn();
        // The card is new, known, and known where nothing is kept beside it.
        for (String retention : List.of("2h", "2h", "off")) {
            vault.set(SiteSetting.RETENTION, retention);
            String payload = google(VISA, true);
            CountDownLatch start = new CountDownLatch(1);
            List<Future<String>> calls = new ArrayList<>();
            List<String> answers = new ArrayList<>();
            try (TestVault other = newVault();
                    ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                // So many may wait for whoever decrypts.
                Semaphore room = new Semaphore(4);
                Semaphore otherRoom = new Semaphore(4);
                for (int i = 0; i < 64; i++) {
                    TestVault node = i % 2 == 0 ? vault : other;
                    Semaphore roomThere = i % 2 == 0 ? room : otherRoom;
                    calls.add(callers.submit(() -> {
                        start.await();
                        roomThere.acquire();
                        try {
                            return signed(node, payload, "the same");
                        } finally {
                            roomThere.release();
                        }
                    }));
                }
                start.countDown();
                for (Future<String> call : calls) {
                    answers.add(call.get());
                }
            }

            assertThat(answers).filteredOn(answer -> answer.startsWith("9")).hasSize(1);
            assertThat(answers).filteredOn(SEEN::equals).hasSize(63);
            assertThat(signed(vault, payload, "another")).isEqualTo(FAILURE);
            assertThat(signed(vault, payload, "another")).isEqualTo(SEEN);
        }
    }

    /// There is no room: neither was the request decided, nor the payload looked at.
    @Test
    void whoIsTurnedAwayMaySendTheSameAgain() throws Exception {
        turnSigningOn();
        String payload = google(VISA, true);
        CountDownLatch goOn = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<Boolean>>> busy = new ArrayList<>();
            // One works, four wait: when the rest have been turned away, there is no room.
            for (int i = 0; i < 8; i++) {
                busy.add(callers.submit(() -> vault.workers.run(site(), () -> {
                    awaited(goOn);
                    return true;
                })));
            }
            while (busy.stream().filter(Future::isDone).count() < 3) {
                Thread.onSpinWait();
            }
            assertThat(signed(vault, payload, "1")).isEqualTo("overloaded");
            goOn.countDown();
        }
        assertThat(signed(vault, payload, "1")).startsWith("9");
        assertThat(signed(vault, payload, "1")).isEqualTo(SEEN);
    }

    @Test
    void aPaymentCostsOneWrite() throws Exception {
        turnSigningOn();
        Watched watched = new Watched();
        try (TestVault node = newVault(watched, new KnownShare())) {
            for (String retention : List.of("2h", "off")) {
                node.set(SiteSetting.RETENTION, retention);
                for (String card : List.of(VISA, VISA, AMEX)) {
                    watched.changes.clear();
                    assertThat(signed(node, google(card, true), card + retention + watched.changes.size()))
                            .startsWith("9");
                    // Keys of the minute are settings.
                    assertThat(watched.changes)
                            .singleElement()
                            .satisfies(
                                    change -> assertThat(change.broughtMarks()).hasSize(2));
                }
            }
        }
    }

    @Test
    void aRefusedSignedCallUsesItsPayloadNotUp() throws Exception {
        turnSigningOn();
        String payload = google(VISA, true);
        vault.set(SiteSetting.GOOGLE_MERCHANT, "another");
        assertThat(signed(vault, payload, "1")).isEqualTo(FAILURE);
        vault.set(SiteSetting.GOOGLE_MERCHANT, MERCHANT);
        assertThat(signed(vault, payload, "1")).isEqualTo(SEEN);
        assertThat(signed(vault, payload, "2")).startsWith("9");
        assertThat(signed(vault, payload, "3")).isEqualTo(FAILURE);
        assertThat(reason()).startsWith("replay: ");
        assertThat(signed(vault, payload, "2")).isEqualTo(SEEN);
    }

    @Test
    void aWriteThatFailsUsesNoPayloadUp() throws Exception {
        Watched watched = new Watched();
        String payload = apple(VISA);
        try (TestVault node = newVault(watched)) {
            watched.fails.set(true);
            assertThat(answer(node, "CR", payload, false)).startsWith("0046::");
            watched.fails.set(false);
            assertThat(answer(node, "CR", payload, false)).startsWith("9");
        }
    }

    @Test
    void aFullQueueUsesNoPayloadUp() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean slow = new AtomicBoolean();
        Watched held = new Watched() {
            @Override
            public List<Outcome> write(List<Change> batch, OptionalLong generation) throws StoreException {
                if (slow.get()) {
                    writing.countDown();
                    awaited(goOn);
                }
                return super.write(batch, generation);
            }
        };
        String payload = google(VISA, true);
        try (TestVault node = new TestVault(held, new Random(8), 1);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            node.trust = trust(node, List.of(APPLE), List.of(GOOGLE));
            slow.set(true);
            Future<String> first = callers.submit(() -> node.answer("CE", AMEX));
            writing.await();
            // One is being written and one waits: of these two, one finds no room.
            List<Future<String>> full = List.of(
                    callers.submit(() -> node.answer("CE", VISA)), callers.submit(() -> node.answer("CE", VISA)));
            while (full.stream().noneMatch(Future::isDone)) {
                Thread.onSpinWait();
            }
            assertThat(answer(node, "CR", payload, false)).startsWith("0043::");
            goOn.countDown();
            assertThat(first.get()).startsWith("9");
            for (Future<String> each : full) {
                each.get();
            }
            assertThat(answer(node, "CR", payload, false)).startsWith("9");
        }
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Another request brings the same new card in between, and then there is no room.
    @Test
    void whoIsOvertakenAndFindsNoRoomThenUsesNoPayloadUp() throws Exception {
        String payload = google(VISA, true);
        AtomicBoolean overtaken = new AtomicBoolean();
        Watched full = new Watched() {
            @Override
            public List<Outcome> write(List<Change> batch, OptionalLong generation) throws StoreException {
                if (batch.stream().allMatch(change -> change.broughtMarks().isEmpty())) {
                    return super.write(batch, generation);
                }
                if (overtaken.get()) {
                    return batch.stream()
                            .<Outcome>map(_ -> new Outcome.NoRoom())
                            .toList();
                }
                overtaken.set(true);
                vault.answer("CE", VISA);
                return super.write(batch, generation);
            }
        };
        try (TestVault node = newVault(full)) {
            assertThat(answer(node, "CR", payload, false)).startsWith("0046::");
        }
        assertThat(answer(payload)).startsWith("9").isEqualTo(vault.answer("CE", VISA));
        assertRefused("replay", payload);
    }

    @Test
    void aSiteThatIsBeingRemovedUsesNoPayloadUp() throws Exception {
        String payload = google(VISA, true);
        Watched closing = new Watched() {
            @Override
            public List<Outcome> write(List<Change> batch, OptionalLong generation) throws StoreException {
                return batch.stream().allMatch(change -> change.siteThatGrows().isPresent())
                        ? batch.stream()
                                .<Outcome>map(_ -> new Outcome.SiteClosed())
                                .toList()
                        : super.write(batch, generation);
            }
        };
        try (TestVault node = newVault(closing)) {
            assertThat(answer(node, "CR", payload, false)).startsWith("0055::");
        }
        assertThat(answer(payload)).startsWith("9");
    }
}
