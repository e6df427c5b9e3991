/// What Apple Pay and Google Pay hand to a shop: signed by the wallet, encrypted for the site, good once.
/// Everything public is verified before any of the site's private keys is used. Start reading at
/// [cardsecure.wallet.ApplePay] and [cardsecure.wallet.GooglePay].
@NullMarked
package cardsecure.wallet;

import org.jspecify.annotations.NullMarked;
