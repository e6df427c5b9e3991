package cardsecure.http;

import java.util.Optional;

/// Where SAP systems serve SOAP, so that clients of theirs change the host and nothing else.
enum SoapPath {
    /// A call.
    CALL("/sap/bc/soap/rfc", "POST"),
    /// The description of a function.
    DESCRIPTION("/sap/bc/soap/wsdl11", "GET");

    private final String path;
    private final String method;

    SoapPath(String path, String method) {
        this.path = path;
        this.method = method;
    }

    static Optional<SoapPath> of(String path) {
        for (SoapPath each : values()) {
            if (each.path.equals(path)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    String path() {
        return path;
    }

    /// The one method that it takes.
    String method() {
        return method;
    }
}
