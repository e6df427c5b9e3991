/// DUKPT: how each swipe of a reader has a key of its own, of triple DES (ANSI X9.24-1:2009) and of AES (X9.24-3:2017),
/// and the base keys of which a server derives them. Start reading at [cardsecure.dukpt.WorkingKeys].
@NullMarked
package cardsecure.dukpt;

import org.jspecify.annotations.NullMarked;
