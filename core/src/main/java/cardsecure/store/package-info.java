/// The store's contract, group commit above it, and the store in memory. A store keeps sealed rows and is not
/// trusted: it never sees clear data, and a row that it moves does not open. Start reading at [TokenStore].
@NullMarked
package cardsecure.store;

import org.jspecify.annotations.NullMarked;
