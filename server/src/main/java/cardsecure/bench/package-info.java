/// The load generator behind `cardsecure bench`: it shares its machine with the server that it measures, so it is made
/// to cost little. Speaks HTTP/1.1 and the raw socket's frames, both in TLS too, and knows nothing of the server's
/// inside. Start reading at [cardsecure.bench.BenchCommand], then [cardsecure.bench.Lane].
@NullMarked
package cardsecure.bench;

import org.jspecify.annotations.NullMarked;
