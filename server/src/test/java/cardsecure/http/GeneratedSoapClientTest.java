package cardsecure.http;

import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.Needs;
import cardsecure.config.LimitsConfig;
import cardsecure.config.Listen;
import cardsecure.config.ListenerConfig;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.RfcConfig;
import cardsecure.server.Client;
import cardsecure.server.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A client that JAX-WS makes of the description which the running server gives, and the sample of the
/// documents that uses it.
@Timeout(120)
class GeneratedSoapClientTest extends OneServer {
    private static final String PASSWORD = "correct horse battery";
    private static final Path SAMPLE =
            Path.of(System.getProperty("repository.root", ".."), "docs", "samples", "soap", "Tokens.java");

    private static String url(String scheme, TestServer server) {
        return scheme + "://127.0.0.1:" + server.port() + "/sap/bc/soap/";
    }

    private String description() {
        return url("http", server) + "wsdl11?services=Z_CARDSECURE";
    }

    /// Has the client made, and loads the sample.
    ///
    /// @param sources where the generated ones go
    private URLClassLoader generated(Path sources) throws Exception {
        Path classes = Files.createDirectory(temporary.resolve("classes"));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Class<?> tool;
        try {
            tool = Class.forName("com.sun.tools.ws.wscompile.WsimportTool");
        } catch (ClassNotFoundException _) {
            Needs.require(false, "JAX-WS is missing: run the tests by Maven");
            throw new AssertionError("not reached");
        }
        String[] arguments = {"-Xnocompile", "-s", sources.toString(), "-p", "tokens", description()};
        Object made = tool.getMethod("run", String[].class)
                .invoke(tool.getConstructor(OutputStream.class).newInstance(said), (Object) arguments);
        assertThat(made).as(said.toString(StandardCharsets.UTF_8)).isEqualTo(true);
        List<String> compile = new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", classes.toString()));
        compile.addAll(List.of("-cp", System.getProperty("java.class.path"), SAMPLE.toString()));
        try (Stream<Path> files = Files.walk(sources)) {
            files.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(compile::add);
        }
        int failed = ToolProvider.getSystemJavaCompiler().run(null, said, said, compile.toArray(String[]::new));
        assertThat(failed).as(said.toString(StandardCharsets.UTF_8)).isZero();
        return new URLClassLoader(new URL[] {classes.toUri().toURL()});
    }

    /// The sample.
    private record Tokens(Class<?> type, Object sample) {
        static Tokens of(URLClassLoader loader, String description) throws Exception {
            Class<?> type = loader.loadClass("tokens.Tokens");
            URL url = URI.create(description).toURL();
            return new Tokens(type, type.getConstructor(URL.class).newInstance(url));
        }

        Tokens to(String url) throws Exception {
            type.getMethod("to", String.class).invoke(sample, url);
            return this;
        }

        Tokens as(String user, String password) throws Exception {
            type.getMethod("as", String.class, String.class).invoke(sample, user, password);
            return this;
        }

        Tokens trusting(SSLSocketFactory sockets) throws Exception {
            type.getMethod("trusting", SSLSocketFactory.class).invoke(sample, sockets);
            return this;
        }

        String call(String action, String data) throws Throwable {
            try {
                return (String)
                        type.getMethod("call", String.class, String.class).invoke(sample, action, data);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    @Test
    void aClientThatJaxWsMakesIsServed() throws Throwable {
        Path sources = Files.createDirectory(temporary.resolve("sources"));
        try (URLClassLoader loader = generated(sources)) {
            Tokens tokens = Tokens.of(loader, description());
            String token = tokens.call("CE", VISA);
            try (Client client = server.client()) {
                assertThat(token).isEqualTo(client.call("CE", VISA));
            }
            assertThat(tokens.call("CV", token)).isEqualTo("Token Found");
            assertThatThrownBy(() -> tokens.call("CE", "frisbee"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("0008 Data not decimal digits");
            assertThatThrownBy(() -> tokens.call("ZZ", "1"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("INVALID_ACTION");
            assertThat(tokens.call("PE", "Zo\u00eb <&> \u5317\u4eac")).matches("[A-Za-z0-9]{8}");
            anUnknownFunctionIsAFault(loader);
            credentialsAreShownOverTls(loader);
        }
    }

    private void anUnknownFunctionIsAFault(URLClassLoader loader) throws Exception {
        RfcConfig usual = RfcConfig.defaults();
        RfcConfig none = new RfcConfig(usual.programId(), usual.frameMax(), false, List.of());
        ListenerConfig http =
                ListenerConfig.plain(Kind.HTTP, new Listen.At(Listen.LOOPBACK, 0), LimitsConfig.defaults());
        try (TestServer other = TestServer.on(temporary.resolve("other"), http, none)) {
            Tokens elsewhere = Tokens.of(loader, description()).to(url("http", other) + "rfc");
            assertThatThrownBy(() -> elsewhere.call("CE", VISA))
                    .hasMessageContaining("FU_NOT_FOUND")
                    .extracting(thrown -> thrown.getClass().getName())
                    .isEqualTo("com.sun.xml.ws.fault.ServerSOAPFaultException");
        }
    }

    private void credentialsAreShownOverTls(URLClassLoader loader) throws Throwable {
        try (TestServer secure = TestServer.on(temporary.resolve("secure"), Kind.HTTPS)) {
            secure.setSite("dev", Map.of("open", ""));
            secure.addUser("dev", "till", "tokenize,decrypt", PASSWORD);
            Tokens anybody = Tokens.of(loader, description())
                    .to(url("https", secure) + "rfc")
                    .trusting(secure.trusted().getSocketFactory());
            assertThatThrownBy(() -> anybody.call("CE", VISA)).hasMessageContaining("401");
            assertThatThrownBy(() -> anybody.as("till", "wrong horse").call("CE", VISA))
                    .hasMessageContaining("401");
            Tokens till = anybody.as("till", PASSWORD);
            assertThat(till.call("CD", till.call("CE", VISA))).isEqualTo(VISA);
        }
    }
}
