package cardsecure.bench;

import cardsecure.card.Luhn;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// Cards that the vault has never seen. The reply must be a numeric token that shows the card's ends and is Luhn-valid.
final class NewCards implements Traffic {
    /// Told of each card that has its token.
    @FunctionalInterface
    interface Listener {
        void tokenized(long card, byte[] token);
    }

    private final CardSequence cards;
    private final RequestTemplate template;
    private final Listener listener;
    private final AtomicLong left;
    private final byte[] replyStart;
    private final int tokenAt;

    /// Takes its parts.
    ///
    /// @param count how many there are at most
    NewCards(Target target, CardSequence cards, long count, Listener listener) {
        this.cards = cards;
        this.template = target.template(Workload.NEW, CardSequence.LENGTH);
        this.listener = listener;
        this.left = new AtomicLong(count);
        this.replyStart = target.reply(Workload.NEW.action(), "9");
        this.tokenAt = replyStart.length - 1;
    }

    @Override
    public Workload workload() {
        return Workload.NEW;
    }

    @Override
    public long next(RandomGenerator random) {
        return left.getAndDecrement() > 0 ? cards.next() : EXHAUSTED;
    }

    @Override
    public void write(long ticket, ByteBuffer out) {
        template.write(CardSequence.digits(ticket), out);
    }

    @Override
    public boolean fits(long ticket, byte[] reply, int from, int to) {
        if (to - from != tokenAt + CardSequence.LENGTH
                || !Arrays.equals(replyStart, 0, replyStart.length, reply, from, from + replyStart.length)) {
            return false;
        }
        byte[] token = Arrays.copyOfRange(reply, from + tokenAt, to);
        byte[] card = CardSequence.digits(ticket);
        boolean fits = Arrays.equals(token, 1, 3, card, 0, 2)
                && Arrays.equals(token, token.length - 4, token.length, card, card.length - 4, card.length)
                && Luhn.isValid(token);
        if (fits) {
            listener.tokenized(ticket, token);
        }
        return fits;
    }
}
