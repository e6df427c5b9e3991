package cardsecure.wallet;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.util.List;
import java.util.Optional;

/// Google Pay's token (Google, "Payment data cryptography for merchants"), parsed, not verified.
///
/// @param version the protocol's
/// @param signature DER
/// @param signedMessage the text that is signed, as it is in the JSON string when its escapes are undone
/// @param intermediate the key that signed it, with ECv2
public record GooglePayToken(
        Version version, SecretBytes signature, String signedMessage, Optional<Intermediate> intermediate) {
    private static final int SIGNATURES_MAX = 8;

    /// Versions of the protocol.
    public enum Version {
        EC_V1("ECv1"),
        EC_V2("ECv2"),
        /// Signed and not encrypted: carries no cards.
        EC_V2_SIGNING_ONLY("ECv2SigningOnly");

        private final String label;

        Version(String label) {
            this.label = label;
        }

        /// As Google writes it.
        public String label() {
            return label;
        }

        /// The version of a name, if it is one that is known.
        static Optional<Version> of(String label) {
            for (Version each : values()) {
                if (each.label.equals(label)) {
                    return Optional.of(each);
                }
            }
            return Optional.empty();
        }
    }

    /// A key that a root key has signed.
    ///
    /// @param signedKey the text that is signed: a key and when it expires
    /// @param signatures DER, at least one
    public record Intermediate(String signedKey, List<SecretBytes> signatures) {
        /// Copies the list.
        public Intermediate {
            signatures = List.copyOf(signatures);
        }
    }

    /// Reads a token.
    ///
    /// @throws cardsecure.error.Refusal `0077` if it is no JSON, `0074` if a field is missing, `0075` for a
    ///         version that is unknown, `0019` for Base64 that is none, `0024` for ECv2SigningOnly
    public static GooglePayToken parse(SecretBytes json) {
        JsonObject token = JsonObject.parse(json, WalletStep.JSON);
        Version version = Version.of(required(token.text("protocolVersion"), "protocolVersion"))
                .orElseThrow(() -> WalletStep.VERSION.refusal("protocolVersion is none that is known"));
        Optional<Intermediate> intermediate = switch (version) {
            case EC_V1 -> Optional.empty();
            case EC_V2 ->
                Optional.of(intermediate(required(token.object("intermediateSigningKey"), "intermediateSigningKey")));
            // Before what it signs is read: if that were a card, it would stand there in the clear.
            case EC_V2_SIGNING_ONLY -> throw signingOnly();
        };
        return new GooglePayToken(
                version,
                Texts.base64(required(token.text("signature"), "signature"), "signature"),
                required(token.text("signedMessage"), "signedMessage"),
                intermediate);
    }

    static Refusal signingOnly() {
        return WalletStep.GOOGLE_SIGNING_ONLY.refusal("a token of ECv2SigningOnly carries no card");
    }

    private static Intermediate intermediate(JsonObject json) {
        String signedKey = required(json.text("signedKey"), "signedKey");
        List<String> signatures = json.texts("signatures");
        if (signatures.isEmpty()) {
            throw WalletStep.FIELD.refusal("signatures are missing");
        }
        if (signatures.size() > SIGNATURES_MAX) {
            throw WalletStep.JSON.refusal(signatures.size() + " signatures");
        }
        return new Intermediate(
                signedKey,
                signatures.stream()
                        .map(text -> Texts.base64(text, "signatures"))
                        .toList());
    }

    private static <T> T required(Optional<T> value, String name) {
        return value.orElseThrow(() -> WalletStep.FIELD.refusal(name + " is missing"));
    }

    /// Says what kind of token it is, not what it holds.
    @Override
    public String toString() {
        return "GooglePayToken[" + version.label() + ", " + signedMessage.length() + " characters]";
    }
}
