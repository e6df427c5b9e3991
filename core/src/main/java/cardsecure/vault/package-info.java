/// The decisions: what a caller may do, what a request means, and what becomes of its data. Start reading at
/// [Vault#handle].
@NullMarked
package cardsecure.vault;

import org.jspecify.annotations.NullMarked;
