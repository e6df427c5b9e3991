/// What belongs to this node alone: listeners, store, KEK, limits and log, from a YAML file or from constructors; all
/// that is possible in the file is possible without one. Start reading at [ServerConfig], then [ConfigReader].
@NullMarked
package cardsecure.config;

import org.jspecify.annotations.NullMarked;
