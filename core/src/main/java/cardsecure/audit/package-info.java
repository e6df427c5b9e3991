/// What the server tells its operator of each refusal and each privileged act; never data.
@NullMarked
package cardsecure.audit;

import org.jspecify.annotations.NullMarked;
