package cardsecure.wallet;

import cardsecure.card.Pan;
import cardsecure.secret.SecretBytes;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;

/// What a wallet says of a payment, checked.
///
/// @param wallet whose it is
/// @param pan the device's number (DPAN), or the card's own where Google has no other
/// @param expiry the last month of that number
/// @param credential what proves that the card's owner agreed
/// @param cryptogram as the wallet writes it, in Base64; there for [Credential#CRYPTOGRAM_3DS]
/// @param eci the electronic commerce indicator, one or two digits
/// @param emv Base64; there for [Credential#EMV]
/// @param encryptedPin Base64; may be there for [Credential#EMV]
/// @param cardholder the name, UTF-8
/// @param amount in the currency's smallest unit
/// @param currency ISO 4217, three digits
public record WalletPayload(
        WalletKind wallet,
        Pan pan,
        YearMonth expiry,
        Credential credential,
        Optional<SecretBytes> cryptogram,
        Optional<String> eci,
        Optional<SecretBytes> emv,
        Optional<SecretBytes> encryptedPin,
        Optional<SecretBytes> cardholder,
        Optional<Long> amount,
        Optional<String> currency) {

    /// What proves that the card's owner agreed.
    public enum Credential {
        /// A cryptogram of 3-D Secure.
        CRYPTOGRAM_3DS("3DSecure"),
        /// Data of a chip.
        EMV("EMV"),
        /// Nothing: the card that was stored with Google.
        PAN_ONLY("PAN_ONLY");

        private final String label;

        Credential(String label) {
            this.label = label;
        }

        /// The name, for people and documents.
        public String label() {
            return label;
        }
    }

    /// Overwrites all that is secret but the number.
    public void destroyProofs() {
        for (Optional<SecretBytes> each : List.of(cryptogram, emv, encryptedPin, cardholder)) {
            each.ifPresent(SecretBytes::destroy);
        }
    }

    /// The masked number, and which parts there are.
    @Override
    public String toString() {
        return "WalletPayload[" + wallet.label() + ", " + pan + ", " + credential.label() + ", cryptogram="
                + cryptogram.isPresent() + "]";
    }
}
