/// Whole stores, of any kind: how one is found by its location, copied into another, and verified. Knows the
/// stores by [cardsecure.store.TokenStore] alone, but for [UnopenedStore], which opens them. Start reading at
/// [StoreCopy].
@NullMarked
package cardsecure.stores;

import org.jspecify.annotations.NullMarked;
