package cardsecure.tls;

import cardsecure.config.TlsIdentityConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Reads a certificate with its key from the files where they are, and makes sure that they belong together.
final class IdentityReader {
    private static final byte[] SAMPLE = "cardsecure".getBytes(StandardCharsets.US_ASCII);
    private static final int PASSWORD_MAX = 1024;

    private IdentityReader() {}

    /// @throws cardsecure.error.Refusal `0044` with the file and what is wrong with it
    static TlsIdentity read(TlsIdentityConfig config) {
        return switch (config) {
            case TlsIdentityConfig.Pem(Path certificate, Path key) ->
                identity(certificate, PemFile.certificates(certificate), key, PemFile.key(key));
            case TlsIdentityConfig.Pkcs12(Path file, Optional<Path> passwordFile) -> pkcs12(file, passwordFile);
        };
    }

    private static TlsIdentity pkcs12(Path file, Optional<Path> passwordFile) {
        char[] password = passwordFile.map(IdentityReader::password).orElseGet(() -> new char[0]);
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            List<X509Certificate> chain = new ArrayList<>();
            List<PrivateKey> keys = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias) && store.getKey(alias, password) instanceof PrivateKey key) {
                    keys.add(key);
                    for (var certificate : store.getCertificateChain(alias)) {
                        chain.add((X509Certificate) certificate);
                    }
                }
            }
            if (keys.size() != 1) {
                throw PemFile.refusal(file, "holds " + keys.size() + " keys: it is to hold one, with its certificates");
            }
            return identity(file, chain, file, keys.getFirst());
        } catch (NoSuchFileException e) {
            throw PemFile.refusal(file, "is missing", e);
        } catch (IOException | GeneralSecurityException e) {
            String password12 = passwordFile
                    .map(path -> "the password in " + path + " is wrong")
                    .orElse("it has a password and no password file is named");
            throw PemFile.refusal(file, "cannot be read as PKCS#12: it is none, or " + password12, e);
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    /// The first line of a file.
    private static char[] password(Path file) {
        byte[] text = {};
        CharBuffer decoded = CharBuffer.allocate(0);
        try (InputStream in = Files.newInputStream(file)) {
            text = in.readNBytes(PASSWORD_MAX);
            int end = 0;
            while (end < text.length && text[end] != '\n' && text[end] != '\r') {
                end++;
            }
            decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(text, 0, end));
            char[] password = new char[decoded.remaining()];
            decoded.get(password);
            return password;
        } catch (IOException e) {
            throw PemFile.refusal(file, "with a password is missing or cannot be read", e);
        } finally {
            Arrays.fill(text, (byte) 0);
            Arrays.fill(decoded.array(), '\0');
        }
    }

    private static TlsIdentity identity(Path at, List<X509Certificate> chain, Path keyAt, PrivateKey key) {
        X509Certificate own = chain.getFirst();
        if (!fit(own.getPublicKey(), key)) {
            throw PemFile.refusal(
                    at,
                    "and the key in " + keyAt + " do not belong together; the server's own certificate comes first");
        }
        for (int i = 1; i < chain.size(); i++) {
            if (!chain.get(i - 1).getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                throw PemFile.refusal(
                        at, "has its certificates in a wrong order: each is followed by that of its issuer");
            }
        }
        try {
            return TlsIdentity.of(chain, key);
        } catch (CertificateParsingException e) {
            throw PemFile.refusal(at, "holds a certificate whose names are malformed", e);
        }
    }

    private static boolean fit(PublicKey shown, PrivateKey kept) {
        String algorithm = switch (kept.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> kept.getAlgorithm();
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(kept);
            signature.update(SAMPLE);
            byte[] made = signature.sign();
            signature.initVerify(shown);
            signature.update(SAMPLE);
            return signature.verify(made);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}
