/// What card readers send: encrypted swipes, chip data and keyed-in cards in the formats of several makers,
/// told apart, decrypted with the keys of [cardsecure.dukpt], and taken only if all that they say agrees. Start
/// reading at [cardsecure.swipe.SwipeReader], then [cardsecure.swipe.SwipeOpener].
@NullMarked
package cardsecure.swipe;

import org.jspecify.annotations.NullMarked;
