package cardsecure.http;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.audit.ErrorIds;
import cardsecure.config.LimitsConfig;
import cardsecure.config.ListenerConfig;
import cardsecure.config.ListenerConfig.ClientCertificates;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenerConfig.WhenFull;
import cardsecure.config.TlsConfig;
import cardsecure.config.TlsIdentityConfig.Pem;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.CallerCipher;
import cardsecure.crypto.Fingerprinter;
import cardsecure.crypto.SealedSettings;
import cardsecure.crypto.ShortLivedKeys;
import cardsecure.keys.KeyRing;
import cardsecure.rsa.RsaWorkers;
import cardsecure.sap.FunctionDispatcher;
import cardsecure.secret.SecretBytes;
import cardsecure.server.Client;
import cardsecure.server.Client.Answer;
import cardsecure.site.Right;
import cardsecure.site.Site;
import cardsecure.site.SiteSetting;
import cardsecure.store.GroupCommit;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.TokenStore;
import cardsecure.tls.TestCertificates;
import cardsecure.tls.TlsIdentities;
import cardsecure.token.TokenGenerator;
import cardsecure.user.Argon2id;
import cardsecure.user.Login;
import cardsecure.user.PasswordHash;
import cardsecure.user.User;
import cardsecure.vault.EncryptedData;
import cardsecure.vault.EncryptedSources;
import cardsecure.vault.Gate;
import cardsecure.vault.ShortLivedData;
import cardsecure.vault.SiteDirectory;
import cardsecure.vault.Tokenizer;
import cardsecure.vault.Vault;
import cardsecure.wallet.WalletTrust;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a caller shows reaches the vault: a clerk has a password and may verify, a till has a certificate and may
/// purge.
@Timeout(60)
class HttpCallerTest {
    private static final LimitsConfig LIMITS = LimitsConfig.defaults();
    private static final String TOKEN = "9441149619831111";

    @TempDir
    Path temporary;

    private final SecureRandom random = new SecureRandom();
    private final TokenStore store = new MemoryTokenStore();
    private final GroupCommit commits = new GroupCommit(store, 1000, 100);
    private TestCertificates certificates;
    private Pem till;
    private TlsIdentities identities;
    private SiteDirectory sites;
    private Vault vault;

    @BeforeEach
    void makeVault() throws Exception {
        certificates = TestCertificates.in(temporary);
        till = certificates.client("till-1");
        identities = TlsIdentities.open(
                new TlsConfig(
                        List.of(certificates.server("shop", "localhost", "127.0.0.1")),
                        Optional.of(certificates.authority())),
                InstantSource.system());
        KeyRing ring = KeyRing.create(new Random(1), Instant.EPOCH);
        Barrier barrier = new Barrier(ring, SecureRandom::new);
        SealedSettings settings = new SealedSettings(store, barrier);
        sites = new SiteDirectory(store, commits, settings);
        sites.add("shop", site -> SiteSetting.DEFAULT.set(site, "on"));
        Site shop = sites.all().getFirst();
        SecretBytes password = SecretBytes.copyOf("wrong horse: é".getBytes(StandardCharsets.UTF_8));
        PasswordHash hash = new Argon2id(PasswordHash.Cost.USUAL, random).hash(password);
        sites.users().add(new User(shop.id(), "clerk", new Login.Password(hash), Set.of(Right.VERIFY)));
        sites.users()
                .add(new User(
                        shop.id(),
                        "till-1",
                        new Login.Subject("CN=till-1, O=CardSecure"),
                        Set.of(Right.PURGE, Right.DECRYPT)));
        Tokenizer tokenizer = new Tokenizer(
                store, commits, barrier, new Fingerprinter(ring.fingerprintKeys()), new TokenGenerator(random));
        Gate gate = Gate.usual(sites.users(), LIMITS.requestsInFlightMax(), random);
        CallerCipher cipher = new CallerCipher(ring, SecureRandom::new);
        EncryptedData encrypted =
                new EncryptedData(sites.rsaKeys(), RsaWorkers.usual(), _ -> {}, InstantSource.system());
        vault = new Vault(
                sites,
                tokenizer,
                new ShortLivedData(
                        store, commits, new ShortLivedKeys(settings, SecureRandom::new), InstantSource.system()),
                EncryptedSources.of(sites, encrypted, WalletTrust::nobody, InstantSource.system(), true),
                cipher,
                gate,
                InstantSource.system(),
                _ -> {},
                new ErrorIds(new Random(1)));
    }

    @AfterEach
    void close() {
        identities.close();
        commits.close();
        store.close();
    }

    private HttpFront front(ListenerConfig listener) {
        var tls = Optional.of(identities.forClients(listener.clientCertificates()))
                .filter(_ -> listener.kind().tls());
        return new HttpFront(
                listener, tls, LIMITS, vault, sites, new FunctionDispatcher(vault, _ -> {}, List.of()), _ -> {});
    }

    private static Client secure(SSLContext context, HttpFront front) throws IOException {
        return Client.over(context.getSocketFactory()
                .createSocket("127.0.0.1", front.address().port()));
    }

    private static Answer ask(Client client, String action, String authorization) throws IOException {
        return client.exchange("GET /cardsecure/cs?action=" + action + "&data=" + TOKEN
                + " HTTP/1.1\r\nHost: localhost\r\n" + authorization + "\r\n");
    }

    private static String basic(String userAndPassword) {
        byte[] bytes = userAndPassword.getBytes(StandardCharsets.UTF_8);
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(bytes) + "\r\n";
    }

    @Test
    void aPasswordIsShownByTheHeader() throws Exception {
        try (HttpFront front = front(Fronts.open(Kind.HTTP));
                Client client = Client.to(front.address().port())) {
            assertThat(ask(client, "CV", "").status()).isEqualTo(401);
            assertThat(ask(client, "CV", "").header("WWW-Authenticate"))
                    .contains("Basic realm=\"CardSecure\", charset=\"UTF-8\"");
            assertThat(ask(client, "CV", basic("clerk:wrong horse: é")).data()).isEqualTo("Token Not Found");
            assertThat(ask(client, "CP", basic("clerk:wrong horse: é")).status())
                    .isEqualTo(401);
            assertThat(ask(client, "CV", basic("clerk:right horse")).status()).isEqualTo(401);
            assertThat(ask(client, "CV", "Authorization: Basic %%%\r\n").status())
                    .isEqualTo(401);
        }
    }

    @Test
    void aCertificateIsShownByTheHandshakeAndNamedCredentialsGoBeforeIt() throws Exception {
        try (HttpFront front = front(Fronts.asking(ClientCertificates.OPTIONAL))) {
            try (Client client = secure(certificates.showing(till), front)) {
                assertThat(ask(client, "CP", "").data()).isEqualTo("0049::Data not found");
                assertThat(ask(client, "CD", "").data()).isEqualTo("0049::Data not found");
                assertThat(ask(client, "CV", "").status()).isEqualTo(401);
                assertThat(ask(client, "CP", "Authorization: Bearer abc\r\n").data())
                        .isEqualTo("0049::Data not found");
                assertThat(ask(client, "CV", basic("clerk:wrong horse: é")).data())
                        .isEqualTo("Token Not Found");
                assertThat(ask(client, "CP", basic("clerk:wrong horse: é")).status())
                        .isEqualTo(401);
            }
            try (Client client = secure(certificates.trusting(), front)) {
                assertThat(ask(client, "CP", "").status()).isEqualTo(401);
            }
        }
    }

    /// Else any page that the clerk opens could run what is kept here as a script.
    @Test
    void credentialsThatABrowserSendsForAnotherSitesScriptDoNotCount() throws Exception {
        String foreign = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n";
        String clerk = basic("clerk:wrong horse: é");
        try (HttpFront front = front(Fronts.open(Kind.HTTP));
                Client client = Client.to(front.address().port())) {
            assertThat(ask(client, "CV", clerk + foreign).status()).isEqualTo(401);
            assertThat(ask(client, "CV", clerk + foreign.replace("cross-site", "same-origin"))
                            .status())
                    .isEqualTo(200);
            assertThat(ask(client, "CV", clerk + foreign.replace("no-cors", "cors"))
                            .status())
                    .isEqualTo(200);
            assertThat(ask(client, "CE", foreign).data()).isEqualTo("0056::Token format bad");
        }
        try (HttpFront front = front(Fronts.asking(ClientCertificates.OPTIONAL));
                Client client = secure(certificates.showing(till), front)) {
            assertThat(ask(client, "CP", foreign).status()).isEqualTo(401);
            assertThat(ask(client, "CD", foreign).data()).isEqualTo("0071::Unauthorized decrypt");
        }
    }

    @Test
    void aSessionThatIsResumedStillShowsItsCertificate() throws Exception {
        SSLContext context = certificates.showing(till);
        try (HttpFront front = front(Fronts.asking(ClientCertificates.OPTIONAL))) {
            for (int i = 0; i < 3; i++) {
                try (Client client = secure(context, front)) {
                    assertThat(ask(client, "CP", "").data()).isEqualTo("0049::Data not found");
                }
            }
        }
    }

    @Test
    void connectionsAreCounted() throws Exception {
        ListenerConfig one = Fronts.tight(Kind.HTTP, 1, WhenFull.REFUSE, Duration.ofMinutes(1));
        try (HttpFront front = front(one);
                Client first = Client.to(front.address().port())) {
            assertThat(ask(first, "HI", "").status()).isEqualTo(200);
            try (Client second = Client.to(front.address().port())) {
                assertThat(second.readToEnd()).isEmpty();
            }
            assertThat(front.counts()).isEqualTo(new HttpCounts(1, 1, 1));
        }
    }
}
