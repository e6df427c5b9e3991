/// Sites: who owns keys and tokens, and what is set for each. Data only; [cardsecure.vault.SiteDirectory] keeps
/// them. Depends on card and token.
@NullMarked
package cardsecure.site;

import org.jspecify.annotations.NullMarked;
