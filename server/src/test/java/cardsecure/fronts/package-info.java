/// One corpus of transcripts for every front.
@NullMarked
package cardsecure.fronts;

import org.jspecify.annotations.NullMarked;
