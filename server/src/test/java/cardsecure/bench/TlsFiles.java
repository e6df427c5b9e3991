package cardsecure.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A server's certificate, made with `keytool`: the JDK has no other way that it offers.
///
/// @param server whose certificate is for `127.0.0.1`
/// @param ca whom to trust for that
record TlsFiles(SSLContext server, Path ca) {
    private static final String PASSWORD = "changeit";

    static TlsFiles in(Path directory) throws IOException, InterruptedException, GeneralSecurityException {
        Path file = directory.resolve("server.p12");
        keytool(file, "-genkeypair", "-keyalg", "EC", "-dname", "CN=test", "-ext", "san=ip:127.0.0.1");
        Path ca = directory.resolve("ca.pem");
        keytool(file, "-exportcert", "-rfc", "-file", ca.toString());
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(store, PASSWORD.toCharArray());
        SSLContext server = SSLContext.getInstance("TLS");
        server.init(keys.getKeyManagers(), null, null);
        return new TlsFiles(server, ca);
    }

    private static void keytool(Path store, String... options) throws IOException, InterruptedException {
        Path program = Path.of(System.getProperty("java.home", ""), "bin", "keytool");
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
