package cardsecure.server;

import cardsecure.admin.ReaderKeyWarning;
import cardsecure.dukpt.BaseKey;
import cardsecure.dukpt.BaseKeyAlgorithm;
import cardsecure.dukpt.KeySetId;
import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.LoadedKeyBlockKey;
import cardsecure.dukpt.SiteBaseKey;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.site.Site;
import cardsecure.store.StoreException;
import cardsecure.vault.SiteDirectory;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The published test keys of readers, with which the vendors' samples of swipes are encrypted: for who tries the vault
/// out, and nobody else.
final class DevBaseKeys {
    /// ANSI X9.24-1:2009, A.4.
    private static final BaseKey TDES = key(BaseKeyAlgorithm.TDES, "0123456789ABCDEFFEDCBA9876543210");

    /// The supplement to ANSI X9.24-3:2017.
    private static final BaseKey AES = key(BaseKeyAlgorithm.AES_128, "FEDCBA9876543210F1F1F1F1F1F1F1F1");

    private record Sample(String keySet, KeyVariant variant, BaseKey key) {}

    /// ID TECH's samples are of the data key, MagTek's, whose device is one of the first key set, of the PIN key.
    private static final List<Sample> SAMPLES = List.of(
            new Sample("FFFF987654", KeyVariant.DATA_ONE_WAY, TDES),
            new Sample("FFFF9876543210", KeyVariant.PIN, TDES),
            new Sample("6299490119", KeyVariant.DATA_ONE_WAY, TDES),
            new Sample("6299490075", KeyVariant.DATA_ONE_WAY, TDES),
            new Sample("FFFFFF0200", KeyVariant.DATA_ONE_WAY, TDES),
            new Sample("FFFFFFFFFF", KeyVariant.DATA_ONE_WAY, TDES),
            new Sample("1234567890123456", KeyVariant.AES_128_DATA, AES));

    private DevBaseKeys() {}

    private static BaseKey key(BaseKeyAlgorithm algorithm, String hex) {
        return new BaseKey(algorithm, SecretBytes.owning(HexFormat.of().parseHex(hex)));
    }

    /// Loads those that a site has not, if there is a site of that name.
    ///
    /// @return warnings, a line each
    static List<String> load(SiteDirectory sites, String name, InstantSource clock) throws StoreException {
        Optional<Site> site = sites.named(name);
        if (site.isEmpty()) {
            return List.of();
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        for (Sample sample : SAMPLES) {
            KeySetId keySet = new KeySetId(sample.keySet());
            boolean there = sites.baseKeys().of(site.get().id()).stream()
                    .anyMatch(key -> key.keySet().equals(keySet));
            if (!there) {
                SiteBaseKey key = new SiteBaseKey(keySet, sample.variant(), sample.key(), now);
                addIfNobodyElseDoes(sites, site.get(), key);
            }
        }
        return warnings(sites);
    }

    private static void addIfNobodyElseDoes(SiteDirectory sites, Site site, SiteBaseKey key) throws StoreException {
        try {
            sites.baseKeys().add(site.id(), key);
        } catch (Refusal _) {
            // Another node starts at the same time, and loads the same.
            sites.baseKeys().follow();
        }
    }

    /// What there is to say about sites that have a published key, and about the key under which key blocks
    /// come in, a line each: also without `--dev`, of a vault that was tried out before.
    static List<String> warnings(SiteDirectory sites) throws StoreException {
        List<String> lines = new ArrayList<>();
        sites.all().stream()
                .filter(site -> sites.baseKeys().of(site.id()).stream()
                        .anyMatch(key -> ReaderKeyWarning.of(key.key()).isPresent()))
                .forEach(site -> lines.add("PUBLISHED KEYS: site " + site.name()
                        + " has published test keys of card readers, which everybody knows;"
                        + " `cardsecure bdk list` marks them: never let it take a real card"));
        Optional<LoadedKeyBlockKey> keyBlockKey = sites.baseKeys().keyBlockKey();
        keyBlockKey
                .flatMap(ReaderKeyWarning::of)
                .ifPresent(why -> lines.add("KEY-BLOCK KEY: " + why + "; `cardsecure bdk kek remove` destroys it, base"
                        + " keys that came in under it stay"));
        return lines;
    }
}
