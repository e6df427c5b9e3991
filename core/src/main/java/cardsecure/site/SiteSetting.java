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
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Each setting of a site by name: how it is written, read and explained. The command line, the store and
/// `docs/configuration.md` all go by this list.
public enum SiteSetting {
    HOSTS("hosts", "further host names that are this site, comma-separated; its name alone is the first label") {
        @Override
        public String of(Site site) {
            return joined(new TreeSet<>(site.hosts()));
        }

        @Override
        public Site set(Site site, String value) {
            List<String> hosts = parts(value.toLowerCase(Locale.ROOT));
            require(
                    hosts.stream()
                            .allMatch(host -> host.length() <= 253
                                    && Constants.HOST.matcher(host).matches()),
                    "a host has letters, digits, dots and hyphens, or is [IPv6]; no port, no dot at its end");
            return site.withHosts(Set.copyOf(hosts));
        }
    },
    DEFAULT("default", "on: it serves the hosts that match no site, such as IP addresses and localhost") {
        @Override
        public String of(Site site) {
            return onOff(site.fallback());
        }

        @Override
        public Site set(Site site, String value) {
            return site.withFallback(isOn(value));
        }
    },
    DOMAINS("domains", "the kinds of data that it takes: C (cards), A (accounts), P (personal data), S (SSN)") {
        @Override
        public String of(Site site) {
            return Arrays.stream(Domain.values())
                    .filter(domain -> site.domain(domain).enabled())
                    .map(domain -> String.valueOf(domain.letter()))
                    .collect(Collectors.joining(","));
        }

        @Override
        public Site set(Site site, String value) {
            Set<Domain> enabled = EnumSet.noneOf(Domain.class);
            for (String part : parts(value)) {
                enabled.add(domainOf(part));
            }
            Site changed = site;
            for (Domain domain : Domain.values()) {
                changed = changed.withDomain(domain, site.domain(domain).withEnabled(enabled.contains(domain)));
            }
            return changed;
        }
    },
    FORMAT_C("format-C", "how tokens of cards look: numeric, hyphenated, alphanumeric or alphanumeric:LENGTH") {
        @Override
        public String of(Site site) {
            return formatOf(site, Domain.CARD);
        }

        @Override
        public Site set(Site site, String value) {
            return withFormat(site, Domain.CARD, value);
        }
    },
    FORMAT_A("format-A", "how tokens of account numbers look, as format-C") {
        @Override
        public String of(Site site) {
            return formatOf(site, Domain.ACCOUNT);
        }

        @Override
        public Site set(Site site, String value) {
            return withFormat(site, Domain.ACCOUNT, value);
        }
    },
    FORMAT_P("format-P", "how tokens of personal data look: alphanumeric or alphanumeric:LENGTH") {
        @Override
        public String of(Site site) {
            return formatOf(site, Domain.PERSONAL);
        }

        @Override
        public Site set(Site site, String value) {
            require(!TokenFormat.parse(value).showsDigits(), "personal data have no digits for a token to show");
            return withFormat(site, Domain.PERSONAL, value);
        }
    },
    FORMAT_S("format-S", "how tokens of social security numbers look, as format-C") {
        @Override
        public String of(Site site) {
            return formatOf(site, Domain.SOCIAL_SECURITY);
        }

        @Override
        public Site set(Site site, String value) {
            return withFormat(site, Domain.SOCIAL_SECURITY, value);
        }
    },
    ROUTING_CHECK("routing-check", "on: the ABA check digit of routing numbers must be right") {
        @Override
        public String of(Site site) {
            return onOff(site.routingCheck());
        }

        @Override
        public Site set(Site site, String value) {
            return site.withRoutingCheck(isOn(value));
        }
    },
    GIFT_CARDS("gift-cards", "BIN ranges (BIN or BIN-BIN) whose numbers CE gives back clear and does not keep") {
        @Override
        public String of(Site site) {
            return joined(site.giftCards());
        }

        @Override
        public Site set(Site site, String value) {
            return site.withGiftCards(parts(value).stream().map(BinRange::parse).toList());
        }
    },
    ORIGINS("origins", "web origins that may read replies (https://shop.example.com); none: every origin may") {
        @Override
        public String of(Site site) {
            return joined(site.origins());
        }

        @Override
        public Site set(Site site, String value) {
            List<String> origins = parts(value);
            require(
                    origins.stream().allMatch(origin -> origin.matches("https?://[^/,\\s]{1,253}|null")),
                    "an origin is scheme and host, such as https://shop.example.com, without a path");
            return site.withOrigins(origins);
        }
    },
    OPEN("open", "what callers without credentials may do: tokenize, verify, purge, bin, encrypt, decrypt") {
        @Override
        public String of(Site site) {
            return Right.labels(site.openRights());
        }

        @Override
        public Site set(Site site, String value) {
            Set<Right> open = Right.parse(value);
            require(!open.contains(Right.ADMIN), "administration is never open to everybody; give admin to users");
            return site.withOpenRights(open);
        }
    },
    ADDRESSES("addresses", "networks that callers may come from (10.0.0.0/8,2001:db8::/32); none: from everywhere") {
        @Override
        public String of(Site site) {
            return joined(site.addresses());
        }

        @Override
        public Site set(Site site, String value) {
            return site.withAddresses(
                    parts(value).stream().map(AddressRange::parse).toList());
        }
    },
    RATE("rate", "what all callers together may ask: COUNT/s or COUNT/m, with a burst COUNT/s:BURST; or off") {
        @Override
        public String of(Site site) {
            return rateOf(site.rate());
        }

        @Override
        public Site set(Site site, String value) {
            return site.withRate(rate(value));
        }
    },
    CALLER_RATE("caller-rate", "what each user may ask, and each address (IPv6: each /64) without one; as rate") {
        @Override
        public String of(Site site) {
            return rateOf(site.callerRate());
        }

        @Override
        public Site set(Site site, String value) {
            return site.withCallerRate(rate(value));
        }
    },
    SIGNING("signing", "on: every request must be signed, with the key that `site signing new-key` makes") {
        @Override
        public String of(Site site) {
            return onOff(site.signing().on());
        }

        @Override
        public Site set(Site site, String value) {
            return site.withSigning(site.signing().withOn(isOn(value)));
        }
    },
    SIGNING_FORM("signing-form", "how values stand in the text that is signed: encoded (form-URL-encoded) or decoded") {
        @Override
        public String of(Site site) {
            return site.signing().form().label();
        }

        @Override
        public Site set(Site site, String value) {
            return site.withSigning(site.signing().withForm(SigningForm.parse(value)));
        }
    },
    SIGNING_WINDOW("signing-window", "how far a signed request's time may be from now: a time from 1s to 60m") {
        @Override
        public String of(Site site) {
            return site.signing().windowText();
        }

        @Override
        public Site set(Site site, String value) {
            return site.withSigning(site.signing().withWindow(value));
        }
    },
    ENCRYPTION("encryption", "on, or " + Constants.OFF_LOUDLY + " to keep this site's new rows in CLEAR") {
        @Override
        public String of(Site site) {
            return switch (site.storage()) {
                case SEALED -> Constants.ON;
                case SEALED_WITH_CLEAR_ROWS -> Constants.ON_WITH_CLEAR_ROWS;
                case CLEAR -> Constants.OFF_LOUDLY;
            };
        }

        @Override
        public Site set(Site site, String value) {
            return switch (value) {
                case Constants.ON ->
                    site.storage().mayHaveClearRows() ? site.withStorage(Storage.SEALED_WITH_CLEAR_ROWS) : site;
                case Constants.ON_WITH_CLEAR_ROWS -> site.withStorage(Storage.SEALED_WITH_CLEAR_ROWS);
                case Constants.OFF_LOUDLY -> site.withStorage(Storage.CLEAR);
                default ->
                    throw new IllegalArgumentException(
                            "encryption is " + Constants.ON + " or " + Constants.OFF_LOUDLY + ", spelled out");
            };
        }
    };

    private static final class Constants {
        /// What a request's host can be once its port and the root's dot are off: anything else would never match.
        static final Pattern HOST = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*|\\[[0-9a-f:.]+]");

        static final String ON = "on";
        static final String OFF = "off";
        static final String ON_WITH_CLEAR_ROWS = "on-with-old-clear-rows";
        static final String OFF_LOUDLY = "off-store-in-clear-because-the-database-is-encrypted";
    }

    private final String key;
    private final String meaning;

    SiteSetting(String key, String meaning) {
        this.key = key;
        this.meaning = meaning;
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
    public abstract String of(Site site);

    /// The site with the setting changed.
    ///
    /// @throws IllegalArgumentException for a value that it cannot have; the message says what it can
    public abstract Site set(Site site, String value);

    /// The setting of a key, if there is one.
    public static Optional<SiteSetting> named(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }

    private static String formatOf(Site site, Domain domain) {
        return site.domain(domain).format().toString();
    }

    private static Site withFormat(Site site, Domain domain, String value) {
        return site.withDomain(domain, site.domain(domain).withFormat(TokenFormat.parse(value)));
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
