package cardsecure.cli;

import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.admin.AdminRequest.BackupReader;
import cardsecure.backup.KeyBackup;
import cardsecure.config.KekUri;
import cardsecure.config.SecretSource;
import cardsecure.error.Refusal;
import cardsecure.kek.PassphraseKek;
import cardsecure.kek.PrivateFile;
import cardsecure.kek.SecretReader;
import cardsecure.secret.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// `cardsecure key backup`.
@Command(
        name = "backup",
        usageHelpWidth = 100,
        description = {
            "Write all keys of the running server's vault into a file, encrypted.",
            "With `key restore` they open the store again, should its keystore or its KEK be lost."
        },
        footer = {
            "",
            "The file is for this user alone, and none is overwritten. --show tells what a file is, without a secret.",
            "",
            "Examples:",
            "  cardsecure key backup --out keys.backup --to-certificate officer.pem",
            "  cardsecure key backup --out keys.backup --passphrase terminal",
            "  cardsecure key backup --show keys.backup",
        })
public final class KeyBackupCommand extends TypedCommand implements Callable<Integer> {
    private static final int CERTIFICATE_MAX = 32 * 1024;

    @Mixin
    private RunningServer server = new RunningServer();

    @Option(names = "--out", paramLabel = "FILE", description = "Where the backup goes.")
    private Optional<Path> out = Optional.empty();

    @Option(
            names = "--to-certificate",
            paramLabel = "FILE",
            description = "The key of this certificate (PEM; RSA or EC) opens the backup.")
    private Optional<Path> certificate = Optional.empty();

    @Mixin
    private PassphraseOption passphrase = new PassphraseOption();

    @Option(
            names = "--memory",
            paramLabel = "MIB",
            description = "What a passphrase's key costs, from 19 to 1024 MiB; 256 unless given.")
    private int memoryMib = KekUri.Passphrase.MEMORY_USUAL >> 10;

    @Option(names = "--show", paramLabel = "FILE", description = "Show what a backup says of itself.")
    private Optional<Path> show = Optional.empty();

    private final SecretReader secrets;

    /// Asks at the terminal.
    public KeyBackupCommand() {
        this(SecretReader.atTerminal());
    }

    KeyBackupCommand(SecretReader secrets) {
        this.secrets = secrets;
    }

    /// Writes or shows a backup.
    @Override
    public Integer call() {
        try {
            if (show.isPresent()) {
                return show(show.get());
            }
            Path file = out.orElseThrow(
                    () -> new ParameterException(spec.commandLine(), "say where the backup goes: --out"));
            if (certificate.isPresent() == passphrase.source().isPresent()) {
                throw new ParameterException(
                        spec.commandLine(), "say who can open the backup: --to-certificate or --passphrase");
            }
            if (Files.exists(file)) {
                throw taken(file);
            }
            requireDirectory(file);
            BackupReader reader = certificate.isPresent()
                    ? certificate(certificate.get())
                    : passphrase(passphrase.source().get());
            return server.ask(new AdminRequest.KeyBackup(reader), terminal(), answer -> keep(answer, file));
        } catch (InputException e) {
            return terminal().fail(String.valueOf(e.getMessage()), e.hint());
        } catch (Refusal e) {
            return terminal().fail(e);
        }
    }

    private static InputException taken(Path file) {
        return new InputException(file + " is there already", "name a file that is not; none is overwritten");
    }

    /// A directory that is made by mistake is where nobody looks for the backup.
    private static void requireDirectory(Path file) throws InputException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null && Files.notExists(directory)) {
            throw new InputException(
                    "there is no directory " + directory, "make it first, or name a file in one that there is");
        }
    }

    private static BackupReader certificate(Path file) throws InputException {
        try {
            if (Files.size(file) > CERTIFICATE_MAX) {
                throw new InputException(file + " is too long for a certificate", "name a PEM file with one");
            }
            return new BackupReader.Certificate(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw KeyFiles.unreadable(file, e);
        }
    }

    private BackupReader passphrase(SecretSource source) {
        SecretBytes secret = secrets.readNew(source, "passphrase of the backup");
        PassphraseKek.requireGood(secret);
        return new BackupReader.Passphrase(secret, memoryMib << 10);
    }

    private int keep(AdminReply.Answer answer, Path file) {
        Terminal terminal = terminal();
        if (!(answer instanceof AdminReply.Backup(String text))) {
            return terminal.failUnexpected();
        }
        try {
            // What came over the channel is what will be asked to open one day.
            KeyBackup backup = KeyBackup.parse(text);
            PrivateFile.create(file, text.getBytes(StandardCharsets.US_ASCII), new SecureRandom().nextLong());
            List<String> lines = new ArrayList<>(List.of("all keys are in " + file + ":"));
            lines.addAll(backup.header().lines());
            int said = terminal.say(lines);
            // Now that the file is on the disk the server may stop to warn that its keys are in no backup.
            int told = server.tell(
                    new AdminRequest.KeyBackupKept(
                            backup.header().generation(), backup.header().made()),
                    terminal);
            return Math.max(said, told);
        } catch (FileAlreadyExistsException _) {
            InputException taken = taken(file);
            return terminal.fail(String.valueOf(taken.getMessage()), taken.hint());
        } catch (IOException e) {
            return terminal.fail(
                    file + " cannot be written: " + e.getMessage(), "name a file in a directory that you can write");
        }
    }

    private int show(Path file) throws InputException {
        return terminal().say(KeyFiles.backup(file).header().lines());
    }
}
