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

    /// Reads the files.
    ///
    /// @param simulators who are believed beside Apple and Google: for trying out alone
    /// @throws Refusal `0044` with the file and what is wrong with it
    public WalletRoots(WalletsConfig config, Optional<WalletSimulators> simulators, InstantSource clock) {
        this.config = config;
        this.simulators = simulators;
        this.clock = clock;
        this.appleRoot = config.appleRoot().map(file -> new WatchedFile<>(file, WalletRoots::certificate));
        this.googleKeys = config.googleKeys().map(file -> new WatchedFile<>(file, GooglePayRootKeys::parse));
        this.googleTestKeys = config.googleTestKeys().map(file -> new WatchedFile<>(file, GooglePayRootKeys::parse));
        this.trust = trustOfNow();
    }

    private static X509Certificate certificate(byte[] content) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(content));
        } catch (CertificateException e) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "it is no certificate in PEM or DER", e);
        }
    }

    @Override
    public WalletTrust get() {
        return trust;
    }

    /// Reads those files again that changed.
    void look() {
        boolean changed = false;
        for (Optional<? extends WatchedFile<?>> each : List.of(appleRoot, googleKeys, googleTestKeys)) {
            changed |= each.map(WatchedFile::look).orElse(false);
        }
        if (changed) {
            trust = trustOfNow();
        }
    }

    private WalletTrust trustOfNow() {
        List<ApplePay> apple = new ArrayList<>();
        apple.add(apple(appleRoot.map(WatchedFile::value).orElseGet(ApplePay::appleRoot)));
        simulators.ifPresent(simulated -> apple.add(apple(simulated.appleRoot())));
        return new WalletTrust(apple, google(googleKeys), google(googleTestKeys));
    }

    private ApplePay apple(X509Certificate root) {
        return new ApplePay(root, clock, config.applePast(), config.appleFuture());
    }

    private List<GooglePay> google(Optional<WatchedFile<GooglePayRootKeys>> file) {
        List<GooglePay> google = new ArrayList<>();
        file.ifPresent(keys -> google.add(new GooglePay(keys.value(), clock)));
        simulators.ifPresent(simulated -> google.add(new GooglePay(simulated.googleKeys(), clock)));
        return google;
    }

    /// The files of Google's that there are.
    List<WatchedFile<GooglePayRootKeys>> googleFiles() {
        List<WatchedFile<GooglePayRootKeys>> files = new ArrayList<>();
        googleKeys.ifPresent(files::add);
        googleTestKeys.ifPresent(files::add);
        return files;
    }

    /// Whether there is anybody to believe for a site that believes Google's keys of a kind.
    boolean believesGoogle(boolean test) {
        return !(test ? trust.googleTest() : trust.google()).isEmpty();
    }
}
