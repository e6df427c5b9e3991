/// The HTTP front: frames requests and replies of `/cardsecure/cs`, and decides nothing. Start reading at [HttpFront].
@NullMarked
package cardsecure.http;

import org.jspecify.annotations.NullMarked;
