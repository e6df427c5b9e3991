/// Where the key-encryption key is kept: one class for each scheme of the configuration's `kek: uri`.
@NullMarked
package cardsecure.kek;

import org.jspecify.annotations.NullMarked;
