/// Classic RFC, the remote function calls of SAP systems, free of I/O: NI frames, the gateway's records, the
/// fields of a call, and the answers. Start reading at [cardsecure.rfc.FieldChain].
///
/// SAP does not publish this protocol. What is here was gathered from what independent implementations and
/// published captures agree on; docs/sap.md says what of it was seen where. Whatever is not understood is
/// refused, never guessed.
@NullMarked
package cardsecure.rfc;

import org.jspecify.annotations.NullMarked;
