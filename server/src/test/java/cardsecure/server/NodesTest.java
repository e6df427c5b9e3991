package cardsecure.server;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.admin.AdminRequest.KeyUse;
import cardsecure.postgres.DurablePostgres;
import cardsecure.postgres.TestPostgres;
import cardsecure.socket.SocketClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three servers, processes of their own, on one PostgreSQL: each is as good as another.
@Timeout(240)
class NodesTest {
    private static final int NODES = 3;
    private static final int CARDS = 150;
    private static final int PARTS = 16;
    private static final int PART_CARDS = 130;
    private static final Duration SECONDS = Duration.ofSeconds(60);

    @TempDir
    static Path temporary;

    private static DurablePostgres database;
    private static Nodes nodes;

    @BeforeAll
    static void start() throws Exception {
        TestPostgres.require();
        database = DurablePostgres.start(temporary.resolve("postgres"));
        nodes = Nodes.start(temporary, database.newDatabase("vault"), NODES);
        fill();
    }

    /// So many new cards that no server looks for one before it inserts it.
    private static void fill() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> all = new ArrayList<>();
            for (int part = 0; part < NODES * PARTS; part++) {
                int first = 800_000_000 + part * PART_CARDS;
                int node = part % NODES;
                all.add(threads.submit(() -> fill(node, first)));
            }
            for (Future<String> each : all) {
                assertThat(each.get()).startsWith("940");
            }
        }
    }

    private static String fill(int node, int first) throws Exception {
        try (Client client = nodes.get(node).client()) {
            for (int i = 0; i < PART_CARDS - 1; i++) {
                client.call("CE", CrashLoad.pan(first + i));
            }
            return client.call("CE", CrashLoad.pan(first + PART_CARDS - 1));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        nodes.close();
        database.close();
    }

    private static String call(int node, String action, String data) throws Exception {
        try (Client client = nodes.get(node).client()) {
            return client.call(action, data);
        }
    }

    /// Asks every few milliseconds until the answer is right, or seconds have passed.
    private static void awaitAnswer(Callable<String> question, String answer) throws Exception {
        long deadline = System.nanoTime() + SECONDS.toNanos();
        String last = question.call();
        while (!last.equals(answer) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            last = question.call();
        }
        assertThat(last).isEqualTo(answer);
    }

    private static void done(int node, AdminRequest request) throws Exception {
        assertThat(nodes.admin(node, request)).isInstanceOf(AdminReply.Done.class);
    }

    @Test
    void theSameNewCardAtAllOfThemAtOnceIsOneToken() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2 * NODES);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<String>>> all = new ArrayList<>();
            for (int i = 0; i < NODES; i++) {
                int node = i;
                all.add(threads.submit(() -> {
                    try (Client client = nodes.get(node).client()) {
                        return tokens(together, card -> client.call("CE", card));
                    }
                }));
                all.add(threads.submit(() -> {
                    try (SocketClient client = SocketClient.to(nodes.get(node).socketPort())) {
                        return tokens(together, card -> client.call("CE", card));
                    }
                }));
            }
            List<String> tokens = all.getFirst().get();
            assertThat(tokens).doesNotHaveDuplicates().allMatch(token -> token.startsWith("940"));
            for (Future<List<String>> each : all) {
                assertThat(each.get()).isEqualTo(tokens);
            }
        }
    }

    private interface Tokenizing {
        String token(String card) throws Exception;
    }

    private static List<String> tokens(CyclicBarrier together, Tokenizing tokenizing) throws Exception {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < CARDS; i++) {
            together.await(60, TimeUnit.SECONDS);
            tokens.add(tokenizing.token(CrashLoad.pan(900_000_000 + i)));
        }
        return tokens;
    }

    @Test
    void aPurgeOnOneIsSeenOnTheOthersAtOnceAndTheCardComesBackToItsTokenAnywhere() throws Exception {
        String token = call(0, "CE", TestCards.AMEX);
        assertThat(call(1, "CP", token)).isEqualTo(token);
        assertThat(call(0, "CT", token)).isEqualTo("0048::Token purged");
        assertThat(call(2, "CT", token)).isEqualTo("0048::Token purged");
        assertThat(call(2, "CE", TestCards.AMEX)).isEqualTo(token);
        assertThat(call(0, "CV", token)).isEqualTo("Token Found");
        assertThat(call(0, "CT", token)).doesNotStartWith("0");
    }

    @Test
    void aSignedRequestThatOneHasAnsweredIsRefusedByAll() throws Exception {
        done(0, new AdminRequest.SiteAdd("signed", Map.of("hosts", "signed.example.com", "open", "tokenize,verify")));
        AdminReply.Answer made = nodes.admin(0, new AdminRequest.SigningNewKey("signed", false));
        assertThat(made).isInstanceOf(AdminReply.NewKey.class);
        Path key = Files.createFile(
                temporary.resolve("signing-key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                key, HexFormat.of().formatHex(((AdminReply.NewKey) made).key().reveal()) + "\n");
        done(1, new AdminRequest.SiteSet("signed", Map.of("signing", "on")));
        for (int node = 0; node < NODES; node++) {
            int asked = node;
            awaitAnswer(() -> signedGet(asked, "action=HI&data=x"), "0057::Request signature invalid");
        }
        for (int first = 0; first < NODES; first++) {
            String query = sign(key);
            assertThat(signedGet(first, query)).startsWith("944");
            for (int node = 0; node < NODES; node++) {
                assertThat(signedGet(node, query)).isEqualTo("0060::Request signature failure");
            }
        }
        String query = sign(key);
        assertThat(database.count("vault", "SELECT count(*) FROM cardsecure.mark"))
                .isEqualTo(NODES);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> all = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                int node = i % NODES;
                all.add(threads.submit(() -> signedGet(node, query)));
            }
            long passed = 0;
            for (Future<String> each : all) {
                passed += each.get().startsWith("944") ? 1 : 0;
            }
            assertThat(passed).isEqualTo(1);
        }
    }

    private static String signedGet(int node, String query) throws Exception {
        try (Client client = nodes.get(node).client()) {
            return client.exchange("GET /cardsecure/cs?" + query + " HTTP/1.1\r\nHost: signed.example.com\r\n\r\n")
                    .data();
        }
    }

    private static String sign(Path key) {
        StringWriter out = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out))
                .execute("sign", "--key-file", key.toString(), "--action=CE", "--data=" + TestCards.VISA);
        assertThat(code).isZero();
        return URI.create(out.toString().strip()).getRawQuery();
    }

    @Test
    void aSiteThatOneAddsChangesAndRemovesIsFollowedByAllWithinSeconds() throws Exception {
        done(0, new AdminRequest.SiteAdd("shop", Map.of("hosts", "shop.example.com", "open", "tokenize")));
        for (int node = 0; node < NODES; node++) {
            int asked = node;
            awaitAnswer(() -> shop(asked, "CV", TestCards.DOCUMENTED_TOKENS.getFirst()), "401 Unauthorized");
        }
        done(1, new AdminRequest.SiteSet("shop", Map.of("open", "tokenize,verify")));
        for (int node = 0; node < NODES; node++) {
            int asked = node;
            awaitAnswer(() -> shop(asked, "CV", TestCards.DOCUMENTED_TOKENS.getFirst()), "Token Not Found");
        }
        String token = shop(2, "CE", TestCards.VISA_ONES);
        assertThat(shop(0, "CV", token)).isEqualTo("Token Found");
        done(2, new AdminRequest.SiteRemove("shop", true));
        for (int node = 0; node < NODES; node++) {
            int asked = node;
            // The development site has all hosts that are nobody's.
            awaitAnswer(() -> shop(asked, "CV", token), "Token Not Found");
        }
    }

    private static String shop(int node, String action, String data) throws Exception {
        try (Client client = nodes.get(node).client()) {
            return client.exchange("GET /cardsecure/cs?action=" + action + "&data=" + data
                            + " HTTP/1.1\r\nHost: shop.example.com\r\n\r\n")
                    .data();
        }
    }

    @Test
    void keysAreReplacedThroughOneAndAnotherWhileAllAreAtWork() throws Exception {
        NodesLoad load = new NodesLoad(nodes, 300_000_000);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            load.begin(threads, 9);
            for (int round = 0; round < 4; round++) {
                int node = round % NODES;
                done(node, new AdminRequest.KeyRotate(KeyUse.DATA, OptionalLong.empty()));
                done(node, new AdminRequest.KeyRotate(KeyUse.CALLERS, OptionalLong.empty()));
                done((node + 1) % NODES, new AdminRequest.KeyReseal(OptionalLong.empty()));
                awaitNoJob();
                done((node + 2) % NODES, new AdminRequest.KeyRotate(KeyUse.FINGERPRINT, OptionalLong.empty()));
                awaitNoJob();
                String old = String.format("%03d", round + 1);
                done(node, new AdminRequest.KeyRetire(old));
                done(node, new AdminRequest.KeyDestroy(old));
            }
            load.end();
        }
        assertThat(load.failures()).isEmpty();
        assertThat(load.acknowledged()).isGreaterThan(100);
        load.verifyEverywhere();
        assertThat(load.wrong()).isEmpty();
    }

    /// The node that works may have ended it a moment before the others hear of that.
    private static void awaitNoJob() throws Exception {
        for (int node = 0; node < NODES; node++) {
            int asked = node;
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (nodes.admin(asked, new AdminRequest.KeyJob(AdminRequest.JobStep.SHOW, OptionalLong.empty()))
                            instanceof AdminReply.KeyJob(var job)
                    && job.isPresent()) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    @Test
    void aLoadBalancerIsToldThatTheyLiveAndAreReady() throws Exception {
        for (int node = 0; node < NODES; node++) {
            try (Client client = nodes.get(node).client()) {
                assertThat(client.exchange("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
                                .body())
                        .isEqualTo("200 OK");
                assertThat(client.exchange("GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n")
                                .status())
                        .isEqualTo(200);
            }
        }
    }
}
