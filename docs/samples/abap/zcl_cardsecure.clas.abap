CLASS zcl_cardsecure DEFINITION PUBLIC FINAL CREATE PUBLIC.
  PUBLIC SECTION.
    " What an action came to. Without success, DATA is initial, and CODE and MESSAGE say why.
    TYPES: BEGIN OF ty_result,
             success TYPE abap_bool,
             data    TYPE string,
             code    TYPE string,
             message TYPE string,
           END OF ty_result.

    METHODS constructor
      IMPORTING iv_destination TYPE string DEFAULT 'CARDSECURE'.

    " A card number, or routing/account, becomes a token.
    METHODS tokenize
      IMPORTING iv_card          TYPE string
      RETURNING VALUE(rs_result) TYPE ty_result.

    " Any action, by its code; all else that HTTP carries by name in IV_PARAMS, form-encoded: 'unique=true'.
    METHODS call
      IMPORTING iv_action        TYPE string
                iv_data          TYPE string
                iv_params        TYPE string OPTIONAL
      RETURNING VALUE(rs_result) TYPE ty_result.

  PRIVATE SECTION.
    DATA mv_destination TYPE c LENGTH 32.
ENDCLASS.

CLASS zcl_cardsecure IMPLEMENTATION.
  METHOD constructor.
    mv_destination = iv_destination.
  ENDMETHOD.

  METHOD tokenize.
    rs_result = call( iv_action = 'CE' iv_data = iv_card ).
  ENDMETHOD.

  METHOD call.
    DATA lv_action TYPE c LENGTH 2.
    DATA lv_input TYPE c LENGTH 512.
    DATA lv_params TYPE c LENGTH 512.
    DATA lv_output TYPE c LENGTH 512.
    DATA lv_code TYPE c LENGTH 4.
    DATA lv_message TYPE c LENGTH 120.
    DATA lv_failure TYPE c LENGTH 200.

    " What does not fit would be cut off without a word.
    IF strlen( iv_action ) > 2.
      rs_result-code = 'INVALID_ACTION'.
      RETURN.
    ENDIF.
    IF strlen( iv_data ) > 512 OR strlen( iv_params ) > 512.
      rs_result-code = 'INVALID_DATA'.
      RETURN.
    ENDIF.
    lv_action = iv_action.
    lv_input = iv_data.
    lv_params = iv_params.

    CALL FUNCTION 'Z_CARDSECURE' DESTINATION mv_destination
      EXPORTING
        i_action              = lv_action
        i_data                = lv_input
        i_params              = lv_params
      IMPORTING
        e_data                = lv_output
        e_retcode             = lv_code
        e_message             = lv_message
      EXCEPTIONS
        invalid_action        = 1
        invalid_data          = 2
        not_authorized        = 3
        service_unavailable   = 4
        system_failure        = 5 MESSAGE lv_failure
        communication_failure = 6 MESSAGE lv_failure
        fu_not_found          = 7
        OTHERS                = 8.
    CASE sy-subrc.
      WHEN 0.
        rs_result-code = lv_code.
        rs_result-message = lv_message.
        IF lv_code = '0000'.
          rs_result-success = abap_true.
          rs_result-data = lv_output.
        ENDIF.
      WHEN 1.
        rs_result-code = 'INVALID_ACTION'.
      WHEN 2.
        rs_result-code = 'INVALID_DATA'.
      WHEN 3.
        rs_result-code = 'NOT_AUTHORIZED'.
      WHEN 4.
        " Come again: the vault is busy, or its store cannot be read just now.
        rs_result-code = 'SERVICE_UNAVAILABLE'.
      WHEN 5.
        " Says what to set, if the destination has another serializer.
        rs_result-code = 'SYSTEM_FAILURE'.
        rs_result-message = lv_failure.
      WHEN 6.
        rs_result-code = 'COMMUNICATION_FAILURE'.
        rs_result-message = lv_failure.
      WHEN 7.
        " The server offers no module of this name.
        rs_result-code = 'FU_NOT_FOUND'.
      WHEN OTHERS.
        rs_result-code = 'OTHER'.
    ENDCASE.
  ENDMETHOD.
ENDCLASS.
