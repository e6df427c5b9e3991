package cardsecure.user;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/// Certificates whose keys nobody has kept.
public final class TestCertificates {
    /// `O=Shop, CN=till`.
    public static final X509Certificate TILL = read("""
        -----BEGIN CERTIFICATE-----
        MIIBlDCCATmgAwIBAgIUFN622aPA5xfsYQzi4pDWYGRskngwCgYIKoZIzj0EAwIw
        HjENMAsGA1UECgwEU2hvcDENMAsGA1UEAwwEdGlsbDAgFw0yNjExMjQwMDU5NDda
        GA8yMTI2MTAzMTAwNTk0N1owHjENMAsGA1UECgwEU2hvcDENMAsGA1UEAwwEdGls
        bDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABB1lpc78oyHUqd0vkFxo2IC5sxbz
        hVeYQPG+28vKkdbN74W7tmiUKbiT5ANWiyBvGkEz/+IZ3JTUM13pkoJADzqjUzBR
        MB0GA1UdDgQWBBRneGw21WUGyEG3b1Am/tnDEkjN/zAfBgNVHSMEGDAWgBRneGw2
        1WUGyEG3b1Am/tnDEkjN/zAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kA
        MEYCIQD7v3NmNxaccajLZ0Qi+3I76f4yVfotWdmpZ4G++qp77gIhAIJdEIYEOSbU
        aaagVyy3ait3cxRv5s0ma8bkZrVq/+n5
        -----END CERTIFICATE-----
        """);

    /// `O=Shop, CN=stranger`.
    public static final X509Certificate STRANGER = read("""
        -----BEGIN CERTIFICATE-----
        MIIBnDCCAUGgAwIBAgIUH3yXzwrBdO0DgXZXGsr0xj1fAw0wCgYIKoZIzj0EAwIw
        IjENMAsGA1UECgwEU2hvcDERMA8GA1UEAwwIc3RyYW5nZXIwIBcNMjYxMTI0MDA1
        OTQ3WhgPMjEyNjEwMzEwMDU5NDdaMCIxDTALBgNVBAoMBFNob3AxETAPBgNVBAMM
        CHN0cmFuZ2VyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE7YdnvVc8pGCL9NWu
        sMom0mRGktEMAdVQkrs2DDx+NTQStthuoJ5o2GsmBEuwT92gE3sxvb2FYWzhT+pc
        APZS26NTMFEwHQYDVR0OBBYEFOcf1eVPMhkN1OSYOX8QRBMKatb/MB8GA1UdIwQY
        MBaAFOcf1eVPMhkN1OSYOX8QRBMKatb/MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
        zj0EAwIDSQAwRgIhAJuwLppnUDYrHm8i7nA9SS8ruYEBrg1M3jQ4akA5569YAiEA
        6zl8BhtBIyTC7OL9Meqh3+ATp69EM0TDfr+RiGvDKG8=
        -----END CERTIFICATE-----
        """);

    private TestCertificates() {}

    private static X509Certificate read(String pem) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }
}
