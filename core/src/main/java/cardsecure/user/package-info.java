/// Who may do more than everybody: users of a site, how each proves who it is, and what a proof costs.
@NullMarked
package cardsecure.user;

import org.jspecify.annotations.NullMarked;
