/// TLS for every front: which certificate is shown, which clients are trusted, and that both follow their files without
/// a restart. Fronts get a [ServerTls] and know nothing of files.
@NullMarked
package cardsecure.tls;

import org.jspecify.annotations.NullMarked;
