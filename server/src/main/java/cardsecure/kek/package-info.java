/// Where the key-encryption key is kept: one class for each scheme of the configuration's `kek: uri`, and [Keks],
/// which finds the right one.
@NullMarked
package cardsecure.kek;

import org.jspecify.annotations.NullMarked;
