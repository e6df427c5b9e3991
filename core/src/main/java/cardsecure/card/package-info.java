/// What the sensitive data are: parsed at the edge into types that cannot be wrong and print themselves masked.
/// Depends on error and secret. Start reading at [ClearData].
@NullMarked
package cardsecure.card;

import org.jspecify.annotations.NullMarked;
