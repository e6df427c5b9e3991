/// How keys are used: sealing rows and fingerprinting data, on the JDK's primitives. Start reading at [Barrier].
@NullMarked
package cardsecure.crypto;

import org.jspecify.annotations.NullMarked;
