package cardsecure.cli;

import cardsecure.config.ServerConfig;
import cardsecure.config.StoreLocation;
import cardsecure.kek.Keks;
import cardsecure.kek.SecretReader;
import cardsecure.keys.KeyWrapper;
import cardsecure.keys.Keystore;
import cardsecure.keys.SealedRing;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import cardsecure.stores.CopyMark;
import cardsecure.stores.Fault;
import cardsecure.stores.StoreVerify;
import cardsecure.stores.StoresException;
import cardsecure.stores.UnopenedStore;
import cardsecure.stores.VaultKeys;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cardsecure store verify`.
@Command(
        name = "verify",
        usageHelpWidth = 100,
        description = {
            "Read and open everything in a store, look for each row by token and by fingerprint, follow the index.",
            "Says what is wrong and where, never data. Ends with code 1 if anything is. Changes no row."
        },
        footer = {
            "",
            "It opens rows, so it needs the KEK, as `serve` does. A server may not run on an embedded store meanwhile.",
            "",
            "Examples:",
            "  cardsecure store verify --config /etc/cardsecure/cardsecure.yaml",
            "  cardsecure store verify --store postgresql://cs@db/vault --data /var/lib/cardsecure",
        })
public final class StoreVerifyCommand extends TypedCommand implements Callable<Integer> {
    /// Faults of one kind that are named; there may be as many as rows.
    private static final int NAMED_MAX = 100;

    @Option(
            names = "--store",
            paramLabel = "URL",
            converter = StoreOptions.LocationConverter.class,
            description = "The store; that of the configuration, or rocksdb: in the data directory, unless given.")
    private Optional<StoreLocation> store = Optional.empty();

    @Mixin
    private StoreOptions options = new StoreOptions();

    private final Map<Fault.Kind, Long> faults = new EnumMap<>(Fault.Kind.class);

    /// Verifies.
    @Override
    public Integer call() {
        Terminal terminal = terminal();
        return options.run(terminal, "nothing was changed", config -> {
            StoreLocation location = store.orElse(config.store().location());
            try {
                return verify(location, config, terminal);
            } catch (StoreException e) {
                throw new StoresException(String.valueOf(e.getMessage()), hint(location), e);
            }
        });
    }

    private static String hint(StoreLocation location) {
        return switch (location) {
            case StoreLocation.Rocks _ -> "no server may run on an embedded store meanwhile; nothing was changed";
            case StoreLocation.Postgres _ ->
                "see that the database answers, and that the URL has the right servers, role and TLS settings"
                        + " (docs/postgresql.md); nothing was changed";
        };
    }

    private int verify(StoreLocation location, ServerConfig config, Terminal terminal)
            throws StoreException, StoresException {
        SecretReader secrets = SecretReader.atTerminal();
        UnopenedStore access = StoreOptions.at(location, config, secrets);
        String shown = StoreOptions.shown(location, config);
        if (!access.exists()) {
            throw new StoresException("there is no store in " + shown, "name it with --store, --data or --config");
        }
        try (TokenStore opened = access.open()) {
            CopyMark.requireNone(opened, shown);
            SealedData ring = opened.setting(Keystore.SETTING)
                    .orElseThrow(() -> new StoresException(
                            shown + " has no keystore: it is empty, or has lost it",
                            "`cardsecure key restore` puts back one from a backup"));
            SecureRandom random = new SecureRandom();
            KeyWrapper kek = new Keks(config.data(), secrets, random)
                    .open(config.kek().uri(), Optional.of(SealedRing.kekId(ring)));
            VaultKeys keys = new VaultKeys(new Keystore(opened, kek, random, InstantSource.system()));
            StoreVerify verify = new StoreVerify(
                    opened, keys, InstantSource.system(), new ProgressLines(terminal), fault -> tell(fault, terminal));
            StoreVerify.Counts counts = verify.verify();
            terminal.say(lines(counts));
            return counts.faults() == 0 ? 0 : 1;
        }
    }

    private void tell(Fault fault, Terminal terminal) {
        long known = faults.merge(fault.kind(), 1L, Long::sum);
        if (known <= NAMED_MAX) {
            terminal.say("fault: " + fault);
        } else if (known == NAMED_MAX + 1) {
            terminal.say("fault: more of this kind follow, which are counted only");
        }
    }

    private List<String> lines(StoreVerify.Counts counts) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                "%,d rows (%,d purged, %,d in clear), %,d settings, %,d entries of the store's own index",
                counts.rows(), counts.purged(), counts.clear(), counts.settings(), counts.index()));
        if (counts.shortLived() > 0) {
            lines.add(String.format("%,d short-lived data", counts.shortLived()));
        }
        faults.forEach((kind, count) -> lines.add(String.format("%,d × %s", count, kind.text())));
        lines.add(counts.faults() == 0 ? "no fault" : String.format("%,d faults", counts.faults()));
        return lines;
    }
}
