package cardsecure.wallet;

import java.util.List;
import java.util.Optional;

/// For whom Google encrypts: what a site has set.
///
/// @param id the recipient's, `gateway:cardconnect` or `merchant:<id>`
/// @param keys of P-256, one or more while one is renewed
/// @param gatewayMerchantId the site's own with the gateway; a gateway's recipient must have one, because every
///         merchant of it shares its keys
public record GooglePayRecipient(String id, List<WalletKeyPair> keys, Optional<String> gatewayMerchantId) {
    /// The gateway whose software this server stands in for.
    public static final String CARDCONNECT = "gateway:cardconnect";

    private static final String GATEWAY = "gateway:";

    /// Copies the list.
    ///
    /// @throws IllegalArgumentException for keys of another kind than P-256
    public GooglePayRecipient {
        keys = List.copyOf(keys);
        if (keys.stream().anyMatch(key -> key.algorithm() != WalletKeyPair.Algorithm.EC_P256)) {
            throw new IllegalArgumentException("Google encrypts for keys of P-256");
        }
    }

    /// Whether it is a gateway, with many merchants.
    boolean isGateway() {
        return id.startsWith(GATEWAY);
    }
}
