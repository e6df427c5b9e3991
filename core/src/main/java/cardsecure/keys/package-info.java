/// Which keys there are: the ring of data keys, the fingerprint keys, and how they are kept wrapped by the KEK.
/// Start reading at [KeyRing] and [Keystore].
@NullMarked
package cardsecure.keys;

import org.jspecify.annotations.NullMarked;
