/// The one type that holds secret bytes. Depends on nothing.
@NullMarked
package cardsecure.secret;

import org.jspecify.annotations.NullMarked;
