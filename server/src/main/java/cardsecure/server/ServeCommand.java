package cardsecure.server;

import cardsecure.admin.AdminException;
import cardsecure.config.ConfigException;
import cardsecure.config.ConfigReader;
import cardsecure.config.InvalidConfigException;
import cardsecure.config.LimitsConfig;
import cardsecure.config.Listen;
import cardsecure.config.ListenException;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenersConfig;
import cardsecure.config.Problem;
import cardsecure.config.ServerConfig;
import cardsecure.config.StoreLocation;
import cardsecure.error.Refusal;
import cardsecure.log.AuditLines;
import cardsecure.log.LogSetup;
import cardsecure.store.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `cardsecure serve`.
@Command(
        name = "serve",
        description = {
            "Open the vault and serve it, until SIGTERM or Ctrl-C.",
            "Prints each address that it listens on, one a line, then `ready`; the log goes to standard error."
        },
        footer = {
            "",
            "URL is rocksdb:, rocksdb:DIR, or postgresql://USER@HOST:PORT/DATABASE?password-source=file:/PATH.",
            "LISTEN is HOST:PORT, [IPV6]:PORT, PORT (of the loopback address; 0: any free one) or off.",
            "",
            "Examples:",
            "  cardsecure serve --dev",
            "  cardsecure serve --config /etc/cardsecure/cardsecure.yaml",
            "  cardsecure serve --data /var/lib/cardsecure --http 127.0.0.1:8080",
            "  cardsecure serve --data /var/lib/cardsecure --https 8443 --store 'postgresql://cardsecure@db/vault'",
        })
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(names = "--dev", description = "For trying out: makes data directory, keys and a site, and listens.")
    private boolean dev;

    @Option(names = "--data", paramLabel = "DIR", description = "Where the vault is (default: ./data).")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--store",
            paramLabel = "URL",
            converter = StoreConverter.class,
            description = "Where the store is (default: rocksdb:, in the data directory).")
    private Optional<StoreLocation> store = Optional.empty();

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration; options win over it.")
    private Optional<Path> config = Optional.empty();

    @Option(names = "--http", paramLabel = "LISTEN", converter = ListenConverter.class, description = "Plain HTTP.")
    private Optional<Listen> http = Optional.empty();

    @Option(names = "--https", paramLabel = "LISTEN", converter = ListenConverter.class, description = "HTTPS.")
    private Optional<Listen> https = Optional.empty();

    @Option(names = "--socket", paramLabel = "LISTEN", converter = ListenConverter.class, description = "Socket.")
    private Optional<Listen> socket = Optional.empty();

    @Option(
            names = "--socket-tls",
            paramLabel = "LISTEN",
            converter = ListenConverter.class,
            description = "TLS socket.")
    private Optional<Listen> socketTls = Optional.empty();

    @Option(
            names = "--rfc",
            paramLabel = "LISTEN",
            converter = ListenConverter.class,
            description = "SAP's remote function calls.")
    private Optional<Listen> rfc = Optional.empty();

    @Option(
            names = "--rfc-tls",
            paramLabel = "LISTEN",
            converter = ListenConverter.class,
            description = "The same over TLS.")
    private Optional<Listen> rfcTls = Optional.empty();

    /// Reads what people type for a listener.
    static final class ListenConverter implements ITypeConverter<Listen> {
        @Override
        public Listen convert(String text) {
            try {
                return Listen.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /// Reads where a store is.
    static final class StoreConverter implements ITypeConverter<StoreLocation> {
        @Override
        public StoreLocation convert(String text) {
            try {
                return StoreLocation.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("a store's URL " + e.getMessage());
            }
        }
    }

    /// Serves until it is stopped.
    @Override
    public Integer call() throws InterruptedException {
        try {
            ServerConfig effective = effectiveConfig();
            requireListeners(effective.listeners());
            LogSetup.apply(effective.log());
            Server server = Server.start(effective, new AuditLines());
            serve(server);
            return ExitCode.OK;
        } catch (ConfigException e) {
            return fail(
                    e.problems().stream().map(Problem::toString).toList(), "`cardsecure check-config` checks a file");
        } catch (InvalidConfigException e) {
            return fail(
                    e.faults().stream().map(Object::toString).toList(), "`cardsecure serve --help` says what there is");
        } catch (IllegalArgumentException e) {
            return fail(List.of(String.valueOf(e.getMessage())), "");
        } catch (Refusal e) {
            return fail(List.of(e.code().digits() + " " + e.code().text() + ": " + e.reason()), "");
        } catch (StoreException e) {
            return fail(List.of(String.valueOf(e.getMessage())), "");
        } catch (AdminException e) {
            return fail(List.of(String.valueOf(e.getMessage())), e.hint());
        } catch (IOException e) {
            return fail(List.of("the data directory cannot be used: " + e), "");
        } catch (ListenException e) {
            return fail(
                    List.of(String.valueOf(e.getMessage())), "another program may have the port; 0 takes any free one");
        }
    }

    private ServerConfig effectiveConfig() throws ConfigException {
        ServerConfig read = config.isPresent()
                ? ConfigReader.read(config.get(), dev)
                : ServerConfig.defaults(dev, ServerConfig.USUAL_DATA);
        LimitsConfig limits = read.limits();
        ListenersConfig listeners = read.listeners();
        for (Map.Entry<Kind, Optional<Listen>> option : options().entrySet()) {
            if (option.getValue().isPresent()) {
                listeners = listeners.with(option.getKey(), option.getValue().get(), limits);
            }
        }
        return read.withData(data.orElse(read.data()))
                .withStore(read.store().withLocation(store.orElse(read.store().location())))
                .withListeners(listeners);
    }

    private Map<Kind, Optional<Listen>> options() {
        return Map.of(
                Kind.HTTP, http,
                Kind.HTTPS, https,
                Kind.SOCKET, socket,
                Kind.SOCKET_TLS, socketTls,
                Kind.RFC, rfc,
                Kind.RFC_TLS, rfcTls);
    }

    private static void requireListeners(ListenersConfig listeners) {
        if (listeners.all().isEmpty()) {
            throw new InvalidConfigException(List.of(new InvalidConfigException.Fault(
                    "listeners", "are all off: give --https or --socket-tls, a configuration, or --dev")));
        }
    }

    private void serve(Server server) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Thread stop = Thread.ofPlatform().unstarted(() -> {
            LOG.info("stopping");
            server.close();
            LOG.info("stopped");
            stopped.countDown();
            // A stop that was asked for is no failure; without this the exit code would be the signal's.
            Runtime.getRuntime().halt(ExitCode.OK);
        });
        // Before anybody is told that there is something to stop.
        Runtime.getRuntime().addShutdownHook(stop);
        warn(server.warnings());
        PrintWriter out = spec.commandLine().getOut();
        server.listeners().forEach(listener -> out.println("listening " + listener));
        out.println("ready");
        out.flush();
        stopped.await();
    }

    /// In red on a terminal, so that nobody overlooks it among the lines of the log; else in the log itself, which a
    /// program may read line by line.
    private void warn(List<String> warnings) {
        if (Ansi.AUTO.enabled()) {
            PrintWriter err = spec.commandLine().getErr();
            warnings.forEach(text -> err.println(Ansi.AUTO.string("@|bold,red cardsecure: warning: " + text + "|@")));
            err.flush();
        } else {
            warnings.forEach(text -> LOG.atWarn().log("{}", text));
        }
    }

    private int fail(List<String> errors, String hint) {
        PrintWriter err = spec.commandLine().getErr();
        errors.forEach(error -> err.println("cardsecure: error: " + error));
        if (!hint.isEmpty()) {
            err.println("hint: " + hint);
        }
        err.flush();
        return ExitCode.SOFTWARE;
    }
}
