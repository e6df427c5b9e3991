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
import cardsecure.tls.LogLines;
import cardsecure.vault.SiteDirectory;
import cardsecure.wallet.ApplePay;
import cardsecure.wallet.ApplePaySimulator;
import cardsecure.wallet.GooglePaySimulator;
import cardsecure.wallet.WalletKey;
import cardsecure.wallet.WalletKeyPair;
import cardsecure.wallet.WalletKind;
import cardsecure.wallet.WalletTrust;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

    private static WalletsConfig googleKeys(Optional<Path> payments, Optional<Path> tests) {
        return new WalletsConfig(Optional.empty(), ApplePay.PAST, ApplePay.FUTURE, payments, tests);
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
        Files.writeString(file("root.cer"), "none");
        assertThatThrownBy(() -> roots(config(Optional.of(file("root.cer")), Optional.empty())))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("root.cer cannot be used: it is no certificate");
    }

    /// The server serves all else: what fetches the file by night must not decide whether it starts in the
    /// morning.
    @Test
    void aFileOfGooglesThatCannotBeUsedAtTheStartIsNamedAndReadWhenItCan() throws IOException {
        Path file = file("google.json");
        WalletRoots roots = roots(config(Optional.empty(), Optional.of(file)));
        try (WalletWatch watch = watch(roots)) {
            assertThat(watch.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("file " + file + " is missing")
                    .contains("each such payload is refused");
            Files.createDirectory(file);
            roots.look();
            assertThat(watch.warnings()).singleElement().asString().startsWith("file " + file + " cannot be read");
            Files.delete(file);
            Files.writeString(file, "{}");
            roots.look();
            assertThat(watch.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("file " + file + " cannot be used: Google's root keys cannot be read");
            assertThat(roots.get().google()).isEmpty();
            writeKeys("google.json");
            assertThat(roots.look()).isTrue();
            assertThat(roots.get().google()).hasSize(1);
            assertThat(watch.warnings()).isEmpty();
        }
    }

    @Test
    void keysThatVerifyNoPaymentDoNotReplaceThoseThatDo() throws IOException {
        Path file = file("google.json");
        String good = new String(new GooglePaySimulator(RANDOM, now).rootKeys().reveal(), StandardCharsets.UTF_8);
        String later = new String(
                new GooglePaySimulator(RANDOM, now.plus(Duration.ofDays(9)))
                        .rootKeys()
                        .reveal(),
                StandardCharsets.UTF_8);
        Files.writeString(file, good);
        WalletRoots roots = roots(config(Optional.empty(), Optional.of(file)));
        WalletTrust first = roots.get();
        for (String bad : List.of(
                good.replace("ECv2", "ECv3"),
                good.replace("ECv1", "ECv9").replace("ECv2", "ECv3"),
                good.replaceAll("\"keyExpiration\":\"[0-9]+\"", "\"keyExpiration\":\"1\""))) {
            assertThat(bad).isNotEqualTo(good);
            Files.writeString(file, bad);
            assertThat(roots.look()).as(bad).isFalse();
            assertThat(roots.get()).isSameAs(first);
            try (WalletWatch watch = watch(roots)) {
                assertThat(watch.warnings())
                        .singleElement()
                        .asString()
                        .contains("cannot be used", "held before are in force");
            }
        }
        Files.writeString(file, later);
        assertThat(roots.look()).isTrue();
    }

    @Test
    void keysForTestsAreNoneForPayments() throws IOException {
        Path payments = file("google.json");
        Path tests = file("tests.json");
        writeKeys("tests.json");
        Files.createSymbolicLink(payments, tests);
        WalletRoots roots = roots(googleKeys(Optional.of(payments), Optional.of(tests)));
        try (WalletWatch watch = watch(roots)) {
            assertThat(roots.get().googleTest()).hasSize(1);
            assertThat(roots.get().google()).isEmpty();
            assertThat(watch.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("file " + payments + " cannot be used: its key ECv")
                    .contains("is one for tests");
            Files.delete(payments);
            writeKeys("google.json");
            roots.look();
            assertThat(roots.get().google()).hasSize(1);
            assertThat(watch.warnings()).isEmpty();
            // And none comes in later.
            WalletTrust first = roots.get();
            Files.copy(tests, payments, StandardCopyOption.REPLACE_EXISTING);
            roots.look();
            assertThat(roots.get()).isSameAs(first);
        }
    }

    /// The same is wrong with the file as before, but now nobody is believed.
    @Test
    void thatNothingIsInForceAnyMoreIsSaidThoughTheFileWasComplainedOf() throws IOException {
        Path payments = file("google.json");
        Path tests = file("tests.json");
        writeKeys("google.json");
        writeKeys("tests.json");
        WalletRoots roots = roots(googleKeys(Optional.of(payments), Optional.of(tests)));
        byte[] mixed = Files.readAllBytes(payments);
        Files.delete(payments);
        try (LogLines log = new LogLines(WatchedFile.class)) {
            roots.look();
            roots.look();
            assertThat(log.lines()).singleElement().asString().endsWith("what it held before stays in force");
            Files.move(tests, file("right.json"));
            Files.write(tests, mixed);
            assertThat(roots.look()).isTrue();
            assertThat(roots.get().google()).isEmpty();
            assertThat(log.lines()).hasSize(2).last().asString().endsWith("nothing is in force");
        }
    }

    @Test
    void keysThatTurnUpAmongThoseForTestsAreBelievedForPaymentsNoLonger() throws IOException {
        Path payments = file("google.json");
        Path tests = file("tests.json");
        writeKeys("google.json");
        writeKeys("tests.json");
        WalletRoots roots = roots(googleKeys(Optional.of(payments), Optional.of(tests)));
        try (WalletWatch watch = watch(roots)) {
            assertThat(roots.get().google()).hasSize(1);
            Files.move(tests, file("right.json"));
            Files.copy(payments, tests);
            assertThat(roots.look()).isTrue();
            assertThat(roots.get().google()).isEmpty();
            assertThat(watch.warnings()).singleElement().asString().contains("is one for tests", "nobody is believed");
            assertThat(roots.look()).isFalse();
            Files.move(file("right.json"), tests, StandardCopyOption.REPLACE_EXISTING);
            assertThat(roots.look()).isTrue();
            assertThat(roots.get().google()).hasSize(1);
            assertThat(watch.warnings()).isEmpty();
        }
    }

    /// Whether or not the operator has them in a file of their own.
    @Test
    void theKeysThatGooglePublishesForTestsAreNoneForPayments() throws IOException {
        String key = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEGnJ7Yo1sX9b4kr4Aa5uq58JRQfzD8bIJXw7WXaap/hVE"
                + "+PnFxvjx4nVxt79SdRuUVeu++HZD0cGAv4IOznc96w==";
        Files.writeString(
                file("google.json"),
                "{\"keys\":[{\"keyValue\":\"" + key
                        + "\",\"protocolVersion\":\"ECv2\",\"keyExpiration\":\"2154841200000\"}]}");
        Optional<Path> file = Optional.of(file("google.json"));
        assertThat(roots(config(Optional.empty(), file)).get().google()).isEmpty();
        WalletRoots tests = roots(googleKeys(Optional.empty(), file));
        assertThat(tests.get().googleTest()).hasSize(1);
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
            assertThat(some.warnings())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "site shop has keys for Google Pay, a gateway's google-recipient and no google-merchant");
            sites.change("shop", site -> SiteSetting.GOOGLE_MERCHANT.set(site, "m1"));
            assertThat(none.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("site shop has keys for Google Pay")
                    .contains("google-keys");
            assertThat(some.warnings()).isEmpty();
            sites.change("shop", site -> SiteSetting.GOOGLE_TEST.set(site, "on"));
            assertThat(some.warnings()).hasSize(2);
            assertThat(some.warnings().getFirst()).contains("google-test-keys");
            assertThat(some.warnings().getLast())
                    .startsWith("site shop believes Google's keys for tests")
                    .contains("make up payments");
        }
    }

    @Test
    void aMerchantsCertificateIsWarnedOfForTwoWeeksBeforeItExpires() throws Exception {
        WalletKeyPair pair = WalletKeyPair.generate(WalletKeyPair.Algorithm.EC_P256, RANDOM);
        sites.walletKeys().of(WalletKind.APPLE).add(shop(), WalletKey.of(pair, now));
        sites.walletKeys()
                .of(WalletKind.APPLE)
                .certify(shop(), new ApplePaySimulator(RANDOM, now).merchantCertificate(pair, "merchant.shop", now));
        Optional<WalletSimulators> simulators = Optional.of(new WalletSimulators(clock, RANDOM));
        try (WalletWatch real = watch(roots(WalletsConfig.defaults()));
                WalletWatch watch = watch(new WalletRoots(WalletsConfig.defaults(), simulators, clock))) {
            // It was made with --dev, and Apple does not know it.
            assertThat(real.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("the certificate of key 1 of site shop for Apple Pay is a simulated one")
                    .contains("apple remove");
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
