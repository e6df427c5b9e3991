* The shell of the function module whose data have any length, for SE37: function group of your own, "Remote-Enabled
* Module", all parameters passed by value. Its body never runs here: the call goes to the token server. The shell gives
* type checks, and the test of SE37 with an RFC target system.
FUNCTION z_cardsecure_str.
*"----------------------------------------------------------------------
*"  IMPORTING
*"     VALUE(I_ACTION)  TYPE  CHAR2
*"     VALUE(I_DATA)    TYPE  STRING
*"     VALUE(I_PARAMS)  TYPE  STRING OPTIONAL
*"  EXPORTING
*"     VALUE(E_ACTION)  TYPE  CHAR2
*"     VALUE(E_DATA)    TYPE  STRING
*"     VALUE(E_RETCODE) TYPE  CHAR4
*"     VALUE(E_MESSAGE) TYPE  CHAR120
*"  EXCEPTIONS
*"     INVALID_ACTION
*"     INVALID_DATA
*"     NOT_AUTHORIZED
*"     SERVICE_UNAVAILABLE
*"----------------------------------------------------------------------
ENDFUNCTION.
