/// Who may ask how often: rates, what counts as one caller, and the table of those who were here lately. Depends on
/// nothing.
@NullMarked
package cardsecure.limit;

import org.jspecify.annotations.NullMarked;
