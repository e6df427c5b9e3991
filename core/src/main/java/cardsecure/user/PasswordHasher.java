package cardsecure.user;

import cardsecure.secret.SecretBytes;

/// Makes and checks what is kept of passwords: dear by design. Safe for threads.
public interface PasswordHasher {
    /// What is kept of a new password.
    PasswordHash hash(SecretBytes password);

    /// Whether it is the password that was hashed; takes as long if not.
    boolean matches(SecretBytes password, PasswordHash hash);

    /// One that no password has, at the cost of [#hash].
    PasswordHash ofNobody();
}
