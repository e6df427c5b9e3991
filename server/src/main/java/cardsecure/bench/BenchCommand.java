package cardsecure.bench;

import cardsecure.cli.SigningKeyFile;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `cardsecure bench`: drives a running server and tells how fast it answers. Exit codes: 0, 1 if any reply was not the
/// one that it must be or the server could not be reached, 2 for options that cannot be.
@Command(
        name = "bench",
        description = {
            "Drives a running server over keep-alive connections, one request in flight on each, and prints how fast"
                    + " it answers. Every reply is checked.",
            "",
            "It tokenizes card numbers that nobody owns (400000, nine digits, a check digit), so the site keeps them:"
                    + " use a data directory that can be thrown away. The site's card tokens must have the numeric"
                    + " format, which is the usual one; cv and ct need a site that is open for them, as that of"
                    + " `serve --dev` is. Another one is opened so:",
            "  ./cardsecure site set NAME open=tokenize,verify,bin",
            "",
            "With several --url, --socket and --socket-tls it goes from one to the other and compares each with the"
                    + " first.",
            ""
        },
        sortOptions = false,
        footer = {
            "",
            "Actions: new (CE of cards never seen), repeat (CE of known cards), cv, ct (of known tokens), cr (known"
                    + " cards, RSA-encrypted), swipe (CZ of known cards; needs a server with --dev), hi (echo).",
            "",
            "Examples:",
            "  bench                               each action alone, compared with hi",
            "  bench --mix new --seconds 30        new cards, and hi to compare them with",
            "  bench --mix new=1,repeat=4,cv=5     all at once, in these shares",
            "  bench --cards 1000000 --seconds 0   a million new cards, nothing else",
            "  bench --url http://127.0.0.1:6080 --socket 127.0.0.1:1443",
            "                                      HTTP, and the socket compared with it",
            "  bench --mix cr --rsa-key dev.pem    RSA; `site rsa-key export dev > dev.pem` has the key",
            "  bench --tls --ca ca.pem             HTTPS",
            "  bench --socket 127.0.0.1:1443 --idle 10000",
            "                                      alone, and beside 10,000 silent ones"
        })
public final class BenchCommand implements Callable<Integer> {
    private static final URI DEFAULT = URI.create("http://127.0.0.1:6080");
    private static final URI DEFAULT_TLS = URI.create("https://127.0.0.1:6443");

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "where the server listens for HTTP or HTTPS (default, if nothing else is named:"
                    + " http://127.0.0.1:6080)")
    private List<URI> urls = List.of();

    @Option(names = "--socket", paramLabel = "HOST:PORT", description = "where it listens for frames on a raw socket")
    private List<String> sockets = List.of();

    @Option(names = "--socket-tls", paramLabel = "HOST:PORT", description = "the same in TLS")
    private List<String> tlsSockets = List.of();

    @Option(names = "--tls", description = "--socket means --socket-tls, and the default is https://127.0.0.1:6443")
    private boolean tls;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "whom to trust in TLS, as PEM (default: whom Java trusts)")
    private Optional<Path> ca = Optional.empty();

    @Option(names = "--insecure", description = "trust everybody, for trying out")
    private boolean insecure;

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description = "the Host header, which chooses the site (default: the URL's)")
    private Optional<String> host = Optional.empty();

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "64",
            description = "kept alive all along (default: ${DEFAULT-VALUE})")
    private int connections;

    @Option(
            names = "--idle",
            paramLabel = "N",
            defaultValue = "0",
            description = "measure all once more beside so many silent connections (default: ${DEFAULT-VALUE})")
    private int idle;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "2",
            description = "the generator's own (default: ${DEFAULT-VALUE})")
    private int threads;

    @Option(
            names = "--mix",
            paramLabel = "ACTION[=WEIGHT]",
            split = ",",
            defaultValue = "new,repeat,cv,ct,hi",
            description = "which actions: each alone, or all at once if they have weights (default: ${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init")
    private List<String> mix;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "10",
            description =
                    "how long each action is measured, all rounds together; 0: not at all (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Option(
            names = "--warmup",
            paramLabel = "S",
            defaultValue = "5",
            description = "how long each action runs before, unmeasured (default: ${DEFAULT-VALUE})")
    private double warmup;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "into how many rounds the seconds are cut (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--cards",
            paramLabel = "N",
            defaultValue = "0",
            description = "tokenize so many new cards first, as fast as it goes")
    private long cards;

    @Option(
            names = "--pool",
            paramLabel = "N",
            defaultValue = "1000",
            description = "how many known cards repeat, cv, ct, cr and swipe choose from (default: ${DEFAULT-VALUE})")
    private int pool;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "the first card's place among all (default: random); the same one again repeats the cards")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--rsa-key",
            paramLabel = "FILE",
            description = "the site's public RSA key (pkcs1), as PEM; cr needs it")
    private Optional<Path> rsaKey = Optional.empty();

    @Option(
            names = "--sign-key",
            paramLabel = "FILE",
            description = "sign every request, with the key that `site signing new-key` printed; a site that does not"
                    + " ask for signatures ignores them")
    private Optional<Path> signKey = Optional.empty();

    @Option(names = "--post", description = "send POST with a form body instead of GET")
    private boolean post;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            defaultValue = "30",
            description = "how long a reply may take before it counts as lost (default: ${DEFAULT-VALUE})")
    private double timeout;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this")
    @SuppressWarnings("UnusedVariable")
    private boolean help;

    /// For picocli, which fills in the options.
    public BenchCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        long first = seed.orElseGet(() -> RandomGenerator.getDefault().nextLong(CardSequence.SIZE));
        Bench.Plan plan = checked(this::plan);
        List<Target> targets = checked(this::targets);
        Progress progress = new Progress(err, isTerminal());
        String where = targets.stream().map(target -> target.url().toString()).collect(Collectors.joining(", "));
        out.printf(Locale.ROOT, "%s, %d connections on %d threads, --seed %d%n", where, connections, threads, first);
        out.flush();
        List<Front> fronts = new ArrayList<>();
        try {
            for (Target target : targets) {
                fronts.add(front(target, label(targets, fronts.size()), progress));
            }
            return new Bench(fronts, plan, new CardSequence(first), progress, out).run() ? 0 : 1;
        } catch (IOException e) {
            err.println("bench: " + e.getMessage());
            err.println("Is the server running there? ./cardsecure serve --dev");
            err.flush();
            return 1;
        } finally {
            fronts.forEach(Front::close);
        }
    }

    private Front front(Target target, String label, Progress progress) throws IOException {
        Generator busy = Generator.busy(target, connections, threads, progress);
        return new Front(
                label,
                target,
                busy,
                idle == 0 ? Optional.empty() : Optional.of(Generator.gentle(target, idle, progress)));
    }

    /// What is spoken at one of the targets, and which of those that speak so it is, if there are several.
    private static String label(List<Target> targets, int place) {
        String scheme = targets.get(place).url().getScheme();
        long before = targets.stream()
                .limit(place)
                .filter(target -> target.url().getScheme().equals(scheme))
                .count();
        return before == 0 ? scheme : scheme + "-" + (before + 1);
    }

    /// In the order: URLs, sockets, TLS sockets.
    private List<Target> targets() {
        Duration patience = duration(timeout);
        Optional<SignedRequests> signed = signKey.map(BenchCommand::signedWith);
        List<URI> there = urls;
        if (urls.isEmpty() && sockets.isEmpty() && tlsSockets.isEmpty()) {
            there = List.of(tls ? DEFAULT_TLS : DEFAULT);
        }
        List<Target> targets = new ArrayList<>();
        for (URI url : there) {
            Optional<ClientTls> how = HttpTarget.isTls(url) ? Optional.of(clientTls()) : Optional.empty();
            targets.add(new HttpTarget(url, how, host.orElse(HttpTarget.hostOf(url)), post, patience, signed));
        }
        for (String socket : sockets) {
            Optional<ClientTls> how = tls ? Optional.of(clientTls()) : Optional.empty();
            targets.add(SocketTarget.at("--socket", socket, how, patience, signed));
        }
        for (String socket : tlsSockets) {
            targets.add(SocketTarget.at("--socket-tls", socket, Optional.of(clientTls()), patience, signed));
        }
        return targets;
    }

    private static SignedRequests signedWith(Path keyFile) {
        try {
            return new SignedRequests(SigningKeyFile.read(keyFile), InstantSource.system());
        } catch (IOException e) {
            throw new IllegalArgumentException("--sign-key: " + e.getMessage(), e);
        }
    }

    private ClientTls clientTls() {
        try {
            if (insecure) {
                return ClientTls.insecure();
            }
            return ca.isPresent() ? ClientTls.trusting(ca.get()) : ClientTls.usual();
        } catch (IOException | GeneralSecurityException e) {
            String file = ca.map(Path::toString).orElse("");
            throw new IllegalArgumentException("--ca: " + file + " is no file of certificates: " + e.getMessage(), e);
        }
    }

    private Bench.Plan plan() {
        require(
                connections >= 1 && threads >= 1 && threads <= connections,
                "--connections and --threads",
                "each at least 1, and at least one connection a thread");
        require(rounds >= 1, "--rounds", "at least 1");
        require(pool >= 1, "--pool", "at least 1");
        require(cards >= 0 && cards < CardSequence.SIZE, "--cards", "from 0 to " + (CardSequence.SIZE - 1));
        require(idle >= 0, "--idle", "at least 0");
        require(timeout > 0, "--timeout", "more than 0");
        Mix mixed = Mix.parse(mix);
        require(rsaKey.isPresent() || !mixed.contains(Workload.CR), "--rsa-key", "cr needs the site's public key");
        return new Bench.Plan(
                mixed, duration(seconds), duration(warmup), rounds, cards, pool, idle, rsaKey.map(CallerKey::of));
    }

    private static void require(boolean fulfilled, String option, String rule) {
        if (!fulfilled) {
            throw new IllegalArgumentException(option + ": " + rule);
        }
    }

    private static Duration duration(double seconds) {
        require(seconds >= 0 && seconds <= 1e6, "a time", "from 0 to 1000000 seconds");
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private <T> T checked(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }
}
