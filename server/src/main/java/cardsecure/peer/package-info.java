/// What fronts of any wire must know of who is at the other end of a connection.
@NullMarked
package cardsecure.peer;

import org.jspecify.annotations.NullMarked;
