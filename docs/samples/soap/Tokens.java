package tokens;

import jakarta.xml.ws.BindingProvider;
import java.net.URL;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;

/// Calls the vault by SOAP, through the classes that JAX-WS makes of its description:
///
///     wsimport -p tokens http://127.0.0.1:6080/sap/bc/soap/wsdl11?services=Z_CARDSECURE
///
/// For one thread.
public final class Tokens {
    private final ZCARDSECUREPortType vault;

    /// @param description where the description is
    public Tokens(URL description) {
        vault = new ZCARDSECUREService(description).getZCARDSECUREPort();
    }

    /// Sends calls elsewhere than the description says.
    public Tokens to(String url) {
        context().put(BindingProvider.ENDPOINT_ADDRESS_PROPERTY, url);
        return this;
    }

    /// Shows credentials; over TLS only, as they can be read.
    public Tokens as(String user, String password) {
        context().put(BindingProvider.USERNAME_PROPERTY, user);
        context().put(BindingProvider.PASSWORD_PROPERTY, password);
        return this;
    }

    /// Trusts an authority of one's own. The property is that of the JAX-WS reference implementation.
    public Tokens trusting(SSLSocketFactory sockets) {
        context().put("com.sun.xml.ws.transport.https.client.SSLSocketFactory", sockets);
        return this;
    }

    private Map<String, Object> context() {
        return ((BindingProvider) vault).getRequestContext();
    }

    /// What an action makes of data.
    ///
    /// @throws IllegalArgumentException for an error, which is the data's: its number and text
    /// @throws IllegalStateException for a call that cannot be used: the exception's name
    public String call(String action, String data) {
        ZCARDSECURE request = new ZCARDSECURE();
        request.setIACTION(action);
        request.setIDATA(data);
        try {
            ZCARDSECUREResponse response = vault.zCARDSECURE(request);
            if (!response.getERETCODE().equals("0000")) {
                throw new IllegalArgumentException(response.getERETCODE() + " " + response.getEMESSAGE());
            }
            return response.getEDATA();
        } catch (ZCARDSECUREException_Exception e) {
            throw new IllegalStateException(e.getFaultInfo().getName(), e);
        }
    }
}
