/// What can go wrong, by number: the protocol's error codes, and the exception that carries one to the vault.
/// Depends on nothing.
@NullMarked
package cardsecure.error;

import org.jspecify.annotations.NullMarked;
