/// The store in one directory of one machine, on RocksDB. Start reading at [RocksTokenStore]; only this package knows
/// RocksDB.
@NullMarked
package cardsecure.rocks;

import org.jspecify.annotations.NullMarked;
