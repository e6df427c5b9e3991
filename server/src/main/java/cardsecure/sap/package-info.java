/// What SAP systems call: function modules over the vault ([cardsecure.sap.FunctionDispatcher]), and the front
/// for those that call by RFC ([cardsecure.sap.RfcSpeech]).
@NullMarked
package cardsecure.sap;

import org.jspecify.annotations.NullMarked;
