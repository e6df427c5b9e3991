package cardsecure.cli;

import cardsecure.config.ServerConfig;
import cardsecure.config.StoreLocation;
import cardsecure.kek.SecretReader;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import cardsecure.stores.Fault;
import cardsecure.stores.Side;
import cardsecure.stores.StoreCopy;
import cardsecure.stores.StoresException;
import cardsecure.stores.UnopenedStore;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cardsecure store copy`.
@Command(
        name = "copy",
        usageHelpWidth = 100,
        description = {
            "Copy a vault, as it is, sealed, into an empty store of any kind. No server may run on either.",
            "If it ends early, the same command goes on; until it is through, the target is no vault."
        },
        footer = {
            "",
            "No key is needed: the copy opens with the KEK of the source. Count and checksum are compared at the end.",
            "",
            "Examples:",
            "  cardsecure store copy --from rocksdb:/var/lib/cardsecure/store --to postgresql://cs@db/vault",
            "  cardsecure store copy --from postgresql://cs@db/vault --to rocksdb:/srv/cardsecure/store",
        })
public final class StoreCopyCommand extends TypedCommand implements Callable<Integer> {
    @Option(
            names = "--from",
            paramLabel = "URL",
            required = true,
            converter = StoreOptions.LocationConverter.class,
            description = "The store with the vault.")
    private StoreLocation from = StoreLocation.usual();

    @Option(
            names = "--to",
            paramLabel = "URL",
            required = true,
            converter = StoreOptions.LocationConverter.class,
            description = "An empty store, or one with a copy to go on with.")
    private StoreLocation to = StoreLocation.usual();

    @Option(
            names = "--anew",
            description = "Destroy an unfinished copy in the target that cannot be gone on with. Never a vault.")
    private boolean anew;

    @Option(names = "--skip-damaged", description = "Leave rows behind that cannot be read; each is named.")
    private boolean skipDamaged;

    @Mixin
    private StoreOptions options = new StoreOptions();

    /// Copies.
    @Override
    public Integer call() {
        Terminal terminal = terminal();
        return options.run(
                terminal, "the source is as it was; the same command goes on", config -> copy(config, terminal));
    }

    private int copy(ServerConfig config, Terminal terminal) throws StoreException, StoresException {
        SecretReader secrets = SecretReader.atTerminal();
        UnopenedStore source = StoreOptions.at(from, config, secrets);
        UnopenedStore target = StoreOptions.at(to, config, secrets);
        String sourceShown = StoreOptions.shown(from, config);
        String targetShown = StoreOptions.shown(to, config);
        if (sourceShown.equals(targetShown)) {
            throw new StoresException("--from and --to name the same store", "name another, empty one with --to");
        }
        if (!source.exists()) {
            throw new StoresException("there is no store in " + sourceShown, "name the one with the vault");
        }
        if (target.isOthers()) {
            throw new StoresException(
                    targetShown + " has files that are no store's", "name an empty directory, or a new one, with --to");
        }
        StoreCopy.Options allowed =
                new StoreCopy.Options(anew, skipDamaged, entry -> terminal.say("left behind: " + Fault.shown(entry)));
        long began = System.nanoTime();
        try (TokenStore opened = source.open();
                TokenStore made = target.open()) {
            StoreCopy copy = new StoreCopy(
                    new Side(opened, sourceShown),
                    new Side(made, targetShown),
                    allowed,
                    new ProgressLines(terminal),
                    InstantSource.system(),
                    new SecureRandom());
            StoreCopy.Copied copied = copy.copy();
            terminal.say(lines(copied, sourceShown, targetShown, (System.nanoTime() - began) / 1e9));
        }
        return 0;
    }

    private static List<String> lines(StoreCopy.Copied copied, String source, String target, double seconds) {
        List<String> lines = new ArrayList<>();
        lines.add("rows: " + copied.rows() + ", the same in both");
        lines.add("settings: " + copied.settings() + ", the same in both");
        if (copied.skipped() > 0) {
            lines.add("warning: " + copied.skipped() + " rows were damaged and are not in the copy");
        }
        lines.add("requests signed up to " + copied.forgotten().truncatedTo(ChronoUnit.SECONDS)
                + " count as seen in the copy");
        lines.add(String.format("the vault of %s is in %s now, after %.1f s", source, target, seconds));
        lines.add("serve it from there, with the same KEK (kek: uri), and the source no more:"
                + " tokens made in one are unknown in the other");
        return lines;
    }
}
