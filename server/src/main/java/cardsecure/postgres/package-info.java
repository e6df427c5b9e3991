/// The store in PostgreSQL, which many processes may share. Start reading at [PostgresTokenStore]; how a batch is
/// written is in [BatchWrite], what holds all processes to one ring and to closed sites in [Fence].
@NullMarked
package cardsecure.postgres;

import org.jspecify.annotations.NullMarked;
