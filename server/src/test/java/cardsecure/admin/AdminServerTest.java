package cardsecure.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.error.Refusal;
import cardsecure.store.StoreException;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AdminServerTest {
    @TempDir
    private Path data = Path.of("");

    @Test
    void answersOverTheSocket() throws IOException, StoreException {
        try (AdminFixture _ = AdminFixture.on(data)) {
            assertThat(call(new AdminRequest.SiteAdd("shop", Map.of("domains", "C,A"))))
                    .isEqualTo(new AdminReply.Done(List.of("site shop added, number 1")));
            assertThat(call(new AdminRequest.SiteShow("shop")))
                    .isInstanceOfSatisfying(
                            AdminReply.OneSite.class,
                            answer -> assertThat(answer.site().settings()).containsEntry("domains", "C,A"));
            assertThat(call(new AdminRequest.Status())).isInstanceOf(AdminReply.State.class);
        }
    }

    @Test
    void reportsProgressBeforeTheAnswer() throws IOException, StoreException {
        List<String> progress = new ArrayList<>();
        try (AdminFixture _ = AdminFixture.on(data)) {
            call(new AdminRequest.SiteAdd("shop", Map.of()));
            new AdminClient(data).call(new AdminRequest.SiteRemove("shop", false), step -> progress.add(step.text()));
        }
        assertThat(progress).containsExactly("removing site shop");
    }

    @Test
    void letsNobodyElseInAndLeavesNoSocketBehind() throws IOException, StoreException {
        try (AdminFixture _ = AdminFixture.on(data)) {
            assertThat(mode(data)).isEqualTo("rwx------");
            assertThat(mode(AdminSocket.in(data))).isEqualTo("rw-------");
        }
        assertThat(AdminSocket.in(data)).doesNotExist();
    }

    @Test
    void refusesADataDirectoryThatOthersMayEnterAndLeavesItAsItIs() throws IOException {
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThatThrownBy(() -> AdminSocket.prepareDirectory(data))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("chmod 700 " + data);
        assertThat(mode(data)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void takesThePlaceOfASocketThatADeadServerLeft() throws IOException, StoreException {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(AdminSocket.in(data)));
        }
        assertThat(AdminSocket.in(data)).exists();
        try (AdminFixture _ = AdminFixture.on(data)) {
            assertThat(call(new AdminRequest.SiteList())).isEqualTo(new AdminReply.Sites(List.of()));
        }
    }

    @Test
    void leavesTheSocketOfALiveServerAlone() throws IOException, StoreException {
        try (AdminFixture _ = AdminFixture.on(data)) {
            assertThatThrownBy(() -> AdminFixture.on(data)).hasMessageContaining("another server runs");
            assertThat(call(new AdminRequest.SiteList())).isEqualTo(new AdminReply.Sites(List.of()));
        }
    }

    @Test
    void leavesTheSocketAloneOfAServerThatIsTooBusyToAnswer() throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(AdminSocket.in(data));
        try (ServerSocketChannel busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            busy.bind(address, 1);
            fill(address, new ArrayList<>());
            assertThatThrownBy(() -> AdminFixture.on(data)).hasMessageContaining("another server runs");
            assertThatThrownBy(() -> call(new AdminRequest.Status())).hasMessageContaining("takes no connection");
        }
    }

    private static void fill(UnixDomainSocketAddress address, List<SocketChannel> waiting) throws IOException {
        try {
            while (waiting.size() < 100) {
                waiting.add(AdminSocket.connect(address));
            }
        } catch (SocketException full) {
            assertThat(waiting).isNotEmpty();
        }
    }

    @Test
    void leavesAFileAloneThatIsNoSocket() throws IOException {
        Files.writeString(AdminSocket.in(data), "mine");
        assertThatThrownBy(() -> AdminFixture.on(data)).hasMessageEndingWith("is there and is no socket");
        assertThat(AdminSocket.in(data)).hasContent("mine");
    }

    @Test
    void saysWhenThePathIsTooLong() {
        Path deep = data.resolve("d".repeat(100));
        assertThatThrownBy(() -> AdminFixture.on(deep))
                .isInstanceOfSatisfying(
                        AdminException.class, e -> assertThat(e.hint()).contains("shorter"))
                .hasMessageContaining("107 at most");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "{}",
                "null",
                "[]",
                "{\"request\":\"stop\"}",
                "{\"request\":\"site-show\"}",
                "{\"request\":\"site-show\",\"name\":null}",
                "{\"request\":\"site-show\",\"name\":[]}",
                "{\"request\":\"site-show\",\"name\":\"a\",\"more\":1}",
                "{\"request\":\"site-show\",\"name\":\"a\",\"name\":\"b\"}",
                "{\"request\":\"site-remove\",\"name\":\"a\"}",
                "{\"request\":\"site-add\",\"name\":\"a\",\"settings\":{\"hosts\":null}}",
                "{\"request\":\"status\"} {\"request\":\"status\"}",
                "GET / HTTP/1.1"
            })
    void refusesWhatIsNoRequest(String line) throws IOException, StoreException {
        try (AdminFixture server = AdminFixture.on(data)) {
            assertThat(raw((line + "\n").getBytes(StandardCharsets.UTF_8)))
                    .contains("the server does not understand the request");
            assertThat(server.audit()).isEmpty();
        }
    }

    @Test
    void refusesALineWithoutEndBeforeItIsReadWhole() throws IOException, StoreException {
        byte[] line = new byte[65 * 1024];
        Arrays.fill(line, (byte) 'a');
        try (AdminFixture _ = AdminFixture.on(data)) {
            assertThat(raw(line)).contains("does not understand");
        }
    }

    @Test
    void refusesADeeplyNestedRequest() throws IOException, StoreException {
        try (AdminFixture _ = AdminFixture.on(data)) {
            assertThat(raw(("[".repeat(60_000) + "\n").getBytes(StandardCharsets.UTF_8)))
                    .contains("does not understand");
        }
    }

    @Test
    void survivesThousandsOfMutatedRequests() throws IOException, StoreException {
        Random random = new Random(20_261_123);
        byte[] good = AdminCodec.encode(new AdminRequest.SiteSet("shop", Map.of("domains", "C")));
        try (AdminFixture _ = AdminFixture.on(data)) {
            for (int run = 0; run < 2000; run++) {
                byte[] bad = Arrays.copyOf(good, good.length + 1);
                bad[random.nextInt(good.length)] = (byte) random.nextInt(256);
                bad[good.length] = '\n';
                assertThat(raw(bad)).startsWith("{\"reply\":\"failed\"").endsWith("}");
            }
        }
    }

    @Test
    void serves100OthersWhileSomeHangUpInTheMiddleOfALine() throws Exception {
        try (AdminFixture _ = AdminFixture.on(data);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<AdminReply.Answer>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                calls.add(() -> {
                    try (SocketChannel rude = open()) {
                        rude.write(ByteBuffer.wrap(new byte[] {'{'}));
                    }
                    return call(new AdminRequest.SiteList());
                });
            }
            for (var answer : threads.invokeAll(calls)) {
                assertThat(answer.get()).isEqualTo(new AdminReply.Sites(List.of()));
            }
        }
    }

    @Test
    void hangsUpOnThoseWhoSayNothing() throws IOException, StoreException {
        try (AdminFixture _ = AdminFixture.impatient(data, Duration.ofSeconds(2))) {
            List<SocketChannel> silent = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                silent.add(open());
            }
            assertThat(call(new AdminRequest.SiteList())).isEqualTo(new AdminReply.Sites(List.of()));
            for (SocketChannel channel : silent) {
                try (channel) {
                    assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void closesAtOnceThoughSomebodyIsConnectedAndSilent() throws IOException, StoreException {
        AdminFixture server = AdminFixture.impatient(data, Duration.ofHours(1));
        try (SocketChannel silent = open()) {
            call(new AdminRequest.SiteList());
            server.close();
            server.close();
            assertThat(silent.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void saysWhatToDoWhenNoServerRuns() {
        assertThatThrownBy(() -> call(new AdminRequest.Status()))
                .hasMessage("no server runs on data directory " + data)
                .isInstanceOfSatisfying(
                        AdminException.class, e -> assertThat(e.hint()).contains("cardsecure serve --data " + data));
    }

    @Test
    void saysThatTheOutcomeIsUnknownWhenTheServerGoesAway() throws Exception {
        try (ServerSocketChannel rude = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            rude.bind(UnixDomainSocketAddress.of(AdminSocket.in(data)));
            var accepted = thread.submit(() -> {
                try (SocketChannel channel = rude.accept()) {
                    channel.read(ByteBuffer.allocate(4096));
                    return channel.write(ByteBuffer.wrap("{\"reply\":".getBytes(StandardCharsets.UTF_8)));
                }
            });
            assertThatThrownBy(() -> call(new AdminRequest.SiteRemove("shop", true)))
                    .isInstanceOfSatisfying(
                            AdminException.class,
                            e -> assertThat(e.hint()).startsWith("what was asked may be done or not"));
            assertThat(accepted.get()).isPositive();
        }
    }

    /// As one that was stopped does: its system takes the connection, and nobody reads.
    @Test
    void saysSoonThatTheServerDoesNotAnswer() throws IOException {
        try (ServerSocketChannel hung = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            hung.bind(UnixDomainSocketAddress.of(AdminSocket.in(data)));
            AdminClient client = new AdminClient(data, Duration.ofMillis(50));
            for (AdminRequest reads : List.of(
                    new AdminRequest.Status(),
                    new AdminRequest.KeyList(false),
                    new AdminRequest.KeyJob(AdminRequest.JobStep.SHOW, OptionalLong.empty()))) {
                assertThatThrownBy(() -> client.call(reads, _ -> {}))
                        .hasMessage("the server at " + AdminSocket.in(data) + " does not answer: nothing came in 0 s")
                        .isInstanceOfSatisfying(
                                AdminException.class,
                                e -> assertThat(e.hint())
                                        .startsWith("nothing was changed; ")
                                        .doesNotContain("cardsecure status"));
            }
        }
    }

    private AdminReply.Answer call(AdminRequest request) throws AdminException {
        return new AdminClient(data).call(request, _ -> {});
    }

    private SocketChannel open() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(AdminSocket.in(data)));
    }

    /// What the server says to some bytes.
    private String raw(byte[] bytes) throws IOException {
        try (SocketChannel channel = open()) {
            channel.write(ByteBuffer.wrap(bytes));
            return new String(new LineChannel(channel).readLine(4096), StandardCharsets.UTF_8);
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
