package cardsecure.wallet;

import cardsecure.crypto.NumberedKeys;
import cardsecure.crypto.Remains;
import cardsecure.crypto.SealedPerSite;
import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The keys of all sites for one wallet: at hand for requests, kept sealed in the store, changed by
/// administrators. Those of a site are one setting, so that two nodes cannot give the same number. Safe for
/// threads; look-ups never wait for a change.
public final class WalletKeyDirectory {
    /// Two merchants, each with a renewal on its way in EC and in RSA; each one more costs requests that name
    /// no key a decryption.
    public static final int SITE_MAX = 8;

    private static final WalletKeyForm FORM = new WalletKeyForm();

    private final WalletKind wallet;
    private final SealedSettings settings;
    private final SealedPerSite<Held> bySite;

    /// A site's keys, as they are kept and as they are used.
    private record Held(NumberedKeys<WalletKey> kept, List<ApplePayKey> applePay, List<WalletKeyPair> googlePay) {
        static final Held NONE = of(NumberedKeys.none());

        static Held of(NumberedKeys<WalletKey> kept) {
            return new Held(
                    kept,
                    kept.keys().stream().flatMap(key -> key.applePay().stream()).toList(),
                    kept.keys().stream()
                            .map(WalletKey::pair)
                            .filter(pair -> pair.algorithm() == WalletKeyPair.Algorithm.EC_P256)
                            .toList());
        }
    }

    /// Reads all keys.
    ///
    /// @throws Refusal `0024` if they were changed in the store
    public WalletKeyDirectory(SealedSettings settings, WalletKind wallet) throws StoreException {
        this.wallet = wallet;
        this.settings = settings;
        this.bySite = new SealedPerSite<>(
                settings, prefix(wallet), "keys for wallets", Held.NONE, new SealedPerSite.Codec<>() {
                    @Override
                    public SecretBytes encode(Held keys) {
                        return keys.kept().encode(FORM);
                    }

                    @Override
                    public Held decode(SiteId site, SecretBytes bytes) {
                        return Held.of(NumberedKeys.decode(bytes, FORM));
                    }
                });
    }

    private static String prefix(WalletKind wallet) {
        return wallet.label() + "-keys/";
    }

    /// Takes what stands in the store, where another node has changed it.
    public void follow() throws StoreException {
        bySite.follow();
    }

    /// The keys of a site, the newest first.
    public List<WalletKey> of(SiteId site) {
        return bySite.of(site).kept().keys();
    }

    /// Those that Apple has certified, ready for [ApplePay#open].
    public List<ApplePayKey> applePay(SiteId site) {
        return bySite.of(site).applePay();
    }

    /// Those of P-256, ready for a [GooglePayRecipient].
    public List<WalletKeyPair> googlePay(SiteId site) {
        return bySite.of(site).googlePay();
    }

    /// Gives a site one more key, durably.
    ///
    /// @param key without a number
    /// @return the key with its number
    /// @throws Refusal `0044` if the site has too many, or is gone
    public WalletKey add(SiteId site, WalletKey key) throws StoreException {
        WalletKey[] added = new WalletKey[1];
        replace(site, before -> {
            if (before.keys().size() >= SITE_MAX) {
                throw refused(
                        "the site has " + SITE_MAX + " keys, which is the most; remove one that is not used any more");
            }
            added[0] = key.numbered(before.lastNumber() + 1);
            List<WalletKey> keys = new ArrayList<>(before.keys());
            keys.add(added[0]);
            return new NumberedKeys<>(added[0].number(), newestFirst(keys));
        });
        return added[0];
    }

    /// Adds Apple's certificate to the key that it is for, durably; instead of another one, if that key had
    /// one.
    ///
    /// @return the key with its certificate
    /// @throws Refusal `0044` if none of the site's keys is the certificate's
    public WalletKey certify(SiteId site, MerchantCertificate certificate) throws StoreException {
        WalletKey[] certified = new WalletKey[1];
        replace(site, before -> {
            WalletKey key = before.keys().stream()
                    .filter(each -> each.pair().publicKey().equals(certificate.publicKey()))
                    .findFirst()
                    .orElseThrow(() -> refused("the certificate is for none of the site's keys: it was requested"
                            + " elsewhere, for another site, or the key was removed"));
            certified[0] = key.certified(certificate);
            List<WalletKey> keys = new ArrayList<>(before.keys());
            keys.set(keys.indexOf(key), certified[0]);
            return new NumberedKeys<>(before.lastNumber(), keys);
        });
        return certified[0];
    }

    /// Destroys a key, durably: what is encrypted for it can be decrypted nowhere any more.
    ///
    /// @return how many are left
    /// @throws Refusal `0044` if there is none of that number
    public int remove(SiteId site, int number) throws StoreException {
        try (Remains remains = settings.expectRemains()) {
            replace(site, before -> {
                List<WalletKey> keys = new ArrayList<>(before.keys());
                if (!keys.removeIf(key -> key.number() == number)) {
                    throw refused("the site has no key of that number; `cardsecure " + wallet.label()
                            + " list` shows those it has");
                }
                return new NumberedKeys<>(before.lastNumber(), keys);
            });
            remains.destroyIfPossible();
        }
        return of(site).size();
    }

    /// Removes all keys of a site that is no more, durably; whoever removes it destroys their remains.
    public void removeAll(SiteId site) throws StoreException {
        bySite.remove(site);
    }

    /// The certified keys whose certificates expire within a time from now, or have expired, site by site; but
    /// for those that the site has a later certificate beside, for the same merchant and kind of key.
    public Map<SiteId, List<WalletKey>> expiring(Instant now, Duration within) {
        Map<SiteId, List<WalletKey>> expiring = new TreeMap<>(Comparator.comparingInt(SiteId::number));
        bySite.all().forEach((site, held) -> {
            List<WalletKey> keys = held.kept().keys();
            List<WalletKey> soon = keys.stream()
                    .filter(key -> expiresBefore(key, now.plus(within)))
                    .filter(key -> keys.stream().noneMatch(other -> replaces(other, key)))
                    .toList();
            if (!soon.isEmpty()) {
                expiring.put(site, soon);
            }
        });
        return expiring;
    }

    private static boolean expiresBefore(WalletKey key, Instant moment) {
        return key.certificate()
                .map(certificate -> !moment.isBefore(certificate.expires()))
                .orElse(false);
    }

    private static boolean replaces(WalletKey other, WalletKey key) {
        Optional<MerchantCertificate> later = other.certificate();
        Optional<MerchantCertificate> earlier = key.certificate();
        return later.isPresent()
                && earlier.isPresent()
                && other.pair().algorithm() == key.pair().algorithm()
                && later.get().merchantIdHash().equals(earlier.get().merchantIdHash())
                && later.get().expires().isAfter(earlier.get().expires());
    }

    private static List<WalletKey> newestFirst(List<WalletKey> keys) {
        return keys.stream()
                .sorted(Comparator.comparingInt(WalletKey::number).reversed())
                .toList();
    }

    private static Refusal refused(String why) {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, why);
    }

    private interface Change {
        NumberedKeys<WalletKey> apply(NumberedKeys<WalletKey> before);
    }

    private void replace(SiteId site, Change change) throws StoreException {
        bySite.change(site, before -> Held.of(change.apply(before.kept())));
    }
}
