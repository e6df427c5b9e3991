package cardsecure.http;

import cardsecure.server.TestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Tests that have a server each, with the usual limits, over HTTP.
abstract class OneServer {
    @TempDir
    Path temporary;

    TestServer server;

    @BeforeEach
    final void startServer() throws Exception {
        server = TestServer.on(temporary.resolve("data"));
    }

    @AfterEach
    final void stopServer() {
        server.close();
    }
}
