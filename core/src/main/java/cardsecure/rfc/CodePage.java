package cardsecure.rfc;

/// SAP's numbers for encodings, as headers carry them.
enum CodePage {
    /// ISO 8859-1.
    SINGLE_BYTE("1100"),
    /// UTF-16, little-endian.
    UTF16_LE("4103");

    private final String digits;

    CodePage(String digits) {
        this.digits = digits;
    }

    String digits() {
        return digits;
    }
}
