package cardsecure.rotation;

import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.store.StoreException;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The one [Job] there is, here and in the store, where other nodes may change it: pace and state are those that
/// anybody set last, how far it is is the word of the node that works. For one thread at a time.
final class KeptJob {
    static final String SETTING = "key-job";

    private final SealedSettings settings;
    private Optional<Job> now = Optional.empty();

    /// As it stood in the store when it was read or written here last.
    private Optional<Job> kept = Optional.empty();

    /// What stands in the store, and what the job is if that is taken into account.
    private record Look(Optional<SealedSettings.Entry> entry, Optional<Job> stored, Optional<Job> job) {}

    KeptJob(SealedSettings settings) {
        this.settings = settings;
    }

    /// The job, as far as it is known here.
    Optional<Job> now() {
        return now;
    }

    private Look look() throws StoreException {
        Optional<SealedSettings.Entry> entry = settings.read(SETTING);
        Optional<Job> stored = entry.map(one -> JobCodec.decode(one.value()));
        return new Look(entry, stored, stored.equals(kept) ? now : stored.map(this::withProgress));
    }

    /// Only who works has progress that is not kept yet.
    private Job withProgress(Job stored) {
        return now.filter(mine -> !now.equals(kept))
                .filter(mine -> mine.started().equals(stored.started()) && mine.seen() > stored.seen())
                .map(mine -> mine.in(stored.state()).withRate(stored.rate()))
                .map(mine -> stored.wrapped() ? mine.withWrapped() : mine)
                .orElse(stored);
    }

    /// Takes what other nodes have changed.
    void follow() throws StoreException {
        Look look = look();
        now = look.job();
        kept = look.stored();
    }

    /// @throws Refusal `0044` if there is a job
    void requireNone() throws StoreException {
        follow();
        now.ifPresent(other -> {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    "a " + other.kind().label() + " is " + other.state().label()
                            + " already; `cardsecure key job` shows how far it is");
        });
    }

    /// Begins a job, durably.
    ///
    /// @throws Refusal `0044` if there is one
    void begin(Job begun) throws StoreException {
        do {
            requireNone();
        } while (!settings.write(SETTING, Optional.empty(), JobCodec.encode(begun)));
        now = Optional.of(begun);
        kept = now;
    }

    /// Changes the job, durably, and keeps how far it is.
    ///
    /// @throws Refusal `0044` if there is none
    Job change(UnaryOperator<Job> change) throws StoreException {
        while (true) {
            Look look = look();
            Job next = change.apply(look.job()
                    .orElseThrow(() ->
                            new Refusal(ErrorCode.CONFIG_ITEM_BAD, "no job runs; `cardsecure key reseal` begins one")));
            if (settings.write(SETTING, look.entry(), JobCodec.encode(next))) {
                now = Optional.of(next);
                kept = now;
                return next;
            }
        }
    }

    /// Goes on here; [#change] keeps it.
    void advance(UnaryOperator<Job> change) {
        now = now.map(change);
    }

    /// A job is over, durably. If another one stands there by now, that goes on.
    void forget(Job over) throws StoreException {
        boolean gone = false;
        while (!gone) {
            Optional<SealedSettings.Entry> entry = settings.read(SETTING)
                    .filter(one -> JobCodec.decode(one.value()).started().equals(over.started()));
            gone = entry.isEmpty() || settings.remove(SETTING, entry.get());
        }
        now = Optional.empty();
        kept = now;
        follow();
    }
}
