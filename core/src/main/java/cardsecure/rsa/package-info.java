/// Data that callers encrypt with a site's RSA key: the keys, how they are kept, and how one decrypts without telling
/// an attacker anything (draft-irtf-cfrg-rsa-guidance). Start reading at [cardsecure.rsa.Pkcs1Decryptor].
@NullMarked
package cardsecure.rsa;

import org.jspecify.annotations.NullMarked;
