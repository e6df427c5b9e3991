package cardsecure.cli;

import cardsecure.admin.AdminSocket;
import cardsecure.backup.BackupUnlock;
import cardsecure.backup.CertificateLock;
import cardsecure.backup.FormerKeystores;
import cardsecure.backup.KeyBackup;
import cardsecure.backup.KeyRestore;
import cardsecure.backup.PassphraseLock;
import cardsecure.config.ConfigException;
import cardsecure.config.ConfigReader;
import cardsecure.config.Problem;
import cardsecure.config.SecretSource;
import cardsecure.config.ServerConfig;
import cardsecure.error.Refusal;
import cardsecure.kek.Keks;
import cardsecure.kek.SecretReader;
import cardsecure.keys.KeyId;
import cardsecure.keys.KeyRing;
import cardsecure.store.Peers;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import cardsecure.stores.CopyMark;
import cardsecure.stores.UnopenedStore;
import cardsecure.tls.PemFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// `cardsecure key restore`.
@Command(
        name = "restore",
        usageHelpWidth = 100,
        description = {
            "Put the keys of a backup into a store whose keystore or KEK is lost. No server may run on it.",
            "A backup that lacks a key which the store's data need is refused, with what would be unreadable."
        },
        footer = {
            "",
            "The KEK that the configuration names wraps the keys; it is made if it is missing. If the keystore that is",
            "there is whole and that KEK does not open it, nothing is done: without its own KEK nobody can tell what",
            "would be lost with it. The keystore that was there is kept in a file of the data directory,",
            "keystore-before-TIME; such a file can be restored too, under its own KEK.",
            "",
            "Examples:",
            "  cardsecure key restore keys.backup --key officer.key --config /etc/cardsecure/cardsecure.yaml",
            "  cardsecure key restore keys.backup --passphrase terminal --config /etc/cardsecure/cardsecure.yaml",
        })
public final class KeyRestoreCommand extends TypedCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "The backup, or keystore-before-TIME.")
    private Path file = Path.of("keys.backup");

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The private key (PEM) of the certificate that the backup is for.")
    private Optional<Path> key = Optional.empty();

    @Mixin
    private PassphraseOption passphrase = new PassphraseOption();

    @Option(names = "--data", paramLabel = "DIR", description = "The data directory; ./data unless given.")
    private Optional<Path> data = Optional.empty();

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration: data directory, store and KEK.")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--present-keystore-lost",
            description = "Replace the keystore that is there though its KEK is not at hand: that is lost for good.")
    private boolean presentLost;

    @Option(
            names = "--callers-keys-lost",
            paramLabel = "ID",
            split = ",",
            converter = KeyIdConverter.class,
            description = "Go on without these keys of callers, which no backup has: what they encrypted is lost for"
                    + " good. Their IDs are never used again.")
    private Set<KeyId> callersLost = Set.of();

    /// Reads what people type for a key ID.
    static final class KeyIdConverter implements ITypeConverter<KeyId> {
        @Override
        public KeyId convert(String text) {
            try {
                return new KeyId(text.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    private final SecretReader secrets;

    /// Asks at the terminal.
    public KeyRestoreCommand() {
        this(SecretReader.atTerminal());
    }

    KeyRestoreCommand(SecretReader secrets) {
        this.secrets = secrets;
    }

    /// Restores the keys.
    @Override
    public Integer call() {
        Terminal terminal = terminal();
        try {
            return restore(terminal);
        } catch (InputException e) {
            return terminal.fail(String.valueOf(e.getMessage()), e.hint());
        } catch (ConfigException e) {
            return terminal.fail(e.problems().stream().map(Problem::toString).toList());
        } catch (Refusal e) {
            return terminal.fail(e);
        } catch (StoreException e) {
            return terminal.fail(
                    String.valueOf(e.getMessage()),
                    "stop the server first, if one runs; if the store failed while it was written, the keystore may be"
                            + " restored or not: keep the old KEK and the new one, and restore again");
        } catch (IOException e) {
            return terminal.fail(
                    "the data directory cannot be written: " + e.getMessage(),
                    "the keystore is as it was; a new KEK may have been made: keep it, and restore again");
        }
    }

    private int restore(Terminal terminal) throws InputException, ConfigException, StoreException, IOException {
        Restoring restoring = restoring(KeyFiles.read(file));
        ServerConfig read = config.isPresent()
                ? ConfigReader.read(config.get(), false)
                : ServerConfig.defaults(false, ServerConfig.USUAL_DATA);
        ServerConfig effective = read.withData(data.orElse(read.data()));
        UnopenedStore unopened = UnopenedStore.of(effective.store(), effective.data(), secrets);
        if (!unopened.exists()) {
            throw new InputException(
                    "there is no store in " + effective.store().location().shown(effective.data()),
                    "name its data directory with --data or --config, or a database in the configuration's store: url");
        }
        AdminSocket.prepareDirectory(effective.data());
        SecureRandom random = new SecureRandom();
        Keks keks = new Keks(effective.data(), secrets, random);
        try (TokenStore store = unopened.open()) {
            requireNobodyServes(store);
            CopyMark.requireNone(store, effective.store().location().shown(effective.data()));
            KeyRestore restore = new KeyRestore(
                    store,
                    effective.data(),
                    keks,
                    effective.kek().uri(),
                    new KeyRestore.Losses(presentLost, callersLost),
                    random);
            return terminal.say(restoring.with(restore, Instant.now()));
        }
    }

    private interface Restoring {
        List<String> with(KeyRestore restore, Instant now) throws StoreException, IOException;
    }

    private Restoring restoring(byte[] content) {
        Optional<SealedData> former = FormerKeystores.read(content);
        if (former.isPresent()) {
            if (key.isPresent() || passphrase.source().isPresent()) {
                throw new ParameterException(
                        spec.commandLine(), "this file is opened by its KEK alone: neither --key nor --passphrase");
            }
            return (restore, now) -> restore.putBack(former.get(), now);
        }
        KeyBackup backup = KeyFiles.backup(content);
        KeyRing ring = backup.open(unlock(backup));
        return (restore, now) -> restore.restore(ring, now);
    }

    /// An embedded store that is open elsewhere does not open at all.
    private static void requireNobodyServes(TokenStore store) throws StoreException, InputException {
        List<String> serving =
                store.peers().live().stream().map(Peers.Peer::name).toList();
        if (!serving.isEmpty()) {
            throw new InputException(
                    "servers run on the store: " + String.join(", ", serving),
                    "stop them all, wait ten seconds, and restore again");
        }
    }

    private BackupUnlock unlock(KeyBackup backup) {
        if (backup.needsPassphrase()) {
            if (key.isPresent()) {
                throw new ParameterException(
                        spec.commandLine(), "this backup is opened by a passphrase: --passphrase instead of --key");
            }
            SecretSource source = passphrase.source().orElseGet(SecretSource.Terminal::new);
            return PassphraseLock.unlock(secrets.read(source, "passphrase of the backup"));
        }
        if (key.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "this backup is opened by a certificate's private key: --key FILE");
        }
        return CertificateLock.unlock(PemFile.key(key.get()));
    }
}
