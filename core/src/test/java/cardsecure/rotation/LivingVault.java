package cardsecure.rotation;

import static cardsecure.TestCards.secret;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.ErrorIds;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.ShortLivedKeys;
import cardsecure.keys.AesKeyWrapper;
import cardsecure.keys.KeyWrapper;
import cardsecure.keys.Keystore;
import cardsecure.rsa.RsaWorkers;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteSetting;
import cardsecure.store.GroupCommit;
import cardsecure.store.StoreException;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import cardsecure.token.TokenGenerator;
import cardsecure.vault.Call;
import cardsecure.vault.Caller;
import cardsecure.vault.Credentials;
import cardsecure.vault.EncryptedData;
import cardsecure.vault.EncryptedSources;
import cardsecure.vault.Gate;
import cardsecure.vault.LooksNowAndThen;
import cardsecure.vault.Reply;
import cardsecure.vault.ShortLivedData;
import cardsecure.vault.SiteDirectory;
import cardsecure.vault.SiteSelector;
import cardsecure.vault.Tokenizer;
import cardsecure.vault.Vault;
import cardsecure.wallet.WalletTrust;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A vault on a store that outlives it: opened, used, closed or left lying as by a crash, and opened again.
final class LivingVault implements AutoCloseable {
    private static final Caller CALLER =
            new Caller(InetAddress.ofLiteral("192.0.2.1"), true, new SiteSelector.Default(), new Credentials.None());
    private static final KeyWrapper KEK =
            new AesKeyWrapper(SecretBytes.copyOf(new byte[AesKeyWrapper.LENGTH]), new SecureRandom());

    final TokenStore store;
    final LiveKeys keys;
    final KeyProcedures procedures;
    final SiteDirectory sites;
    private final LinkedBlockingQueue<String> administered = new LinkedBlockingQueue<>();
    private final RsaWorkers workers = RsaWorkers.usual();
    private final GroupCommit commits;
    private final Vault vault;

    LivingVault(TokenStore store) throws StoreException {
        this(store, InstantSource.fixed(Instant.EPOCH));
    }

    LivingVault(TokenStore store, InstantSource clock) throws StoreException {
        SecureRandom random = new SecureRandom();
        this.store = store;
        this.commits = new GroupCommit(store, 1000, 100);
        Keystore keystore = new Keystore(store, KEK, random, clock);
        this.keys = new LiveKeys(store, commits, keystore, keystore.openOrCreate(), SecureRandom::new);
        KeyProcedures.requireKeysOf(store, keys);
        this.sites = new SiteDirectory(store, commits, keys.settings());
        if (sites.all().isEmpty()) {
            sites.add(
                    "fts",
                    site -> SiteSetting.OPEN.set(
                            SiteSetting.DOMAINS.set(SiteSetting.DEFAULT.set(site, "on"), "C,A,P,S"),
                            "tokenize,verify,purge,bin,encrypt,decrypt"));
        }
        Tokenizer tokenizer = LooksNowAndThen.tokenizer(
                store, commits, keys.barrier(), keys.fingerprinter(), new TokenGenerator(random));
        EncryptedData encrypted = new EncryptedData(sites.rsaKeys(), workers, _ -> {}, clock);
        this.vault = new Vault(
                sites,
                tokenizer,
                new ShortLivedData(store, commits, new ShortLivedKeys(keys.settings(), SecureRandom::new), clock),
                EncryptedSources.of(sites, encrypted, WalletTrust::nobody, clock, true),
                keys.callerCipher(),
                Gate.usual(sites.users(), 1000, random),
                clock,
                _ -> {},
                new ErrorIds(new Random(1)));
        this.procedures = new KeyProcedures(
                store,
                commits,
                keys,
                event -> {
                    if (event instanceof AuditEvent.Administered(String what)) {
                        administered.add(what);
                    }
                },
                _ -> false,
                random,
                clock);
        procedures.begin();
    }

    /// What is answered, or the error as it goes over the wire.
    String answer(String action, String data) {
        Reply reply = vault.handle(CALLER, new Call.Decoded(Optional.of(action), Optional.of(secret(data)), false));
        return switch (reply) {
            case Reply.Tokenized tokenized -> tokenized.token().text();
            case Reply.Told told -> told.text();
            case Reply.Revealed revealed -> new String(revealed.data().reveal(), StandardCharsets.UTF_8);
            case Reply.Encrypted encrypted -> encrypted.ciphertext();
            case Reply.Decrypted decrypted -> new String(decrypted.data().reveal(), StandardCharsets.UTF_8);
            case Reply.Refused refused -> refused.code().wire();
            default -> throw new AssertionError(reply);
        };
    }

    /// Reseals, and waits until it is done.
    void reseal() throws Exception {
        procedures.reseal(OptionalLong.empty());
        awaitAdministered("key job reseal finished");
    }

    /// Rotates the fingerprint key, and waits until all fingerprints are made anew.
    void rotateFingerprintKey() throws Exception {
        procedures.rotateFingerprintKey(OptionalLong.empty());
        awaitAdministered("key job refingerprint finished");
    }

    /// Waits until an event that begins so was recorded, which nobody waited for yet.
    String awaitAdministered(String beginning) throws InterruptedException {
        while (true) {
            String what = administered.poll(30, TimeUnit.SECONDS);
            if (what == null) {
                throw new AssertionError("nothing was recorded that begins with " + beginning);
            }
            if (what.startsWith(beginning)) {
                return what;
            }
        }
    }

    /// Waits until there is no job any more; fails when the store has failed it.
    void awaitJob(String kind) throws InterruptedException {
        while (procedures.job().isPresent()) {
            String what = awaitAdministered("key job " + kind);
            if (what.contains("halts") || what.contains("failed")) {
                throw new AssertionError(what);
            }
        }
    }

    Census census() throws StoreException {
        return procedures.census(_ -> {});
    }

    List<TokenRow> rows() throws StoreException {
        return new ArrayList<>(store.rows(Optional.empty(), Integer.MAX_VALUE).items());
    }

    static boolean isUnder(TokenRow row, String keyId) {
        return row.data()
                .flatMap(Barrier::keyId)
                .filter(id -> id.text().equals(keyId))
                .isPresent();
    }

    /// As a stop does it; the store stays open.
    @Override
    public void close() {
        procedures.close();
        workers.close();
        commits.close();
    }
}
