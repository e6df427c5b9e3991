package cardsecure.http;

import cardsecure.server.Client;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// A small SOAP client over a connection that is there; replies are read as any XML.
record SoapClient(Client client, String host) {
    private static final String FUNCTIONS = "urn:sap-com:document:sap:rfc:functions";

    /// What came back.
    ///
    /// @param element the body's first one, by its local name; empty if there was no XML
    /// @param texts of its elements without others in them, by their names
    record Answer(int status, String element, Map<String, String> texts) {}

    static String envelope(String body) {
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?><soapenv:Envelope"
                + " xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:urn=\"" + FUNCTIONS + "\">"
                + "<soapenv:Header/><soapenv:Body>" + body + "</soapenv:Body></soapenv:Envelope>";
    }

    static String call(String function, Map<String, String> values) {
        StringBuilder body = new StringBuilder("<urn:" + function + ">");
        values.forEach((name, value) -> body.append('<')
                .append(name)
                .append('>')
                .append(value.replace("&", "&amp;").replace("<", "&lt;"))
                .append("</")
                .append(name)
                .append('>'));
        return envelope(body + "</urn:" + function + ">");
    }

    Answer send(byte[] body, String headers) throws Exception {
        return send("utf-8", body, headers);
    }

    /// Sends a body that is written in something else.
    Answer sendIn(String charset, byte[] body) throws Exception {
        return send(charset, body, "");
    }

    private Answer send(String charset, byte[] body, String headers) throws Exception {
        String head = "POST /sap/bc/soap/rfc?sap-client=001 HTTP/1.1\r\nHost: " + host
                + "\r\nContent-Type: text/xml; charset=" + charset + "\r\nSOAPAction: \"" + FUNCTIONS + "\"\r\n"
                + headers
                + "Content-Length: " + body.length + "\r\n\r\n";
        Client.Answer answer = client.exchange(head + new String(body, StandardCharsets.ISO_8859_1));
        return read(answer.status(), answer.body());
    }

    Answer send(String body) throws Exception {
        return send(body.getBytes(StandardCharsets.UTF_8), "");
    }

    Answer sendAs(String user, String password, String body) throws Exception {
        String credentials =
                Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return send(body.getBytes(StandardCharsets.UTF_8), "Authorization: Basic " + credentials + "\r\n");
    }

    static Document document(String text) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Answer read(int status, String body) throws Exception {
        if (!body.startsWith("<?xml")) {
            return new Answer(status, "", Map.of());
        }
        Element envelope = document(body).getDocumentElement();
        Element first = (Element) envelope.getFirstChild().getFirstChild();
        Map<String, String> texts = new LinkedHashMap<>();
        collect(first, texts);
        return new Answer(status, first.getLocalName(), texts);
    }

    private static void collect(Element element, Map<String, String> texts) {
        boolean leaf = true;
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                leaf = false;
                collect(inner, texts);
            }
        }
        if (leaf) {
            texts.put(element.getLocalName(), element.getTextContent());
        }
    }

    void close() throws IOException {
        client.close();
    }
}
