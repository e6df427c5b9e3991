package cardsecure.cli;

import cardsecure.admin.AdminRequest.NewLogin;
import cardsecure.secret.SecretBytes;
import cardsecure.user.Login;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// The options that say how a user proves who it is. None takes a password: other users of the machine can see a
/// command line.
final class LoginOptions {
    private static final int PASSWORD_FILE_MAX = 4096;

    @Option(names = "--password", description = "Ask for a password here, twice.")
    private boolean password;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Take the password from a file: all of it, but a line end at its end.")
    private Optional<Path> passwordFile = Optional.empty();

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "No password: this one client certificate (PEM or DER).")
    private Optional<Path> certificate = Optional.empty();

    @Option(
            names = "--certificate-subject",
            paramLabel = "DN",
            description = "No password: any client certificate for this name, such as CN=till,O=Shop.")
    private Optional<String> subject = Optional.empty();

    /// The login that was chosen, if any was.
    ///
    /// @throws ParameterException for more than one
    /// @throws InputException for a file or a password that cannot be used
    Optional<NewLogin> chosen(CommandSpec spec, String user, PasswordPrompt prompt) throws InputException {
        long given = Stream.of(password, passwordFile.isPresent(), certificate.isPresent(), subject.isPresent())
                .filter(Boolean::booleanValue)
                .count();
        if (given > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "a user has one login: choose one of --password, --password-file, --certificate,"
                            + " --certificate-subject");
        }
        if (passwordFile.isPresent()) {
            return Optional.of(new NewLogin.Password(passwordOf(passwordFile.get())));
        }
        if (certificate.isPresent()) {
            return Optional.of(new NewLogin.Certificate(fingerprintOf(certificate.get())));
        }
        if (subject.isPresent()) {
            return Optional.of(new NewLogin.Subject(subject.get()));
        }
        return password ? Optional.of(new NewLogin.Password(prompt.askTwice(user))) : Optional.empty();
    }

    private static SecretBytes passwordOf(Path file) throws InputException {
        byte[] bytes = read(file);
        int length = bytes.length;
        if (length > 0 && bytes[length - 1] == '\n') {
            length--;
        }
        if (length > 0 && bytes[length - 1] == '\r') {
            length--;
        }
        SecretBytes read = SecretBytes.copyOf(bytes, 0, length);
        Arrays.fill(bytes, (byte) 0);
        return read;
    }

    private static byte[] read(Path file) throws InputException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(PASSWORD_FILE_MAX);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static String fingerprintOf(Path file) throws InputException {
        try (InputStream in = Files.newInputStream(file)) {
            X509Certificate read =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            return Login.Certificate.of(read).sha256();
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (CertificateException | IllegalArgumentException _) {
            throw new InputException(file + " is no certificate", "it is the client's certificate, in PEM or DER form");
        }
    }

    private static InputException unreadable(Path file, IOException why) {
        return new InputException(
                file + (why instanceof NoSuchFileException ? " does not exist" : " cannot be read"),
                "name a file that you can read");
    }
}
