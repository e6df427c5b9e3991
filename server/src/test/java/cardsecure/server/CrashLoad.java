package cardsecure.server;

import cardsecure.card.Luhn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// What the crash test's connections do, and all that was acknowledged to them.
final class CrashLoad {
    /// What the server has promised about a card's data.
    enum Promise {
        /// Something was asked for and not acknowledged: both answers are right.
        NONE,
        KEPT,
        PURGED
    }

    /// A card; used by one connection at a time.
    static final class Card {
        final String pan;
        private String token = "";
        private Promise promise = Promise.NONE;

        Card(String pan) {
            this.pan = pan;
        }
    }

    private static final int NEW_A_ROUND = 3000;
    /// Cards that many connections send at the same time.
    private static final long SHARED = 500_000_000;

    private final AtomicLong drawn = new AtomicLong();
    private final AtomicLong shared = new AtomicLong();
    private final Map<String, String> owners = new ConcurrentHashMap<>();
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final List<Card> all = Collections.synchronizedList(new ArrayList<>());
    private final Collection<String> sharedPans = new ConcurrentSkipListSet<>();

    /// A number of the test BIN, with Luhn's check digit; never its own BIN view.
    static String pan(long place) {
        byte[] digits = String.format("400000%09d0", place + 1).getBytes(StandardCharsets.US_ASCII);
        digits[15] = Luhn.checkDigit(digits, 15);
        return new String(digits, StandardCharsets.US_ASCII);
    }

    /// Everything that went wrong, as sentences.
    Collection<String> wrong() {
        return wrong;
    }

    /// How many cards were acknowledged with a token.
    int acknowledged() {
        return tokens.size();
    }

    List<Card> cards() {
        return List.copyOf(all);
    }

    long purged() {
        return all.stream().filter(card -> card.promise == Promise.PURGED).count();
    }

    /// Sends requests until the server goes away.
    ///
    /// @return the cards that it sent
    List<Card> run(int port, RandomGenerator random) {
        List<Card> mine = new ArrayList<>();
        try (Client client = Client.to(port)) {
            while (true) {
                step(client, random, mine);
            }
        } catch (IOException killed) {
            return mine;
        }
    }

    private void step(Client client, RandomGenerator random, List<Card> mine) throws IOException {
        int dice = random.nextInt(100);
        if (mine.isEmpty() || (dice < 60 && mine.size() < NEW_A_ROUND)) {
            Card card = new Card(pan(drawn.getAndIncrement()));
            mine.add(card);
            all.add(card);
            tokenize(client, card);
        } else if (dice < 70) {
            // Several connections get the same number, most of them at about the same time.
            String pan = pan(SHARED + shared.getAndIncrement() / 8);
            acknowledge(pan, client.call("CE", pan));
            sharedPans.add(pan);
        } else {
            Card card = mine.get(random.nextInt(mine.size()));
            if (dice < 80 && !card.token.isEmpty()) {
                purge(client, card);
            } else if (dice < 90) {
                tokenize(client, card);
            } else if (!card.token.isEmpty()) {
                expect("Token Found", client.call("CV", card.token), card);
            }
        }
    }

    private void tokenize(Client client, Card card) throws IOException {
        card.promise = card.promise == Promise.KEPT ? Promise.KEPT : Promise.NONE;
        String token = client.call("CE", card.pan);
        acknowledge(card.pan, token);
        card.token = token;
        card.promise = Promise.KEPT;
    }

    private void purge(Client client, Card card) throws IOException {
        card.promise = card.promise == Promise.PURGED ? Promise.PURGED : Promise.NONE;
        String got = client.call("CP", card.token);
        expect(card.token, got, card);
        if (got.equals(card.token)) {
            card.promise = Promise.PURGED;
        }
    }

    /// Notes a token, and compares it with all that were given out ever.
    private void acknowledge(String pan, String token) {
        if (!token.matches("9" + pan.substring(0, 2) + "[0-9]{9}" + pan.substring(12))) {
            wrong.add("no token of card " + pan + ": " + token);
            return;
        }
        String before = tokens.putIfAbsent(pan, token);
        if (before != null && !before.equals(token)) {
            wrong.add("card " + pan + " has two tokens: " + before + " and " + token);
        }
        String owner = owners.putIfAbsent(token, pan);
        if (owner != null && !owner.equals(pan)) {
            wrong.add("token " + token + " has two owners: " + owner + " and " + pan);
        }
    }

    private void expect(String expected, String actual, Card card) {
        if (!actual.equals(expected)) {
            wrong.add("card " + card.pan + " with token " + card.token + ", promise " + card.promise + ": expected "
                    + expected + ", got " + actual);
        }
    }

    /// Compares what the server says of cards with what it has promised.
    ///
    /// @param whole also asks for the token of purged cards, which fetches their data back
    void verify(Client client, List<Card> cards, boolean whole) throws IOException {
        for (Card card : cards) {
            if (!card.token.isEmpty()) {
                expect("Token Found", client.call("CV", card.token), card);
                verifyPromise(client, card);
            }
            if (whole || card.promise != Promise.PURGED) {
                tokenize(client, card);
            }
        }
    }

    private void verifyPromise(Client client, Card card) throws IOException {
        switch (card.promise) {
            case KEPT -> expect(BIN_VIEW, client.call("CT", card.token), card);
            case PURGED -> expect("0048::Token purged", client.call("CT", card.token), card);
            case NONE -> {
                // Whether the last request was done nobody was told.
            }
        }
    }

    /// Compares the tokens of the cards that many connections had sent.
    void verifyShared(Client client) throws IOException {
        for (String pan : sharedPans) {
            acknowledge(pan, client.call("CE", pan));
        }
    }

    private static final String BIN_VIEW = binView();

    private static String binView() {
        byte[] digits = "4000000000000000".getBytes(StandardCharsets.US_ASCII);
        digits[15] = Luhn.checkDigit(digits, 15);
        return new String(digits, StandardCharsets.US_ASCII);
    }
}
