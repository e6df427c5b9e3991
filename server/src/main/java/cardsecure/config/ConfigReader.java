package cardsecure.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads the configuration file, which is YAML with the keys of `docs/cardsecure.sample.yaml`, and finds
/// everything that is wrong with it in one go. Relative paths are relative to the working directory, as those
/// of options are.
public final class ConfigReader {
    /// Bytes.
    public static final int FILE_MAX = 1 << 20;

    private static final List<String> KEYS =
            List.of("data", "listeners", "tls", "store", "kek", "keys", "wallets", "limits", "rfc", "log");
    static final List<String> STORE = List.of("url", "block-cache", "disk-reserve", "pool-size", "timeout");
    static final List<String> KEK = List.of("uri");
    static final List<String> ROTATION = List.of("rotate-after", "rotate-after-seals");
    static final List<String> WALLETS =
            List.of("apple-root", "apple-past", "apple-future", "google-keys", "google-test-keys");
    static final List<String> LOG = List.of("format", "level", "file");
    static final List<String> LIMITS = List.of(
            "request-target-max",
            "headers-max",
            "body-max",
            "frame-max",
            "connections-max",
            "requests-in-flight-max",
            "write-queue-max",
            "write-batch-max",
            "idle-timeout",
            "stop-timeout");

    private final String file;
    private final List<Problem> problems = new ArrayList<>();

    private ConfigReader(String file) {
        this.file = file;
    }

    /// The configuration of a file.
    ///
    /// @param dev whether what the file leaves out is as for trying out
    /// @throws ConfigException with everything that is wrong, by line
    public static ServerConfig read(Path file, boolean dev) throws ConfigException {
        String name = file.toString();
        return parse(name, load(file, name), dev);
    }

    /// The configuration of a file's text.
    ///
    /// @param file names it in problems
    /// @param dev whether what the text leaves out is as for trying out
    /// @throws ConfigException with everything that is wrong, by line
    public static ServerConfig parse(String file, String text, boolean dev) throws ConfigException {
        ConfigReader reader = new ConfigReader(file);
        Section root = compose(file, text)
                .map(node -> Section.of(node, KEYS, reader::problem))
                .orElseGet(() -> Section.empty(reader::problem));
        ServerConfig config = config(root, dev);
        if (!reader.problems.isEmpty()) {
            reader.problems.sort(Comparator.comparingInt(Problem::line));
            throw new ConfigException(reader.problems);
        }
        return config;
    }

    private void problem(int line, String message) {
        problems.add(new Problem(file, line, message));
    }

    private static String load(Path file, String name) throws ConfigException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(FILE_MAX + 1);
            if (bytes.length > FILE_MAX) {
                throw whole(name, "a configuration file has 1 MiB at most");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            throw whole(name, "the file is not UTF-8");
        } catch (NoSuchFileException _) {
            throw whole(name, "there is no such file");
        } catch (IOException e) {
            throw whole(name, "the file cannot be read: " + e.getMessage());
        }
    }

    private static ConfigException whole(String file, String message) {
        return new ConfigException(List.of(new Problem(file, 0, message)));
    }

    private static Optional<Node> compose(String file, String text) throws ConfigException {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(FILE_MAX)
                .build();
        try {
            return new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            throw new ConfigException(List.of(new Problem(file, line, "this is not YAML: " + e.getProblem())));
        } catch (YamlEngineException _) {
            throw whole(file, "this is not YAML: it has characters that YAML does not allow");
        }
    }

    private static ServerConfig config(Section root, boolean dev) {
        Path data = root.value("data", ServerConfig.USUAL_DATA, Values::path);
        LimitsConfig limits = limits(root.section("limits", LIMITS), LimitsConfig.defaults());
        ListenersConfig listeners =
                ListenersReader.listeners(root.section("listeners", ListenersConfig.KEYS), dev, limits);
        TlsConfig tls = ListenersReader.tls(root.section("tls", ListenersReader.TLS));
        StoreConfig store = store(root.section("store", STORE), StoreConfig.defaults());
        KekConfig kek = kek(root.section("kek", KEK), KekConfig.defaults());
        KeysConfig keys = keys(root.section("keys", ROTATION), KeysConfig.defaults());
        WalletsConfig wallets = wallets(root.section("wallets", WALLETS), WalletsConfig.defaults());
        RfcConfig rfc = RfcReader.rfc(root.section("rfc", RfcReader.RFC), RfcConfig.defaults());
        LogConfig log = log(root.section("log", LOG), LogConfig.defaults());
        return root.build(
                ServerConfig.defaults(dev, data),
                () -> new ServerConfig(dev, data, listeners, tls, store, kek, keys, wallets, limits, rfc, log));
    }

    private static StoreConfig store(Section section, StoreConfig usual) {
        StoreLocation location = section.value("url", usual.location(), StoreLocation::parse);
        long blockCache = section.value("block-cache", usual.blockCacheBytes(), Values::size);
        long diskReserve = section.value("disk-reserve", usual.diskReserveBytes(), Values::size);
        int poolSize = section.value("pool-size", usual.poolSize(), Values::number);
        Duration timeout = section.value("timeout", usual.timeout(), Values::duration);
        return section.build(usual, () -> new StoreConfig(location, blockCache, diskReserve, poolSize, timeout));
    }

    private static KekConfig kek(Section section, KekConfig usual) {
        return section.build(
                usual, () -> KekConfig.of(section.value("uri", usual.uri().text(), text -> text)));
    }

    private static KeysConfig keys(Section section, KeysConfig usual) {
        Optional<Duration> after = section.value("rotate-after", usual.rotateAfter(), Values::durationOrOff);
        long seals = section.value("rotate-after-seals", usual.rotateAfterSeals(), Values::count);
        return section.build(usual, () -> new KeysConfig(after, seals));
    }

    private static WalletsConfig wallets(Section section, WalletsConfig usual) {
        Optional<Path> root = section.value("apple-root", usual.appleRoot(), ConfigReader::optionalPath);
        Duration past = section.value("apple-past", usual.applePast(), Values::duration);
        Duration future = section.value("apple-future", usual.appleFuture(), Values::duration);
        Optional<Path> keys = section.value("google-keys", usual.googleKeys(), ConfigReader::optionalPath);
        Optional<Path> testKeys = section.value("google-test-keys", usual.googleTestKeys(), ConfigReader::optionalPath);
        return section.build(usual, () -> new WalletsConfig(root, past, future, keys, testKeys));
    }

    private static Optional<Path> optionalPath(String text) {
        return Optional.of(Values.path(text));
    }

    private static LimitsConfig limits(Section section, LimitsConfig usual) {
        int requestTarget = section.value("request-target-max", usual.requestTargetMax(), Values::smallSize);
        int headers = section.value("headers-max", usual.headersMax(), Values::smallSize);
        int body = section.value("body-max", usual.bodyMax(), Values::smallSize);
        int frame = section.value("frame-max", usual.frameMax(), Values::number);
        int connections = section.value("connections-max", usual.connectionsMax(), Values::number);
        int inFlight = section.value("requests-in-flight-max", usual.requestsInFlightMax(), Values::number);
        int queue = section.value("write-queue-max", usual.writeQueueMax(), Values::number);
        int batch = section.value("write-batch-max", usual.writeBatchMax(), Values::number);
        var idle = section.value("idle-timeout", usual.idleTimeout(), Values::duration);
        var stop = section.value("stop-timeout", usual.stopTimeout(), Values::duration);
        return section.build(
                usual,
                () -> new LimitsConfig(
                        requestTarget, headers, body, frame, connections, inFlight, queue, batch, idle, stop));
    }

    private static LogConfig log(Section section, LogConfig usual) {
        return new LogConfig(
                section.value("format", usual.format(), text -> Values.oneOf(LogFormat.class, text)),
                section.value("level", usual.level(), text -> Values.oneOf(LogLevel.class, text)),
                section.value("file", usual.file(), ConfigReader::optionalPath));
    }
}
