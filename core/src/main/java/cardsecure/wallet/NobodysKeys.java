package cardsecure.wallet;

import cardsecure.secret.SecretBytes;
import java.security.SecureRandom;

/// Keys that nothing is encrypted for, made at first use and known to this process alone: a payload of a site
/// that has no key for it is decrypted under one of these, so that it is refused after the same work as one
/// that decrypts under none of its keys. The first payload of all may wait for a key of RSA.
final class NobodysKeys {
    private NobodysKeys() {}

    private static final class Ec {
        static final ApplePayKey KEY = made(WalletKeyPair.Algorithm.EC_P256);
    }

    private static final class Rsa {
        static final ApplePayKey KEY = made(WalletKeyPair.Algorithm.RSA_2048);
    }

    private static ApplePayKey made(WalletKeyPair.Algorithm algorithm) {
        return new ApplePayKey(
                WalletKeyPair.generate(algorithm, new SecureRandom()), SecretBytes.owning(new byte[Texts.HASH_LENGTH]));
    }

    static ApplePayKey applePay(WalletKeyPair.Algorithm algorithm) {
        return switch (algorithm) {
            case EC_P256 -> Ec.KEY;
            case RSA_2048 -> Rsa.KEY;
        };
    }

    static WalletKeyPair googlePay() {
        return Ec.KEY.pair();
    }
}
