/// The composition root: puts the parts together and runs them. Start reading at [Server#start].
@NullMarked
package cardsecure.server;

import org.jspecify.annotations.NullMarked;
