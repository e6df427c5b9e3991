package cardsecure.dukpt;

/// What a transaction key of triple DES is used for (ANSI X9.24-1:2009, A.4.1): a byte of each half is changed, and for
/// data the result is then encrypted under itself, the one-way step, so that who knows a data key does not know the
/// others. Software in the field leaves that out at times.
public enum TdesUsage {
    /// PIN encryption.
    PIN(7, false),
    /// MACs of requests, or both ways.
    MAC_REQUEST(6, false),
    /// MACs of responses.
    MAC_RESPONSE(4, false),
    /// Data encryption of requests, or both ways.
    DATA_REQUEST(5, true),
    /// Data encryption of responses.
    DATA_RESPONSE(3, true),
    /// As [#DATA_REQUEST], without the one-way step.
    DATA_REQUEST_PLAIN(5, false),
    /// As [#DATA_RESPONSE], without the one-way step.
    DATA_RESPONSE_PLAIN(3, false);

    private final int variantByte;
    private final boolean oneWay;

    TdesUsage(int variantByte, boolean oneWay) {
        this.variantByte = variantByte;
        this.oneWay = oneWay;
    }

    /// Which byte of each half is inverted, 0 to 7.
    int variantByte() {
        return variantByte;
    }

    boolean isOneWay() {
        return oneWay;
    }
}
