package cardsecure.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// What clients see of a server whose disk takes no more: before, meanwhile, and when it is over.
final class Trouble {
    private static final String FULL = "0046::Token database problem";
    private static final String PURGED = "0048::Token purged";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CARDS = 200;

    private final Map<String, String> tokens = new LinkedHashMap<>();
    private final Set<String> purged = new HashSet<>();
    private int drawn;

    private String newPan() {
        return CrashLoad.pan(drawn++);
    }

    /// Tokenizes some cards.
    void before(Client client) throws IOException {
        for (int i = 0; i < CARDS; i++) {
            keepNew(client);
        }
    }

    private void keepNew(Client client) throws IOException {
        String pan = newPan();
        String token = client.call("CE", pan);
        assertThat(token).startsWith("940");
        tokens.put(pan, token);
    }

    /// Waits until new cards are refused; then all that needs no room goes on.
    void during(Client client) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String answer = "";
        while (!answer.equals(FULL)) {
            assertThat(System.nanoTime()).as("new cards are refused in time").isLessThan(deadline);
            String pan = newPan();
            answer = client.call("CE", pan);
            if (!answer.equals(FULL)) {
                assertThat(answer).startsWith("940");
                tokens.put(pan, answer);
            }
        }
        for (int i = 0; i < 20; i++) {
            assertThat(client.call("CE", newPan())).isEqualTo(FULL);
        }
        assertAllThere(client);
        assertThat(client.call("HI", "12345678")).isEqualTo("CardSecure Server OK");
    }

    /// Purges some cards.
    void purges(Client client) throws IOException {
        for (Map.Entry<String, String> card : tokens.entrySet().stream()
                .filter(card -> !purged.contains(card.getKey()))
                .limit(10)
                .toList()) {
            assertThat(client.call("CP", card.getValue())).isEqualTo(card.getValue());
            purged.add(card.getKey());
            assertThat(client.call("CT", card.getValue())).isEqualTo(PURGED);
        }
    }

    /// Waits until new cards are taken again.
    void after(Client client) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String pan = newPan();
        String answer = client.call("CE", pan);
        while (answer.equals(FULL)) {
            assertThat(System.nanoTime())
                    .as("new cards are taken again in time")
                    .isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            answer = client.call("CE", pan);
        }
        assertThat(answer).startsWith("940");
        tokens.put(pan, answer);
        keepNew(client);
        assertAllThere(client);
    }

    private void assertAllThere(Client client) throws IOException {
        for (Map.Entry<String, String> card : tokens.entrySet()) {
            String pan = card.getKey();
            String token = card.getValue();
            assertThat(client.call("CV", token)).isEqualTo("Token Found");
            if (purged.contains(pan)) {
                assertThat(client.call("CT", token)).isEqualTo(PURGED);
            } else {
                assertThat(client.call("CT", token)).startsWith("4000000000");
                assertThat(client.call("CE", pan)).isEqualTo(token);
            }
        }
    }

    /// After a restart: also each purged card still has its token.
    void atTheEnd(Client client) throws IOException {
        assertAllThere(client);
        for (String pan : purged) {
            assertThat(client.call("CE", pan)).isEqualTo(tokens.get(pan));
        }
        assertThat(new HashSet<>(tokens.values())).hasSameSizeAs(tokens.keySet());
    }
}
