package cardsecure.tls;

import cardsecure.config.TlsConfig;
import cardsecure.config.TlsIdentityConfig;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.tls.CertificateAuthority.Issued;
import cardsecure.tls.CertificateAuthority.Use;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Certificates for development: an authority of the data directory's own, which a developer can trust once, and a
/// server certificate that is made anew when it runs out or the machine has another name.
public final class DevCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(DevCertificates.class);
    private static final Period YEAR = Period.ofYears(1);
    private static final Period LEFT_MIN = Period.ofDays(30);
    private static final Pattern HOST_NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?");

    private final Path directory;
    private final Instant now;

    private DevCertificates(Path directory, Instant now) {
        this.directory = directory;
        this.now = now;
    }

    /// What a development server shows: the certificates in a directory, which are made if there are none.
    ///
    /// @param directory made if need be; `ca.pem` in it is what clients are to trust
    /// @throws Refusal `0044` if they cannot be written or read
    public static TlsConfig in(Path directory, InstantSource clock) {
        return new DevCertificates(directory, clock.instant()).openOrMake();
    }

    private TlsConfig openOrMake() {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            CertificateAuthority authority = authority();
            if (!isGood(authority)) {
                Issued issued = authority.issue("localhost", List.copyOf(hosts()), Use.SERVER, now, YEAR);
                write(serverKey(), CertificateAuthority.pem(issued.key()), "rw-------");
                write(server(), CertificateAuthority.pem(issued.certificate()), "rw-r--r--");
            }
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD, "certificates for development cannot be made in " + directory, e);
        }
        return new TlsConfig(List.of(new TlsIdentityConfig.Pem(server(), serverKey())), Optional.empty());
    }

    private CertificateAuthority authority() throws IOException {
        Path certificate = directory.resolve("ca.pem");
        Path key = directory.resolve("ca.key");
        if (Files.exists(certificate) && Files.exists(key)) {
            CertificateAuthority kept =
                    new CertificateAuthority(PemFile.certificates(certificate).getFirst(), PemFile.key(key));
            if (outlives(kept.certificate())) {
                return kept;
            }
        }
        CertificateAuthority made = CertificateAuthority.create("CardSecure development CA", now);
        write(key, CertificateAuthority.pem(made.key()), "rw-------");
        write(certificate, CertificateAuthority.pem(made.certificate()), "rw-r--r--");
        LOG.atInfo()
                .addKeyValue("file", certificate)
                .log("made an authority for development certificates; trust it by `curl --cacert " + certificate + "`");
        return made;
    }

    /// Whether there is a server certificate of the authority that lives long enough and has this machine's names.
    private boolean isGood(CertificateAuthority authority) {
        try {
            TlsIdentity kept = IdentityReader.read(new TlsIdentityConfig.Pem(server(), serverKey()));
            kept.certificate().verify(authority.certificate().getPublicKey());
            return outlives(kept.certificate())
                    && hosts().stream()
                            .filter(host -> !host.contains(":") && !host.startsWith("127."))
                            .allMatch(kept::isExactlyFor);
        } catch (Refusal | GeneralSecurityException _) {
            return false;
        }
    }

    private boolean outlives(X509Certificate certificate) {
        return now.plus(LEFT_MIN).isBefore(certificate.getNotAfter().toInstant());
    }

    /// The development site has its own name, because many clients take no wildcard right below the top.
    private static Set<String> hosts() {
        Set<String> hosts =
                new LinkedHashSet<>(List.of("localhost", "dev.localhost", "*.localhost", "127.0.0.1", "::1"));
        try {
            String name = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
            if (HOST_NAME.matcher(name).matches()) {
                hosts.add(name);
            }
        } catch (UnknownHostException _) {
            // The machine does not know its own name; then nobody will call it by that.
        }
        return hosts;
    }

    private Path server() {
        return directory.resolve("server.pem");
    }

    private Path serverKey() {
        return directory.resolve("server.key");
    }

    /// Under another name first, so that the file is whole or not there.
    private static void write(Path file, String text, String mode) throws IOException {
        Path draft = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        try (var channel = Files.newByteChannel(
                draft,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)))) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
