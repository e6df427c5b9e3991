/// Backups of the keys: what is in their files, who can open them, and whether one fits a store.
@NullMarked
package cardsecure.backup;

import org.jspecify.annotations.NullMarked;
