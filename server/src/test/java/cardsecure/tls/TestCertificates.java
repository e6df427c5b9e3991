package cardsecure.tls;

import cardsecure.config.TlsIdentityConfig;
import cardsecure.tls.CertificateAuthority.Issued;
import cardsecure.tls.CertificateAuthority.Use;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/// Certificates for tests, in files of a directory, all by one authority, whose own is `ca.pem`.
public final class TestCertificates {
    private final Path directory;
    private final CertificateAuthority authority;

    private TestCertificates(Path directory, CertificateAuthority authority) {
        this.directory = directory;
        this.authority = authority;
    }

    /// A new authority in a directory.
    public static TestCertificates in(Path directory) throws IOException {
        Files.createDirectories(directory);
        CertificateAuthority authority = CertificateAuthority.create("test CA", Instant.now());
        TestCertificates made = new TestCertificates(directory, authority);
        Files.writeString(made.authority(), CertificateAuthority.pem(authority.certificate()));
        return made;
    }

    /// The authority's certificate.
    public Path authority() {
        return directory.resolve("ca.pem");
    }

    /// A server's certificate `NAME.pem` and key `NAME.key`, valid for a year.
    public TlsIdentityConfig.Pem server(String name, String... hosts) throws IOException {
        return server(name, Instant.now(), hosts);
    }

    /// As [#server], made at another time.
    public TlsIdentityConfig.Pem server(String name, Instant at, String... hosts) throws IOException {
        return write(name, authority.issue(name, List.of(hosts), Use.SERVER, at, Period.ofYears(1)));
    }

    /// As [#server], with an RSA key.
    public TlsIdentityConfig.Pem rsaServer(String name, String... hosts) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return write(
                name,
                authority.issue(
                        name,
                        List.of(hosts),
                        Use.SERVER,
                        Instant.now(),
                        Period.ofYears(1),
                        generator.generateKeyPair()));
    }

    /// A client's certificate `NAME.pem` and key `NAME.key`.
    public TlsIdentityConfig.Pem client(String name) throws IOException {
        return write(name, authority.issue(name, List.of(), Use.CLIENT, Instant.now(), Period.ofYears(1)));
    }

    private TlsIdentityConfig.Pem write(String name, Issued issued) throws IOException {
        Path certificate = directory.resolve(name + ".pem");
        Path key = directory.resolve(name + ".key");
        Files.writeString(key, CertificateAuthority.pem(issued.key()));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(certificate, CertificateAuthority.pem(issued.certificate()));
        return new TlsIdentityConfig.Pem(certificate, key);
    }

    /// A certificate's bytes, DER.
    public static byte[] encoded(TlsIdentityConfig.Pem pem) throws IOException, GeneralSecurityException {
        return PemFile.certificates(pem.certificate()).getFirst().getEncoded();
    }

    /// The same identity as PKCS#12.
    public Path pkcs12(TlsIdentityConfig.Pem pem, String password) throws IOException, GeneralSecurityException {
        Path file = directory.resolve(pem.key().getFileName() + ".p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, new char[0]);
        store.setKeyEntry("server", PemFile.key(pem.key()), password.toCharArray(), new Certificate[] {
            PemFile.certificates(pem.certificate()).getFirst()
        });
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    /// TLS for a client that trusts the authority and shows nothing.
    public SSLContext trusting() throws IOException, GeneralSecurityException {
        return context(new KeyManager[] {});
    }

    /// TLS for a client that trusts the authority and shows a certificate, whoever is asked for.
    public SSLContext showing(TlsIdentityConfig.Pem client) throws IOException, GeneralSecurityException {
        return context(new KeyManager[] {new OneKey(IdentityReader.read(client))});
    }

    private SSLContext context(KeyManager[] keys) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, new char[0]);
        store.setCertificateEntry("ca", authority.certificate());
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        TrustManager[] trust = factory.getTrustManagers();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
    }

    private static final class OneKey extends X509ExtendedKeyManager {
        private final TlsIdentity identity;

        OneKey(TlsIdentity identity) {
            this.identity = identity;
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return "client";
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {"client"};
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            throw new UnsupportedOperationException("a client's");
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return identity.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return identity.key();
        }
    }
}
