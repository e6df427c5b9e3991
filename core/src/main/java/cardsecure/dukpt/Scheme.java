package cardsecure.dukpt;

/// The two derivations that go by the name of DUKPT. They have nothing in common but the idea.
public enum Scheme {
    /// Triple DES (ANSI X9.24-1:2009): 10 bytes of KSN, of which the last 21 bits count.
    TDES,
    /// AES (ANSI X9.24-3:2017): 12 bytes of KSN, of which the last 32 bits count.
    AES
}
