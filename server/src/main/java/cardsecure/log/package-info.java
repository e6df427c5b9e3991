/// How the log is written: text for people or JSON lines for machines, and one line an audit event.
@NullMarked
package cardsecure.log;

import org.jspecify.annotations.NullMarked;
