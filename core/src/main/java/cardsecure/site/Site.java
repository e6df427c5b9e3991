package cardsecure.site;

import cardsecure.card.BinRange;
import cardsecure.card.Domain;
import cardsecure.limit.Rate;
import cardsecure.token.TokenFormat;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// A partner-level group of merchants, and its settings ([SiteSetting] has each by name, with its meaning).
///
/// @param name what the first label of a host name is compared with: 1 to 63 lower-case letters, digits and hyphens
/// @param hosts further host names, whole and in lower case
/// @param fallback whether it serves the hosts that match no site
/// @param openRights what callers without credentials may do
/// @param origins the web origins that may read replies; empty: all
/// @param addresses where callers may come from; empty: from everywhere
/// @param rate how much all callers together may ask
/// @param callerRate how much each may
/// @param signing whether requests must be signed
/// @param cardPresent what it takes of readers, and how long it keeps what they sent beside the number
/// @param wallets what it takes of wallets
public record Site(
        SiteId id,
        String name,
        Set<String> hosts,
        boolean fallback,
        Map<Domain, DomainSettings> domains,
        boolean routingCheck,
        List<BinRange> giftCards,
        List<String> origins,
        Set<Right> openRights,
        List<AddressRange> addresses,
        Optional<Rate> rate,
        Optional<Rate> callerRate,
        Storage storage,
        Signing signing,
        CardPresent cardPresent,
        Wallets wallets) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /// Keeps copies.
    ///
    /// @throws IllegalArgumentException for a name that cannot be a host name's label
    public Site {
        requireName(name);
        hosts = Set.copyOf(hosts);
        domains = Map.copyOf(domains);
        giftCards = List.copyOf(giftCards);
        origins = List.copyOf(origins);
        openRights = Set.copyOf(openRights);
        addresses = List.copyOf(addresses);
    }

    /// A site as it begins: cards only, each format the usual one, open for tokenizing without credentials.
    public static Site named(SiteId id, String name) {
        Map<Domain, DomainSettings> domains = new EnumMap<>(Domain.class);
        for (Domain domain : Domain.values()) {
            domains.put(domain, new DomainSettings(domain == Domain.CARD, usualFormat(domain), List.of()));
        }
        return new Site(
                id,
                name,
                Set.of(),
                false,
                domains,
                false,
                List.of(),
                List.of(),
                EnumSet.of(Right.TOKENIZE, Right.ENCRYPT),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Storage.SEALED,
                Signing.usual(),
                CardPresent.usual(),
                Wallets.usual());
    }

    private static TokenFormat usualFormat(Domain domain) {
        return switch (domain) {
            case CARD, ACCOUNT -> new TokenFormat.Numeric();
            case PERSONAL, SOCIAL_SECURITY -> new TokenFormat.Alphanumeric();
        };
    }

    /// Checks a name.
    ///
    /// @throws IllegalArgumentException for a name that cannot be a host name's label
    public static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a site's name has 1 to 63 lower-case letters, digits and hyphens, as a host name's label");
        }
    }

    /// How the site treats a kind of data.
    public DomainSettings domain(Domain domain) {
        DomainSettings settings = domains.get(domain);
        if (settings == null) {
            throw new IllegalStateException("every site has settings for every domain");
        }
        return settings;
    }

    Site withHosts(Set<String> newHosts) {
        return with(parts -> parts.hosts = new TreeSet<>(newHosts));
    }

    Site withFallback(boolean newFallback) {
        return with(parts -> parts.fallback = newFallback);
    }

    Site withDomain(Domain domain, DomainSettings settings) {
        Map<Domain, DomainSettings> changed = new EnumMap<>(domains);
        changed.put(domain, settings);
        return with(parts -> parts.domains = changed);
    }

    Site withRoutingCheck(boolean newRoutingCheck) {
        return with(parts -> parts.routingCheck = newRoutingCheck);
    }

    Site withGiftCards(List<BinRange> newGiftCards) {
        return with(parts -> parts.giftCards = newGiftCards);
    }

    Site withOrigins(List<String> newOrigins) {
        return with(parts -> parts.origins = newOrigins);
    }

    Site withOpenRights(Set<Right> newOpenRights) {
        return with(parts -> parts.openRights = newOpenRights);
    }

    Site withAddresses(List<AddressRange> newAddresses) {
        return with(parts -> parts.addresses = newAddresses);
    }

    Site withRate(Optional<Rate> newRate) {
        return with(parts -> parts.rate = newRate);
    }

    Site withCallerRate(Optional<Rate> newCallerRate) {
        return with(parts -> parts.callerRate = newCallerRate);
    }

    Site withStorage(Storage newStorage) {
        return with(parts -> parts.storage = newStorage);
    }

    Site withSigning(Signing newSigning) {
        return with(parts -> parts.signing = newSigning);
    }

    Site withCardPresent(CardPresent newCardPresent) {
        return with(parts -> parts.cardPresent = newCardPresent);
    }

    Site withWallets(Wallets newWallets) {
        return with(parts -> parts.wallets = newWallets);
    }

    private Site with(Consumer<Parts> change) {
        Parts parts = new Parts(this);
        change.accept(parts);
        return parts.site();
    }

    /// All parts of a site, to change one and leave the others.
    private static final class Parts {
        private final SiteId id;
        private final String name;
        private Set<String> hosts;
        private boolean fallback;
        private Map<Domain, DomainSettings> domains;
        private boolean routingCheck;
        private List<BinRange> giftCards;
        private List<String> origins;
        private Set<Right> openRights;
        private List<AddressRange> addresses;
        private Optional<Rate> rate;
        private Optional<Rate> callerRate;
        private Storage storage;
        private Signing signing;
        private CardPresent cardPresent;
        private Wallets wallets;

        Parts(Site site) {
            id = site.id;
            name = site.name;
            hosts = site.hosts;
            fallback = site.fallback;
            domains = site.domains;
            routingCheck = site.routingCheck;
            giftCards = site.giftCards;
            origins = site.origins;
            openRights = site.openRights;
            addresses = site.addresses;
            rate = site.rate;
            callerRate = site.callerRate;
            storage = site.storage;
            signing = site.signing;
            cardPresent = site.cardPresent;
            wallets = site.wallets;
        }

        Site site() {
            return new Site(
                    id,
                    name,
                    hosts,
                    fallback,
                    domains,
                    routingCheck,
                    giftCards,
                    origins,
                    openRights,
                    addresses,
                    rate,
                    callerRate,
                    storage,
                    signing,
                    cardPresent,
                    wallets);
        }
    }
}
