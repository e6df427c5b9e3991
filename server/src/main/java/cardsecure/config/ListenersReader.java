package cardsecure.config;

import cardsecure.config.ListenerConfig.ClientCertificates;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenerConfig.ProxyHeader;
import cardsecure.config.ListenerConfig.WhenFull;
import cardsecure.site.AddressRange;
import cardsecure.site.Right;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads what the configuration file says of listeners and of TLS.
final class ListenersReader {
    /// Of a listener that has more than an address.
    static final List<String> LISTENER = List.of(
            "listen",
            "site",
            "rights",
            "addresses",
            "connections-max",
            "when-full",
            "idle-timeout",
            "client-certificates",
            "proxy-header",
            "proxies");

    static final List<String> TLS = List.of("certificates", "client-ca");

    /// Of a certificate.
    static final List<String> IDENTITY = List.of("certificate", "key", "pkcs12", "password-file");

    private ListenersReader() {}

    static ListenersConfig listeners(Section section, boolean dev, LimitsConfig limits) {
        List<ListenerConfig> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (section.has(kind.label())) {
                section.sections(kind.label(), LISTENER)
                        .forEach(one -> listener(kind, one, limits).ifPresent(all::add));
            } else {
                all.addAll(ListenersConfig.usual(kind, dev, limits));
            }
        }
        return section.build(new ListenersConfig(List.of()), () -> new ListenersConfig(all));
    }

    private static Optional<ListenerConfig> listener(Kind kind, Section section, LimitsConfig limits) {
        if (!section.has("listen")) {
            section.problem("listen", "a listener needs \"listen\": HOST:PORT, [IPV6]:PORT, PORT or off");
        }
        Listen listen = section.value("listen", new Listen.Off(), text -> parse(kind, text));
        Optional<String> site = section.value("site", Optional.empty(), Optional::of);
        Set<Right> rights = rights(section);
        List<AddressRange> addresses = section.values("addresses", AddressRange::parse);
        int connections = section.value("connections-max", limits.connectionsMax(), Values::number);
        WhenFull full = section.value("when-full", WhenFull.WAIT, text -> Values.oneOf(WhenFull.class, text));
        var idle = section.value("idle-timeout", limits.idleTimeout(), Values::duration);
        ClientCertificates clients = section.value(
                "client-certificates", ClientCertificates.OFF, text -> Values.oneOf(ClientCertificates.class, text));
        ProxyHeader header =
                section.value("proxy-header", ProxyHeader.NONE, text -> Values.oneOf(ProxyHeader.class, text));
        List<AddressRange> proxies = section.values("proxies", AddressRange::parse);
        return switch (listen) {
            case Listen.Off _ -> Optional.empty();
            case Listen.At at ->
                Optional.of(section.build(
                        // Stands in for one that is wrong, so it must not be wrong itself.
                        ListenerConfig.plain(kind, kind.isRfc() ? new Listen.At(Listen.LOOPBACK, 0) : at, limits),
                        () -> new ListenerConfig(
                                kind, at, site, addresses, connections, full, idle, clients, header, proxies, rights)));
        };
    }

    private static Set<Right> rights(Section section) {
        return section.has("rights")
                ? section.values("rights", Right::parse).stream()
                        .flatMap(Set::stream)
                        .collect(Collectors.toUnmodifiableSet())
                : ListenerConfig.ALL_RIGHTS;
    }

    private static Listen parse(Kind kind, String text) {
        try {
            return Listen.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + " (" + kind.label() + ")", e);
        }
    }

    static TlsConfig tls(Section section) {
        List<TlsIdentityConfig> identities = new ArrayList<>();
        section.sections("certificates", IDENTITY).forEach(one -> identity(one).ifPresent(identities::add));
        return new TlsConfig(identities, path(section, "client-ca"));
    }

    private static Optional<TlsIdentityConfig> identity(Section section) {
        Optional<Path> certificate = path(section, "certificate");
        Optional<Path> key = path(section, "key");
        Optional<Path> pkcs12 = path(section, "pkcs12");
        Optional<Path> passwordFile = path(section, "password-file");
        if (certificate.isPresent() && key.isPresent() && pkcs12.isEmpty() && passwordFile.isEmpty()) {
            return Optional.of(new TlsIdentityConfig.Pem(certificate.get(), key.get()));
        }
        if (pkcs12.isPresent() && certificate.isEmpty() && key.isEmpty()) {
            return Optional.of(new TlsIdentityConfig.Pkcs12(pkcs12.get(), passwordFile));
        }
        section.problem(
                "certificate", "a certificate is \"certificate\" and \"key\", or \"pkcs12\" and its \"password-file\"");
        return Optional.empty();
    }

    private static Optional<Path> path(Section section, String key) {
        return section.value(key, Optional.empty(), text -> Optional.of(Values.path(text)));
    }
}
