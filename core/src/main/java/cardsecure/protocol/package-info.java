/// Bytes to calls and replies to bytes, for the legacy protocol; free of I/O.
@NullMarked
package cardsecure.protocol;

import org.jspecify.annotations.NullMarked;
