/// The legacy API over the raw socket.
@NullMarked
package cardsecure.socket;

import org.jspecify.annotations.NullMarked;
