/// What a token looks like and how one is drawn. Depends on card.
@NullMarked
package cardsecure.token;

import org.jspecify.annotations.NullMarked;
