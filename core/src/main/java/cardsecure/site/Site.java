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
        Signing signing) {
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
                Signing.usual());
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
        return new Site(
                id,
                name,
                new TreeSet<>(newHosts),
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
                signing);
    }

    Site withFallback(boolean newFallback) {
        return new Site(
                id,
                name,
                hosts,
                newFallback,
                domains,
                routingCheck,
                giftCards,
                origins,
                openRights,
                addresses,
                rate,
                callerRate,
                storage,
                signing);
    }

    Site withDomain(Domain domain, DomainSettings settings) {
        Map<Domain, DomainSettings> newDomains = new EnumMap<>(domains);
        newDomains.put(domain, settings);
        return new Site(
                id,
                name,
                hosts,
                fallback,
                newDomains,
                routingCheck,
                giftCards,
                origins,
                openRights,
                addresses,
                rate,
                callerRate,
                storage,
                signing);
    }

    Site withRoutingCheck(boolean newRoutingCheck) {
        return new Site(
                id,
                name,
                hosts,
                fallback,
                domains,
                newRoutingCheck,
                giftCards,
                origins,
                openRights,
                addresses,
                rate,
                callerRate,
                storage,
                signing);
    }

    Site withGiftCards(List<BinRange> newGiftCards) {
        return new Site(
                id,
                name,
                hosts,
                fallback,
                domains,
                routingCheck,
                newGiftCards,
                origins,
                openRights,
                addresses,
                rate,
                callerRate,
                storage,
                signing);
    }

    Site withOrigins(List<String> newOrigins) {
        return new Site(
                id,
                name,
                hosts,
                fallback,
                domains,
                routingCheck,
                giftCards,
                newOrigins,
                openRights,
                addresses,
                rate,
                callerRate,
                storage,
                signing);
    }

    Site withOpenRights(Set<Right> newOpenRights) {
        return new Site(
                id,
                name,
                hosts,
                fallback,
                domains,
                routingCheck,
                giftCards,
                origins,
                newOpenRights,
                addresses,
                rate,
                callerRate,
                storage,
                signing);
    }

    Site withStorage(Storage newStorage) {
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
                newStorage,
                signing);
    }

    Site withAddresses(List<AddressRange> newAddresses) {
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
                newAddresses,
                rate,
                callerRate,
                storage,
                signing);
    }

    Site withRate(Optional<Rate> newRate) {
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
                newRate,
                callerRate,
                storage,
                signing);
    }

    Site withCallerRate(Optional<Rate> newCallerRate) {
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
                newCallerRate,
                storage,
                signing);
    }

    Site withSigning(Signing newSigning) {
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
                newSigning);
    }
}
