/// The stores there are, by where they are.
@NullMarked
package cardsecure.stores;

import org.jspecify.annotations.NullMarked;
