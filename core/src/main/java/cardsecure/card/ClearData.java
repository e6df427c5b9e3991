package cardsecure.card;

import cardsecure.secret.SecretBytes;

/// Data that a caller wants kept: checked, normalised, and masked when printed.
public sealed interface ClearData permits Pan, BankAccount, AccountNumber, PersonalData, SocialSecurityNumber {

    /// The domain that its tokens belong to.
    Domain domain();

    /// The normalised form, UTF-8: what is sealed, fingerprinted and given back by a detokenization. Two inputs that
    /// mean the same datum have the same normalised form.
    SecretBytes normalised();

    /// The digits that a token may show.
    VisibleDigits visibleDigits();
}
