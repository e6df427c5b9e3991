/// Signed requests: the text that is signed, its HMAC, and the sites' keys. It decides nothing: the vault does.
/// Start reading at [SigningText].
@NullMarked
package cardsecure.signing;

import org.jspecify.annotations.NullMarked;
