/// JMH benchmarks of the core's hot pieces, run by `tools/jmh`. Nothing depends on them.
@NullMarked
package cardsecure.benchmarks;

import org.jspecify.annotations.NullMarked;
