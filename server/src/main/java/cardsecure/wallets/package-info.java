/// Whose payloads this node believes: the files of roots, what stands in for Apple and Google while something
/// is developed, and what there is to warn of.
@NullMarked
package cardsecure.wallets;

import org.jspecify.annotations.NullMarked;
