package cardsecure.vault;

import cardsecure.card.ClearData;
import cardsecure.card.Pan;
import cardsecure.crypto.CallerCiphertext;
import cardsecure.keys.KeyId;
import cardsecure.secret.SecretBytes;
import cardsecure.token.Token;
import cardsecure.wallet.WalletKind;
import cardsecure.wallet.WalletParameters;
import java.util.Optional;

/// A request that is understood: its data are of the right kind and its token has a format that the site knows.
public sealed interface Request {

    /// Keep the data, give a token.
    record Tokenize(Action action, ClearData data, boolean unique) implements Request {}

    /// Decrypt the data, keep them, give a token.
    ///
    /// @param ciphertext of whatever length
    record TokenizeEncrypted(Action action, SecretBytes ciphertext, boolean unique) implements Request {}

    /// Decrypt what a card reader sent, keep the card, give a token.
    ///
    /// @param data in whatever form they came
    record TokenizeSwipe(Action action, SecretBytes data, boolean unique) implements Request {}

    /// Verify and decrypt what a wallet signed and encrypted, keep the card, give a token.
    ///
    /// @param parameters in whatever form they came
    record TokenizeWallet(Action action, WalletKind wallet, WalletParameters parameters, boolean unique)
            implements Request {}

    /// Give out what came with the card number and was kept for one use.
    record Take(Action action, Token token) implements Request {}

    /// A token where data are expected: the caller updates what it has tokenized before. It stays the token it is.
    record Update(Action action, Token token) implements Request {}

    /// Does the token exist?
    record Verify(Action action, Token token) implements Request {}

    /// Destroy the data, keep the token.
    record Purge(Action action, Token token) implements Request {}

    /// The card's BIN.
    record BinView(Action action, Token token) implements Request {}

    /// The clear data.
    record Detokenize(Action action, Token token) implements Request {}

    /// Encrypt a card number that the caller keeps.
    ///
    /// @param keyId under which key; none: the current one
    record Encrypt(Action action, Pan pan, Optional<KeyId> keyId) implements Request {}

    /// The clear card number again.
    ///
    /// @param keyId under which key the caller thinks it is, if it says so
    record Decrypt(Action action, CallerCiphertext ciphertext, Optional<KeyId> keyId) implements Request {}

    /// The key to encrypt with.
    ///
    /// @param wallet whether it is the wallet's that is wanted
    record PublicKey(Action action, boolean wallet) implements Request {}

    /// Is anybody there?
    record Echo(Action action) implements Request {}
}
