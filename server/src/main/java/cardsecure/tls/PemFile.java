package cardsecure.tls;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/// Reads PEM files (RFC 7468), and what older OpenSSL wrote in that form.
public final class PemFile {
    private static final int SIZE_MAX = 1 << 20;

    private PemFile() {}

    /// All certificates of a file, in their order.
    ///
    /// @throws Refusal `0044` if it has none or cannot be read
    static List<X509Certificate> certificates(Path file) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Object part : parts(file)) {
            if (part instanceof X509CertificateHolder holder) {
                try {
                    certificates.add(new JcaX509CertificateConverter().getCertificate(holder));
                } catch (CertificateException e) {
                    throw refusal(file, "holds a certificate that is malformed", e);
                }
            }
        }
        if (certificates.isEmpty()) {
            throw refusal(file, "holds no certificate: it is a PEM file with -----BEGIN CERTIFICATE-----");
        }
        return certificates;
    }

    /// The first private key of a file.
    ///
    /// @throws Refusal `0044` if it has none, has it encrypted, or cannot be read
    public static PrivateKey key(Path file) {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        for (Object part : parts(file)) {
            try {
                switch (part) {
                    case PrivateKeyInfo pkcs8 -> {
                        return converter.getPrivateKey(pkcs8);
                    }
                    case PEMKeyPair pair -> {
                        return converter.getPrivateKey(pair.getPrivateKeyInfo());
                    }
                    case PKCS8EncryptedPrivateKeyInfo _, PEMEncryptedKeyPair _ ->
                        throw refusal(
                                file,
                                "holds an encrypted key: make one that is not, by `openssl pkey -in " + file
                                        + " -out NEW`, or a PKCS#12 file with a password file");
                    default -> {}
                }
            } catch (IOException e) {
                throw refusal(file, "holds a key of a kind that is not known, or malformed", e);
            }
        }
        throw refusal(file, "holds no key: it is a PEM file with -----BEGIN PRIVATE KEY-----");
    }

    private static List<Object> parts(Path file) {
        List<Object> parts = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1);
                PEMParser parser = new PEMParser(reader)) {
            if (Files.size(file) > SIZE_MAX) {
                throw refusal(file, "is too long for a PEM file");
            }
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                parts.add(part);
            }
            return parts;
        } catch (NoSuchFileException e) {
            throw refusal(file, "is missing", e);
        } catch (IOException e) {
            throw refusal(file, "cannot be read, or is no PEM file", e);
        }
    }

    static Refusal refusal(Path file, String problem) {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, "file " + file + " " + problem);
    }

    static Refusal refusal(Path file, String problem, Exception cause) {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, "file " + file + " " + problem, cause);
    }
}
