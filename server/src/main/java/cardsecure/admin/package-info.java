/// How administrators speak with the running server: one request and its replies, as lines of JSON, over a Unix socket
/// in the data directory that only the server's own user may open. Start reading at [AdminRequest] and [AdminServer].
@NullMarked
package cardsecure.admin;

import org.jspecify.annotations.NullMarked;
