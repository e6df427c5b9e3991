package cardsecure.site;

import cardsecure.card.BinRange;
import cardsecure.card.Domain;
import cardsecure.limit.Rate;
import cardsecure.token.TokenFormat;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Each setting of a site by name: how it is written, read and explained. The command line, the store and
/// `docs/configuration.md` all go by this list.
public enum SiteSetting {
    HOSTS(
            "hosts",
            "further host names that are this site, comma-separated; its name alone is the first label",
            site -> joined(new TreeSet<>(site.hosts())),
            (site, value) -> {
                List<String> hosts = parts(value.toLowerCase(Locale.ROOT));
                return site.withHosts(hosts.stream().map(SiteSetting::host).collect(Collectors.toUnmodifiableSet()));
            }),
    DEFAULT(
            "default",
            "on: it serves the hosts that match no site, such as IP addresses and localhost",
            site -> onOff(site.fallback()),
            (site, value) -> site.withFallback(isOn(value))),
    DOMAINS(
            "domains",
            "the kinds of data that it takes: C (cards), A (accounts), P (personal data), S (SSN)",
            site -> Arrays.stream(Domain.values())
                    .filter(domain -> site.domain(domain).enabled())
                    .map(domain -> String.valueOf(domain.letter()))
                    .collect(Collectors.joining(",")),
            (site, value) -> {
                Set<Domain> enabled = EnumSet.noneOf(Domain.class);
                for (String part : parts(value)) {
                    enabled.add(domainOf(part));
                }
                Site changed = site;
                for (Domain domain : Domain.values()) {
                    changed = changed.withDomain(domain, site.domain(domain).withEnabled(enabled.contains(domain)));
                }
                return changed;
            }),
    FORMAT_C(
            "format-C",
            "how tokens of cards look: numeric, hyphenated, alphanumeric or alphanumeric:LENGTH",
            site -> formatOf(site, Domain.CARD),
            (site, value) -> withFormat(site, Domain.CARD, value)),
    FORMAT_A(
            "format-A",
            "how tokens of account numbers look, as format-C",
            site -> formatOf(site, Domain.ACCOUNT),
            (site, value) -> withFormat(site, Domain.ACCOUNT, value)),
    FORMAT_P(
            "format-P",
            "how tokens of personal data look: alphanumeric or alphanumeric:LENGTH",
            site -> formatOf(site, Domain.PERSONAL),
            (site, value) -> {
                require(!TokenFormat.parse(value).showsDigits(), "personal data have no digits for a token to show");
                return withFormat(site, Domain.PERSONAL, value);
            }),
    FORMAT_S(
            "format-S",
            "how tokens of social security numbers look, as format-C",
            site -> formatOf(site, Domain.SOCIAL_SECURITY),
            (site, value) -> withFormat(site, Domain.SOCIAL_SECURITY, value)),
    ROUTING_CHECK(
            "routing-check",
            "on: the ABA check digit of routing numbers must be right",
            site -> onOff(site.routingCheck()),
            (site, value) -> site.withRoutingCheck(isOn(value))),
    GIFT_CARDS(
            "gift-cards",
            "BIN ranges (BIN or BIN-BIN) whose numbers CE gives back clear and does not keep",
            site -> joined(site.giftCards()),
            (site, value) -> site.withGiftCards(
                    parts(value).stream().map(BinRange::parse).toList())),
    ORIGINS(
            "origins",
            "web origins that may read replies (https://shop.example.com); none: every origin may",
            site -> joined(site.origins()),
            (site, value) -> {
                List<String> origins = parts(value);
                require(
                        origins.stream().allMatch(origin -> origin.matches("https?://[^/,\\s]{1,253}|null")),
                        "an origin is scheme and host, such as https://shop.example.com, without a path");
                return site.withOrigins(origins);
            }),
    OPEN(
            "open",
            "what callers without credentials may do: tokenize, verify, purge, bin, encrypt, decrypt",
            site -> Right.labels(site.openRights()),
            (site, value) -> {
                Set<Right> open = Right.parse(value, EnumSet.complementOf(EnumSet.of(Right.ADMIN)));
                require(!open.contains(Right.ADMIN), "administration is never open to everybody; give admin to users");
                return site.withOpenRights(open);
            }),
    ADDRESSES(
            "addresses",
            "networks that callers may come from (10.0.0.0/8,2001:db8::/32); none: from everywhere",
            site -> joined(site.addresses()),
            (site, value) -> site.withAddresses(
                    parts(value).stream().map(AddressRange::parse).toList())),
    RATE(
            "rate",
            "what all callers together may ask: COUNT/s or COUNT/m, with a burst COUNT/s:BURST; or off",
            site -> rateOf(site.rate()),
            (site, value) -> site.withRate(rate(value))),
    CALLER_RATE(
            "caller-rate",
            "what each user may ask, and each address (IPv6: each /64) without one; as rate",
            site -> rateOf(site.callerRate()),
            (site, value) -> site.withCallerRate(rate(value))),
    SIGNING(
            "signing",
            "on: every request must be signed, with the key that `site signing new-key` makes",
            site -> onOff(site.signing().on()),
            (site, value) -> site.withSigning(site.signing().withOn(isOn(value)))),
    SIGNING_FORM(
            "signing-form",
            "how values stand in the text that is signed: encoded (form-URL-encoded) or decoded",
            site -> site.signing().form().label(),
            (site, value) -> site.withSigning(site.signing().withForm(SigningForm.parse(value)))),
    SIGNING_WINDOW(
            "signing-window",
            "how far a signed request's time may be from now: a time from 1s to 60m",
            site -> site.signing().windowText(),
            (site, value) -> site.withSigning(site.signing().withWindow(value))),
    RETENTION(
            "retention",
            "how long track data and cryptograms are kept for one use (TD): 1m to 24h; or off, or 0",
            site -> site.cardPresent().retentionText(),
            (site, value) -> site.withCardPresent(site.cardPresent().withRetention(value))),
    TERMINALS(
            "terminals",
            "serial numbers of the card readers that may send, comma-separated; none: all may",
            site -> joined(new TreeSet<>(site.cardPresent().terminals())),
            (site, value) -> site.withCardPresent(site.cardPresent().withTerminals(Set.copyOf(parts(value))))),
    KEY_SETS(
            "key-sets",
            "key sets whose readers may send, by their KSNs' first digits; none: all that have a key",
            site -> joined(new TreeSet<>(site.cardPresent().keySets())),
            (site, value) -> site.withCardPresent(
                    site.cardPresent().withKeySets(Set.copyOf(parts(value.toUpperCase(Locale.ROOT)))))),
    SWIPE_COUNTERS(
            "swipe-counters",
            "on: a reader's counter must be higher each time, so no swipe comes twice",
            site -> onOff(site.cardPresent().countersGrow()),
            (site, value) -> site.withCardPresent(site.cardPresent().withCountersGrow(isOn(value)))),
    GENERIC_TAGS(
            "generic-tags",
            "tags of ciphertext, KSN and masked track 2 of readers with no maker's format",
            site -> site.cardPresent().readers().tagsText(),
            (site, value) ->
                    withReaders(site, site.cardPresent().readers().withTags(parts(value.toUpperCase(Locale.ROOT))))),
    MAGTEK_SEPARATOR(
            "magtek-separator",
            "the character between the fields of a MagTek line",
            site -> String.valueOf(site.cardPresent().readers().magTekSeparator()),
            (site, value) -> withReaders(site, site.cardPresent().readers().withSeparator(value))),
    GOOGLE_RECIPIENT(
            "google-recipient",
            "to whom Google Pay's payloads are addressed: gateway:NAME or merchant:ID",
            site -> site.wallets().googleRecipient(),
            (site, value) -> site.withWallets(site.wallets().withGoogleRecipient(value))),
    GOOGLE_MERCHANT(
            "google-merchant",
            "the gatewayMerchantId that a payload must say; none: it is not asked for",
            site -> site.wallets().googleMerchant().orElse(""),
            (site, value) -> site.withWallets(
                    site.wallets().withGoogleMerchant(Optional.of(value).filter(text -> !text.isEmpty())))),
    GOOGLE_TEST(
            "google-test",
            "on: Google's test keys are believed, in place of those of production",
            site -> onOff(site.wallets().googleTest()),
            (site, value) -> site.withWallets(site.wallets().withGoogleTest(isOn(value)))),
    WALLET_AMOUNT_MAX(
            "wallet-amount-max",
            "the highest amount of a payload, in the currency's smallest unit; none: any",
            site -> site.wallets().amountMaxText(),
            (site, value) -> site.withWallets(site.wallets().withAmountMax(value))),
    WALLET_CURRENCIES(
            "wallet-currencies",
            "currencies of a payload, by ISO 4217 number (840,978); none: all",
            site -> joined(new TreeSet<>(site.wallets().currencies())),
            (site, value) -> site.withWallets(site.wallets().withCurrencies(Set.copyOf(parts(value))))),
    ENCRYPTION(
            "encryption",
            "on, or " + Constants.OFF_LOUDLY + " to keep this site's new rows in CLEAR",
            site -> {
                return switch (site.storage()) {
                    case SEALED -> Constants.ON;
                    case SEALED_WITH_CLEAR_ROWS -> Constants.ON_WITH_CLEAR_ROWS;
                    case CLEAR -> Constants.OFF_LOUDLY;
                };
            },
            (site, value) -> {
                return switch (value) {
                    case Constants.ON ->
                        site.storage().mayHaveClearRows() ? site.withStorage(Storage.SEALED_WITH_CLEAR_ROWS) : site;
                    case Constants.ON_WITH_CLEAR_ROWS -> site.withStorage(Storage.SEALED_WITH_CLEAR_ROWS);
                    case Constants.OFF_LOUDLY -> site.withStorage(Storage.CLEAR);
                    default ->
                        throw new IllegalArgumentException(
                                "encryption is " + Constants.ON + " or " + Constants.OFF_LOUDLY + ", spelled out");
                };
            });

    private static final class Constants {
        /// What a request's host can be once its port and the root's dot are off, unless it is an IPv6 address:
        /// anything else would never match.
        static final Pattern HOST = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*");

        static final String ON = "on";
        static final String OFF = "off";
        static final String ON_WITH_CLEAR_ROWS = "on-with-old-clear-rows";
        static final String OFF_LOUDLY = "off-store-in-clear-because-the-database-is-encrypted";
    }

    private final String key;
    private final String meaning;

    /// Has no state.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Function<Site, String> text;

    /// Has no state.
    @SuppressWarnings("ImmutableEnumChecker")
    private final BiFunction<Site, String, Site> change;

    SiteSetting(String key, String meaning, Function<Site, String> text, BiFunction<Site, String, Site> change) {
        this.key = key;
        this.meaning = meaning;
        this.text = text;
        this.change = change;
    }

    /// The name, as `site set` takes it.
    public String key() {
        return key;
    }

    /// One line for people.
    public String meaning() {
        return meaning;
    }

    /// The setting's value in a site, as text that [#set] reads back.
    public String of(Site site) {
        return text.apply(site);
    }

    /// The site with the setting changed.
    ///
    /// @throws IllegalArgumentException for a value that it cannot have; the message says what it can
    public Site set(Site site, String value) {
        return change.apply(site, value);
    }

    /// The setting of a key, if there is one.
    public static Optional<SiteSetting> named(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }

    private static String host(String text) {
        boolean name = text.length() <= 253 && Constants.HOST.matcher(text).matches();
        return Ipv6Host.canonical(text)
                .or(() -> Optional.of(text).filter(_ -> name))
                .orElseThrow(() -> new IllegalArgumentException(
                        "a host has letters, digits, dots and hyphens, or is [IPv6]; no port, no dot at its end"));
    }

    private static String formatOf(Site site, Domain domain) {
        return site.domain(domain).format().toString();
    }

    private static Site withFormat(Site site, Domain domain, String value) {
        return site.withDomain(domain, site.domain(domain).withFormat(TokenFormat.parse(value)));
    }

    private static Site withReaders(Site site, ReaderSettings readers) {
        return site.withCardPresent(site.cardPresent().withReaders(readers));
    }

    private static String rateOf(Optional<Rate> rate) {
        return rate.map(Rate::toString).orElse(Constants.OFF);
    }

    private static Optional<Rate> rate(String value) {
        return value.equals(Constants.OFF) ? Optional.empty() : Optional.of(Rate.parse(value));
    }

    private static Domain domainOf(String letter) {
        return Optional.of(letter)
                .filter(text -> text.length() == 1)
                .flatMap(text -> Domain.of(text.charAt(0)))
                .orElseThrow(() -> new IllegalArgumentException("a domain is one of C, A, P, S"));
    }

    private static String onOff(boolean on) {
        return on ? "on" : "off";
    }

    private static boolean isOn(String value) {
        require(value.equals("on") || value.equals("off"), "the value is on or off");
        return value.equals("on");
    }

    private static String joined(Collection<?> parts) {
        return parts.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    private static List<String> parts(String value) {
        return Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .distinct()
                .toList();
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
