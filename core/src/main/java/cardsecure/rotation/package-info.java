/// The life of keys while the vault serves: the ring that is in use, its changes, and the long jobs that rewrite rows
/// under other keys. Start reading at [cardsecure.rotation.LiveKeys] and [cardsecure.rotation.KeyProcedures].
@NullMarked
package cardsecure.rotation;

import org.jspecify.annotations.NullMarked;
