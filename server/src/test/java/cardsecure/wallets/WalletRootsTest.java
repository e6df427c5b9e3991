package cardsecure.wallets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.config.WalletsConfig;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.SealedSettings;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyRing;
import cardsecure.site.SiteId;
import cardsecure.site.SiteSetting;
import cardsecure.store.GroupCommit;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.StoreException;
import cardsecure.vault.SiteDirectory;
import cardsecure.wallet.ApplePay;
import cardsecure.wallet.ApplePaySimulator;
import cardsecure.wallet.GooglePaySimulator;
import cardsecure.wallet.WalletKey;
import cardsecure.wallet.WalletKeyPair;
import cardsecure.wallet.WalletKind;
import cardsecure.wallet.WalletTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files of roots as they change, and what there is to warn of.
class WalletRootsTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-11-27T12:00:00Z");
    private final InstantSource clock = () -> now;
    private final MemoryTokenStore store = new MemoryTokenStore();
    private final GroupCommit commits = new GroupCommit(store, 100, 100);
    private SiteDirectory sites = newSites();

    private SiteDirectory newSites() {
        try {
            KeyRing ring = KeyRing.create(new Random(1), Instant.EPOCH);
            return new SiteDirectory(store, commits, new SealedSettings(store, new Barrier(ring, SecureRandom::new)));
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void addSite() throws StoreException {
        sites.add("shop", site -> site);
    }

    @AfterEach
    void close() {
        commits.close();
    }

    private SiteId shop() {
        return sites.named("shop").orElseThrow().id();
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private void writeKeys(String name) throws IOException {
        Files.write(file(name), new GooglePaySimulator(RANDOM, now).rootKeys().reveal());
    }

    private WalletsConfig config(Optional<Path> appleRoot, Optional<Path> googleKeys) {
        return new WalletsConfig(appleRoot, ApplePay.PAST, ApplePay.FUTURE, googleKeys, Optional.empty());
    }

    private WalletRoots roots(WalletsConfig config) {
        return new WalletRoots(config, Optional.empty(), clock);
    }

    private WalletWatch watch(WalletRoots roots) {
        return new WalletWatch(roots, sites, clock);
    }

    @Test
    void withoutFilesApplesOwnRootIsBelievedAndNobodyForGoogle() {
        WalletTrust trust = roots(WalletsConfig.defaults()).get();

        assertThat(trust.apple()).hasSize(1);
        assertThat(trust.google()).isEmpty();
        assertThat(trust.googleTest()).isEmpty();
    }

    @Test
    void simulatorsAreBelievedBesideTheRealOnesWhereThereAreSome() {
        Optional<WalletSimulators> simulators = Optional.of(new WalletSimulators(clock, RANDOM));
        WalletTrust trust = new WalletRoots(WalletsConfig.defaults(), simulators, clock).get();

        assertThat(trust.apple()).hasSize(2);
        assertThat(trust.google()).hasSize(1);
        assertThat(trust.googleTest()).hasSize(1);
    }

    @Test
    void aFileThatChangesIsReadAgainAndOneThatIsDamagedChangesNothing() throws IOException {
        writeKeys("google.json");
        Files.write(file("root.cer"), encoded(new ApplePaySimulator(RANDOM, now)));
        WalletRoots roots = roots(config(Optional.of(file("root.cer")), Optional.of(file("google.json"))));
        WalletTrust first = roots.get();
        roots.look();
        assertThat(roots.get()).isSameAs(first);

        for (String damaged : List.of("", "{\"keys\":[]}", "none", "{")) {
            Files.writeString(file("google.json"), damaged);
            Files.writeString(file("root.cer"), damaged);
            roots.look();
            assertThat(roots.get()).isSameAs(first);
        }
        Files.delete(file("google.json"));
        roots.look();
        assertThat(roots.get()).isSameAs(first);

        writeKeys("google.json");
        roots.look();
        assertThat(roots.get()).isNotSameAs(first);
        assertThat(roots.get().google()).hasSize(1);
    }

    private static byte[] encoded(ApplePaySimulator simulator) {
        try {
            return simulator.root().getEncoded();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aFileThatCannotBeReadAtTheStartIsNamed() throws IOException {
        assertThatThrownBy(() -> roots(config(Optional.of(file("none.cer")), Optional.empty())))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("none.cer is missing");
        Files.writeString(file("google.json"), "{}");
        assertThatThrownBy(() -> roots(config(Optional.empty(), Optional.of(file("google.json")))))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("google.json cannot be used: Google's root keys cannot be read");
        Files.writeString(file("root.cer"), "none");
        assertThatThrownBy(() -> roots(config(Optional.of(file("root.cer")), Optional.empty())))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("root.cer cannot be used: it is no certificate");
    }

    @Test
    void googlesKeysAreWarnedOfForTwoWeeksBeforeTheyExpire() throws IOException {
        writeKeys("google.json");
        try (WalletWatch watch = watch(roots(config(Optional.empty(), Optional.of(file("google.json")))))) {
            assertThat(watch.warnings()).isEmpty();
            now = now.plus(Duration.ofDays(3650 - 13));
            assertThat(watch.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("a root key of Google's in " + file("google.json") + " expires 20")
                    .contains("docs/wallets.md");
            now = now.plus(Duration.ofDays(14));
            assertThat(watch.warnings()).singleElement().asString().contains(" has expired, on 20");
        }
    }

    @Test
    void aSiteWithKeysForGoogleAndNobodyToBelieveIsWarnedOf() throws Exception {
        WalletKeyPair pair = WalletKeyPair.generate(WalletKeyPair.Algorithm.EC_P256, RANDOM);
        writeKeys("google.json");
        try (WalletWatch none = watch(roots(WalletsConfig.defaults()));
                WalletWatch some = watch(roots(config(Optional.empty(), Optional.of(file("google.json")))))) {
            assertThat(none.warnings()).isEmpty();
            sites.walletKeys().of(WalletKind.GOOGLE).add(shop(), WalletKey.of(pair, now));
            assertThat(none.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("site shop has keys for Google Pay")
                    .contains("google-keys");
            assertThat(some.warnings()).isEmpty();
            sites.change("shop", site -> SiteSetting.GOOGLE_TEST.set(site, "on"));
            assertThat(some.warnings()).singleElement().asString().contains("google-test-keys");
        }
    }

    @Test
    void aMerchantsCertificateIsWarnedOfForTwoWeeksBeforeItExpires() throws Exception {
        WalletKeyPair pair = WalletKeyPair.generate(WalletKeyPair.Algorithm.EC_P256, RANDOM);
        sites.walletKeys().of(WalletKind.APPLE).add(shop(), WalletKey.of(pair, now));
        sites.walletKeys()
                .of(WalletKind.APPLE)
                .certify(shop(), new ApplePaySimulator(RANDOM, now).merchantCertificate(pair, "merchant.shop", now));
        try (WalletWatch watch = watch(roots(WalletsConfig.defaults()))) {
            assertThat(watch.warnings()).isEmpty();
            now = now.plus(Duration.ofDays(750));
            assertThat(watch.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("the certificate of key 1 of site shop for Apple Pay expires 20")
                    .contains("apple csr");
            now = now.plus(Duration.ofDays(15));
            assertThat(watch.warnings()).singleElement().asString().contains(" has expired, on ");
        }
    }
}
