package cardsecure.wallets;

import cardsecure.config.WalletsConfig;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.wallet.ApplePay;
import cardsecure.wallet.GooglePay;
import cardsecure.wallet.GooglePayRootKeys;
import cardsecure.wallet.WalletTrust;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Whom this node believes in the name of Apple and Google, as its files say now. Safe for threads, if [#look]
/// is called by one.
public final class WalletRoots implements Supplier<WalletTrust> {
    private final WalletsConfig config;
    private final Optional<WalletSimulators> simulators;
    private final InstantSource clock;
    private final Optional<WatchedFile<X509Certificate>> appleRoot;
    private final Optional<WatchedFile<GooglePayRootKeys>> googleKeys;
    private final Optional<WatchedFile<GooglePayRootKeys>> googleTestKeys;
    private volatile WalletTrust trust;

    /// Reads the files. Those of Google's are made anew by somebody who fetches them: one that cannot be used
    /// leaves nobody to believe for Google Pay, and does not keep the server from serving all else.
    ///
    /// @param simulators who are believed beside Apple and Google: for trying out alone
    /// @throws Refusal `0044` with the file and what is wrong with it, for that of Apple's root
    public WalletRoots(WalletsConfig config, Optional<WalletSimulators> simulators, InstantSource clock) {
        this.config = config;
        this.simulators = simulators;
        this.clock = clock;
        this.appleRoot =
                config.appleRoot().map(file -> new WatchedFile<X509Certificate>(file, this::certificate).required());
        this.googleTestKeys = config.googleTestKeys().map(file -> new WatchedFile<GooglePayRootKeys>(file, this::keys));
        Optional<WatchedFile<GooglePayRootKeys>> tests = googleTestKeys;
        this.googleKeys = config.googleKeys()
                .map(file -> new WatchedFile<GooglePayRootKeys>(
                        file, (content, former) -> paymentKeys(content, former, tests.flatMap(WatchedFile::value))));
        googleFiles().forEach(WatchedFile::look);
        this.trust = trustOfNow();
    }

    /// A certificate that can be a root. One that has expired takes no good one's place.
    private X509Certificate certificate(byte[] content, Optional<X509Certificate> former) {
        try {
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(content));
            if (certificate.getBasicConstraints() < 0) {
                throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "it is no certificate of an authority");
            }
            if (former.isPresent()
                    && clock.instant().isAfter(certificate.getNotAfter().toInstant())) {
                throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "it has expired");
            }
            return certificate;
        } catch (CertificateException e) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "it is no certificate in PEM or DER", e);
        }
    }

    /// Keys that verify no payment of today's take no good ones' place.
    private GooglePayRootKeys keys(byte[] content, Optional<GooglePayRootKeys> former) {
        GooglePayRootKeys keys = GooglePayRootKeys.parse(content);
        boolean verified =
                former.filter(known -> known.verifiesPayments(clock.instant())).isPresent();
        if (verified && !keys.verifiesPayments(clock.instant())) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "it has no key of ECv2 that has not expired");
        }
        return keys;
    }

    /// With a key for tests anybody who has a test account could make payments up.
    private GooglePayRootKeys paymentKeys(
            byte[] content, Optional<GooglePayRootKeys> former, Optional<GooglePayRootKeys> tests) {
        GooglePayRootKeys keys = keys(content, former);
        Optional<String> testKey = keys.testKey(tests);
        if (testKey.isPresent()) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    "its key " + testKey.get() + " is one for tests: fetch Google's file for payments");
        }
        return keys;
    }

    @Override
    public WalletTrust get() {
        return trust;
    }

    /// Reads those files again that changed.
    ///
    /// @return whether somebody else is believed now
    boolean look() {
        boolean changed = appleRoot.map(WatchedFile::look).orElse(false);
        for (WatchedFile<GooglePayRootKeys> each : googleFiles()) {
            changed |= each.look();
        }
        changed |= dropTestKeys();
        if (changed) {
            trust = trustOfNow();
        }
        return changed;
    }

    /// A key that has turned up among those for tests since is believed for payments no longer.
    private boolean dropTestKeys() {
        Optional<WatchedFile<GooglePayRootKeys>> mixed = googleKeys.filter(file -> file.value()
                .flatMap(keys -> keys.testKey(googleTestKeys.flatMap(WatchedFile::value)))
                .isPresent());
        mixed.ifPresent(WatchedFile::readAnew);
        return mixed.isPresent();
    }

    private WalletTrust trustOfNow() {
        List<ApplePay> apple = new ArrayList<>();
        apple.add(apple(appleRoot.flatMap(WatchedFile::value).orElseGet(ApplePay::appleRoot)));
        simulators.ifPresent(simulated -> apple.add(apple(simulated.appleRoot())));
        return new WalletTrust(apple, google(googleKeys), google(googleTestKeys));
    }

    private ApplePay apple(X509Certificate root) {
        return new ApplePay(root, clock, config.applePast(), config.appleFuture());
    }

    private List<GooglePay> google(Optional<WatchedFile<GooglePayRootKeys>> file) {
        List<GooglePay> google = new ArrayList<>();
        file.flatMap(WatchedFile::value).ifPresent(keys -> google.add(new GooglePay(keys, clock)));
        simulators.ifPresent(simulated -> google.add(new GooglePay(simulated.googleKeys(), clock)));
        return google;
    }

    /// The files of Google's that there are. That for tests first: what is in it is in no other.
    List<WatchedFile<GooglePayRootKeys>> googleFiles() {
        return Stream.concat(googleTestKeys.stream(), googleKeys.stream()).toList();
    }

    /// The file of Apple's root, if there is one.
    Optional<WatchedFile<X509Certificate>> appleFile() {
        return appleRoot;
    }

    /// Whether simulated payloads are believed.
    boolean simulates() {
        return simulators.isPresent();
    }

    /// Whether there is anybody to believe for a site that believes Google's keys of a kind.
    boolean believesGoogle(boolean test) {
        return !(test ? trust.googleTest() : trust.google()).isEmpty();
    }
}
