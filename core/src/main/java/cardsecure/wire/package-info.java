/// The bytes of connections, whatever is said over them. Depends on what holds secrets only.
@NullMarked
package cardsecure.wire;

import org.jspecify.annotations.NullMarked;
