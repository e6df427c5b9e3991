package cardsecure.config;

import cardsecure.config.ListenerConfig.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Where each front listens.
///
/// @param all in the order in which they are opened
public record ListenersConfig(List<ListenerConfig> all) {
    /// The keys, in the order of the kinds.
    static final List<String> KEYS = Stream.of(Kind.values()).map(Kind::label).toList();

    /// Checks the parts.
    ///
    /// @throws InvalidConfigException if two fronts listen at the same address
    public ListenersConfig {
        all = List.copyOf(all);
        Rules rules = new Rules();
        for (int i = 0; i < all.size(); i++) {
            ListenerConfig listener = all.get(i);
            all.subList(0, i).stream()
                    .filter(other -> other.address().clashesWith(listener.address()))
                    .findFirst()
                    .ifPresent(other -> rules.holds(
                            false,
                            listener.kind().label(),
                            "and " + other.kind().label() + " listen at the same address"));
        }
        rules.enforce();
    }

    /// The usual listeners: none, as what a server shows to a network is its operator's decision; `dev` has all
    /// kinds but RFC, at their usual ports, on the loopback address.
    public static ListenersConfig defaults(boolean dev, LimitsConfig limits) {
        return new ListenersConfig(Stream.of(Kind.values())
                .flatMap(kind -> usual(kind, dev, limits).stream())
                .toList());
    }

    /// The usual listeners of a kind.
    static List<ListenerConfig> usual(Kind kind, boolean dev, LimitsConfig limits) {
        if (!dev) {
            return List.of();
        }
        List<Integer> ports = switch (kind) {
            case HTTP -> List.of(6080);
            case HTTPS -> List.of(6443);
            case SOCKET -> List.of(1443, 4944);
            case SOCKET_TLS -> List.of(1444, 4945);
            // Nobody needs it who has no SAP system.
            case RFC, RFC_TLS -> List.of();
        };
        return ports.stream()
                .map(port -> ListenerConfig.plain(kind, new Listen.At(Listen.LOOPBACK, port), limits))
                .toList();
    }

    /// The listeners of a kind.
    public List<ListenerConfig> of(Kind kind) {
        return all.stream().filter(listener -> listener.kind() == kind).toList();
    }

    /// The same with what an option says of a kind: none, or one at that address, with the settings of the one
    /// that was there.
    ///
    /// @throws InvalidConfigException if there were several, so that nobody can tell whose settings are meant
    public ListenersConfig with(Kind kind, Listen listen, LimitsConfig limits) {
        List<ListenerConfig> former = of(kind);
        List<ListenerConfig> changed = new ArrayList<>();
        for (Kind each : Kind.values()) {
            changed.addAll(each == kind ? replacement(kind, listen, former, limits) : of(each));
        }
        return new ListenersConfig(changed);
    }

    private static List<ListenerConfig> replacement(
            Kind kind, Listen listen, List<ListenerConfig> former, LimitsConfig limits) {
        return switch (listen) {
            case Listen.Off _ -> List.of();
            case Listen.At address -> {
                boolean alike = former.stream().allMatch(one -> one.isPlain(limits));
                new Rules()
                        .holds(
                                former.size() <= 1 || alike,
                                kind.label(),
                                "has several listeners with settings of their own; change them in the file")
                        .enforce();
                yield List.of(
                        former.size() == 1
                                ? former.getFirst().withAddress(address)
                                : ListenerConfig.plain(kind, address, limits));
            }
        };
    }
}
