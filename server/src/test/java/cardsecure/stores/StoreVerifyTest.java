package cardsecure.stores;

import static cardsecure.TestCards.cardOf;
import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.card.Domain;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.Binding;
import cardsecure.crypto.Fingerprinter;
import cardsecure.crypto.SealedSettings;
import cardsecure.crypto.ShortLivedKeys;
import cardsecure.keys.AesKeyWrapper;
import cardsecure.keys.KeyId;
import cardsecure.keys.KeyRing;
import cardsecure.keys.KeyWrapper;
import cardsecure.keys.Keystore;
import cardsecure.rocks.RocksSettings;
import cardsecure.rocks.RocksTokenStore;
import cardsecure.rocks.Tampering;
import cardsecure.rotation.KeyProcedures;
import cardsecure.rotation.LiveKeys;
import cardsecure.secret.SecretBytes;
import cardsecure.site.Site;
import cardsecure.site.SiteCodec;
import cardsecure.site.SiteId;
import cardsecure.site.SiteSetting;
import cardsecure.store.Change;
import cardsecure.store.Fingerprint;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.GroupCommit;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.Outcome;
import cardsecure.store.Page;
import cardsecure.store.SealedData;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import cardsecure.token.Token;
import cardsecure.vault.SiteDirectory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StoreVerifyTest {
    private static final RocksSettings SMALL = new RocksSettings(1 << 20, 1 << 20, 0);
    private static final SiteId SITE = new SiteId(1);
    private static final SiteId CLEAR_SITE = new SiteId(2);
    private static final KeyWrapper KEK =
            new AesKeyWrapper(SecretBytes.copyOf(new byte[AesKeyWrapper.LENGTH]), new SecureRandom());

    @TempDir
    Path directory;

    private Path storeDirectory() {
        return directory.resolve("store");
    }

    private TokenStore open() throws StoreException {
        return RocksTokenStore.open(storeDirectory(), SMALL);
    }

    /// A vault's keys and what they make.
    private record Maker(Keystore keystore, Barrier barrier, Fingerprinter fingerprinter) {
        static Maker of(TokenStore store) throws StoreException {
            Keystore keystore = new Keystore(store, KEK, new SecureRandom(), InstantSource.fixed(Instant.EPOCH));
            KeyRing ring = keystore.openOrCreate();
            return new Maker(keystore, new Barrier(ring, SecureRandom::new), new Fingerprinter(ring.fingerprintKeys()));
        }

        SealedData setting(String name, SecretBytes value) {
            return barrier.seal(new Binding.Setting(name), value);
        }

        Fingerprint fingerprint(SiteId site, int number) {
            return fingerprinter.renew(site, Domain.CARD, card(number));
        }

        SealedData sealed(TokenPlace place, int number) {
            return barrier.seal(new Binding.Row(place), card(number));
        }

        TokenRow row(SiteId site, int number) {
            TokenPlace place = place(site, number);
            return new TokenRow(place, Optional.of(fingerprint(site, number)), Optional.of(sealed(place, number)));
        }
    }

    private static SecretBytes card(int number) {
        return secret(cardOf(String.format("4444%06d", number), 16));
    }

    private static TokenPlace place(SiteId site, int number) {
        return new TokenPlace(site, Domain.CARD, new Token("token-" + number));
    }

    private static void set(TokenStore store, String name, SealedData value) throws StoreException {
        assertThat(store.setSetting(name, store.setting(name), Optional.of(value)))
                .isTrue();
    }

    private static void addSite(TokenStore store, Maker maker, Site site) throws StoreException {
        String name = SiteDirectory.PREFIX + String.format("%010d", site.id().number());
        set(store, name, maker.setting(name, SecretBytes.owning(SiteCodec.encode(site))));
    }

    private static Maker fill(TokenStore store) throws StoreException {
        Maker maker = Maker.of(store);
        addSite(store, maker, Site.named(SITE, "one"));
        addSite(store, maker, SiteSetting.ENCRYPTION.set(Site.named(CLEAR_SITE, "two"), "on-with-old-clear-rows"));
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            changes.add(new Change.Insert(maker.row(SITE, i)));
        }
        TokenPlace clear = place(CLEAR_SITE, 1);
        changes.add(new Change.Insert(new TokenRow(
                clear,
                Optional.of(maker.fingerprint(CLEAR_SITE, 1)),
                Optional.of(maker.barrier().leaveClear(card(1))))));
        TokenPlace unique = place(SITE, 900);
        changes.add(new Change.Insert(new TokenRow(unique, Optional.empty(), Optional.of(maker.sealed(unique, 0)))));
        changes.add(new Change.Purge(place(SITE, 3)));
        store.write(changes);
        return maker;
    }

    private static void keep(TokenStore store, Maker maker, TokenPlace place, long deadline) throws StoreException {
        ShortLivedKeys shortLived = new ShortLivedKeys(new SealedSettings(store, maker.barrier()), SecureRandom::new);
        ShortLivedRow row = shortLived.seal(place, Instant.ofEpochSecond(deadline), SecretBytes.owning(new byte[40]));
        assertThat(store.write(List.of(new Change.Keep(row)))).containsExactly(new Outcome.Kept());
    }

    private static StoreVerify.Counts verify(TokenStore store, List<String> faults) throws StoreException {
        VaultKeys keys = new VaultKeys(Maker.of(store).keystore());
        return new StoreVerify(
                        store,
                        keys,
                        () -> Instant.ofEpochSecond(1000),
                        (_, _, _) -> {},
                        fault -> faults.add(fault.toString()))
                .verify();
    }

    private static List<String> faults(TokenStore store) throws StoreException {
        List<String> faults = new ArrayList<>();
        StoreVerify.Counts counts = verify(store, faults);
        assertThat(counts.faults()).isEqualTo(faults.size());
        return faults;
    }

    @Test
    void aVaultAsItWasLeftHasNoFault() throws Exception {
        try (TokenStore store = open()) {
            fill(store);
            List<String> faults = new ArrayList<>();
            assertThat(verify(store, faults)).isEqualTo(new StoreVerify.Counts(22, 1, 1, 21, 0, 3, 0));
            assertThat(faults).isEmpty();
        }
    }

    @Test
    void shortLivedDataAreOpened() throws Exception {
        try (TokenStore store = open()) {
            Maker maker = fill(store);
            keep(store, maker, place(SITE, 1), 1200);
            keep(store, maker, place(SITE, 2), 1200);
            // Past, by the clock of the test.
            keep(store, maker, place(SITE, 4), 960);
            List<String> faults = new ArrayList<>();
            assertThat(verify(store, faults)).isEqualTo(new StoreVerify.Counts(22, 1, 1, 21, 3, 6, 0));
            ShortLivedRow one = store.shortLived(place(SITE, 1)).orElseThrow();
            store.write(List.of(new Change.Keep(new ShortLivedRow(place(SITE, 2), one.deadline(), one.data()))));
            for (String name : store.settingNames(ShortLivedKeys.PREFIX + "0000000016/")) {
                store.setSetting(name, store.setting(name), Optional.empty());
            }
            assertThat(faults(store))
                    .containsExactly("short-lived data of site 1, domain C, token token-2: do not open: changed, or"
                            + " moved from another place");
            for (String name : store.settingNames(ShortLivedKeys.PREFIX)) {
                store.setSetting(name, store.setting(name), Optional.empty());
            }
            assertThat(faults(store))
                    .containsExactly(
                            "short-lived data of site 1, domain C, token token-1: is sealed under a key that is missing"
                                    + " or retired",
                            "short-lived data of site 1, domain C, token token-2: is sealed under a key that is missing"
                                    + " or retired");
        }
    }

    @Test
    void aWrappedFingerprintIsRightForAPurgedRowAndForOneWhoseCardCameAgain() throws Exception {
        try (TokenStore store = new MemoryTokenStore()) {
            Maker maker = fill(store);
            Fingerprint old = maker.fingerprint(SITE, 3);
            KeyRing rotated = maker.keystore()
                    .change(ring -> ring.withFingerprintKeys(keys ->
                            keys.install(new SecureRandom(), Instant.EPOCH).activate()));
            Fingerprinter next = new Fingerprinter(rotated.fingerprintKeys());
            store.write(List.of(new Change.Refingerprint(place(SITE, 3), old, next.wrap(old))));
            assertThat(faults(store)).isEmpty();
            store.write(List.of(new Change.Replace(place(SITE, 3), Optional.empty(), maker.sealed(place(SITE, 3), 3))));
            assertThat(faults(store)).isEmpty();
        }
    }

    /// Settings that a start writes for each key stand until the key is destroyed, and a retired one does not open its.
    @Test
    void aKeyThatIsRetiredIsNoFaultAndOneThatIsMissingIs() throws Exception {
        MemoryTokenStore store = new MemoryTokenStore();
        Keystore keystore = Maker.of(store).keystore();
        try (GroupCommit commits = new GroupCommit(store, 10, 10);
                LiveKeys live = new LiveKeys(store, commits, keystore, keystore.read(), SecureRandom::new)) {
            KeyProcedures.requireKeysOf(store, live);
            KeyId first = live.ring().dataKeys().current().id();
            live.change(ring -> ring.withDataKeys(
                    keys -> keys.install(new SecureRandom(), Instant.EPOCH).activate(Instant.EPOCH)));
            KeyProcedures.requireKeysOf(store, live);
            assertThat(store.settingNames("")).contains("key-check/001", "key-check/002");
            assertThat(faults(store)).isEmpty();
            live.change(ring -> ring.withDataKeys(keys -> keys.retire(first, Instant.EPOCH)));
            assertThat(faults(store)).isEmpty();
            live.change(ring -> ring.withDataKeys(keys -> keys.destroy(first, Instant.EPOCH)));
            assertThat(faults(store)).isEmpty();
            byte[] ofAnother =
                    store.setting("key-check/002").orElseThrow().bytes().clone();
            ofAnother[3] = '9';
            set(store, "key-check/009", new SealedData(ofAnother));
            assertThat(faults(store))
                    .containsExactly("setting key-check/009: is sealed under a key that is missing or retired");
        }
    }

    @Test
    void eachRowThatIsNotAsTheVaultLeftItIsNamed() throws Exception {
        try (TokenStore store = new MemoryTokenStore()) {
            Maker maker = fill(store);
            TokenRow victim = store.byToken(place(SITE, 5)).orElseThrow();
            byte[] changed = victim.data().orElseThrow().bytes().clone();
            changed[changed.length - 1] ^= 1;
            byte[] otherKey = victim.data().orElseThrow().bytes().clone();
            otherKey[3] = '9';
            Fingerprint versionNine = new Fingerprint(new byte[Fingerprint.LENGTH]);
            versionNine.bytes()[0] = 9;
            store.write(List.of(
                    new Change.Replace(place(SITE, 5), victim.data(), new SealedData(changed)),
                    new Change.Replace(
                            place(SITE, 6),
                            store.byToken(place(SITE, 6)).orElseThrow().data(),
                            new SealedData(otherKey)),
                    new Change.Replace(
                            place(SITE, 7),
                            store.byToken(place(SITE, 7)).orElseThrow().data(),
                            store.byToken(place(SITE, 8)).orElseThrow().data().orElseThrow()),
                    new Change.Replace(
                            place(SITE, 9),
                            store.byToken(place(SITE, 9)).orElseThrow().data(),
                            maker.barrier().leaveClear(card(9))),
                    new Change.Replace(
                            place(SITE, 10),
                            store.byToken(place(SITE, 10)).orElseThrow().data(),
                            maker.sealed(place(SITE, 10), 777)),
                    new Change.Refingerprint(place(SITE, 3), maker.fingerprint(SITE, 3), versionNine),
                    new Change.Insert(maker.row(new SiteId(77), 1))));
            SealedData kept = store.setting(SiteDirectory.PREFIX + "0000000001").orElseThrow();
            set(store, SiteDirectory.PREFIX + "0000000009", kept);

            assertThat(faults(store))
                    .containsExactlyInAnyOrder(
                            "setting site/0000000009: does not open: changed, or of another name",
                            "site 1, domain C, token token-5: does not open: changed, or moved from another place",
                            "site 1, domain C, token token-6: is sealed under a key that is missing or retired",
                            "site 1, domain C, token token-7: does not open: changed, or moved from another place",
                            "site 1, domain C, token token-9: is in clear, and its site seals",
                            "site 1, domain C, token token-10: has the fingerprint of other data",
                            "site 1, domain C, token token-3: has a fingerprint that nobody looks for: of another key",
                            "site 77, domain C, token token-1: belongs to no site");
        }
    }

    private static byte[] indexKey(Fingerprint fingerprint) {
        return ByteBuffer.allocate(4 + Fingerprint.LENGTH)
                .putInt(SITE.number())
                .put(fingerprint.bytes())
                .array();
    }

    private static byte[] indexValue(int number) {
        return ("C" + place(SITE, number).token()).getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void eachEntryThatIsNoneAndEachThatLeadsAstrayIsNamed() throws Exception {
        Maker maker;
        try (TokenStore store = open()) {
            maker = fill(store);
        }
        byte[] rowKey = ByteBuffer.allocate(5 + 7)
                .putInt(SITE.number())
                .put((byte) 'C')
                .put("token-4".getBytes(StandardCharsets.US_ASCII))
                .array();
        try (Tampering tampering = new Tampering(storeDirectory())) {
            tampering.putRow(rowKey, new byte[] {99});
            tampering.deleteIndex(indexKey(maker.fingerprint(SITE, 5)));
            tampering.putIndex(indexKey(maker.fingerprint(SITE, 6)), indexValue(7));
            tampering.putIndex(indexKey(maker.fingerprint(SITE, 500)), indexValue(500));
            tampering.putIndex(new byte[] {0, 1}, new byte[] {0});
        }
        try (TokenStore store = open()) {
            assertThat(faults(store))
                    .containsExactlyInAnyOrder(
                            "site 1, domain C, token token-4, key 0000000143746f6b656e2d34: cannot be read",
                            "site 1, domain C, token token-5: is not found by its fingerprint:"
                                    + " its data would get a second token",
                            "site 1, domain C, token token-6: is not the row that its fingerprint finds",
                            "site 1, domain C, token token-7: is where an entry of the index leads,"
                                    + " and the row there has another fingerprint",
                            "site 1, domain C, token token-500: is where an entry of the index leads,"
                                    + " and no row stands there",
                            "key 0001: in the index cannot be read");
        }
    }

    @Test
    void aRowThatSomebodyChangesMeanwhileIsNoFault() throws Exception {
        MemoryTokenStore kept = new MemoryTokenStore();
        fill(kept);
        TokenStore busy = new ForwardingTokenStore(kept) {
            private boolean purged;

            @Override
            public synchronized Page<TokenRow> rows(Optional<TokenPlace> after, int max) throws StoreException {
                Page<TokenRow> page = super.rows(after, max);
                if (!purged) {
                    purged = true;
                    kept.write(List.of(new Change.Purge(place(SITE, 5))));
                }
                return page;
            }
        };
        assertThat(faults(busy)).isEmpty();
        assertThat(kept.byToken(place(SITE, 5)).orElseThrow().data()).isEmpty();
    }

    @Test
    void aStoreWhoseTokensFindNothingIsFoundOut() throws Exception {
        MemoryTokenStore kept = new MemoryTokenStore();
        fill(kept);
        TokenStore lossy = new ForwardingTokenStore(kept) {
            @Override
            public Optional<TokenRow> byToken(TokenPlace place) throws StoreException {
                return place.equals(place(SITE, 5)) ? Optional.empty() : super.byToken(place);
            }
        };
        assertThat(faults(lossy)).containsExactly("site 1, domain C, token token-5: is not found by its token");
    }
}
