package cardsecure.tls;

import cardsecure.config.ListenerConfig.ClientCertificates;
import cardsecure.config.TlsConfig;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// What the files held when they were read, made ready for handshakes. A reload makes another one; sessions belong to
/// a context, so none that began before can be resumed after it, by a client whose authority is gone or otherwise.
///
/// @param contexts one for each way of asking clients, so that a session that began without a certificate is not
///         resumed where one is required
record TlsState(List<TlsIdentity> identities, Map<ClientCertificates, SSLContext> contexts) {
    private static final int SESSION_SECONDS = 60 * 60;

    /// @throws Refusal `0044` for what cannot be used
    static TlsState read(TlsConfig config) {
        List<TlsIdentity> identities =
                config.identities().stream().map(IdentityReader::read).toList();
        Optional<List<X509Certificate>> authorities = config.clientCa().map(PemFile::certificates);
        Map<ClientCertificates, SSLContext> contexts = new EnumMap<>(ClientCertificates.class);
        try {
            for (ClientCertificates asked : ClientCertificates.values()) {
                contexts.put(asked, context(identities, trust(asked, authorities)));
            }
        } catch (GeneralSecurityException e) {
            Path named = config.clientCa().orElseGet(() -> Path.of("of certificates"));
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "TLS file " + named + " cannot be used", e);
        }
        return new TlsState(identities, contexts);
    }

    SSLContext context(ClientCertificates asked) {
        return Objects.requireNonNull(contexts.get(asked));
    }

    private static SSLContext context(List<TlsIdentity> identities, TrustManager[] trust)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new SniKeyManager(identities)}, trust, null);
        context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
        return context;
    }

    /// Nobody, unless clients are asked; without a list of its own, Java would trust the authorities of the web.
    private static TrustManager[] trust(ClientCertificates asked, Optional<List<X509Certificate>> authorities)
            throws GeneralSecurityException {
        if (asked == ClientCertificates.OFF || authorities.isEmpty()) {
            return new TrustManager[] {};
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        char @Nullable [] noPassword = null;
        try {
            store.load(null, noPassword);
        } catch (IOException e) {
            throw new IllegalStateException("an empty key store was not made", e);
        }
        int count = 0;
        for (X509Certificate authority : authorities.get()) {
            store.setCertificateEntry("ca" + count++, authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory.getTrustManagers();
    }
}
