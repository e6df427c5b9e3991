package cardsecure.wallet;

/// A payload that was verified and decrypted.
///
/// @param payload what it says
/// @param once by which to see that it was not taken before; that is up to whoever keeps the store
public record OpenedWallet(WalletPayload payload, WalletOnce once) {}
