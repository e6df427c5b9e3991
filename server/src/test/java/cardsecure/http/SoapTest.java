package cardsecure.http;

import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.config.LimitsConfig;
import cardsecure.config.Listen;
import cardsecure.config.ListenerConfig;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.RfcConfig;
import cardsecure.config.RfcFunction;
import cardsecure.sap.AbapException;
import cardsecure.sap.SoapReplies;
import cardsecure.server.Client;
import cardsecure.server.TestServer;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/// SOAP at SAP's own paths.
@Timeout(60)
class SoapTest {
    private static final String CALL =
            SoapClient.call("Z_CARDSECURE", Map.of("I_ACTION", "CE", "I_DATA", VISA + "   "));
    private static final String PASSWORD = "correct horse battery";

    @TempDir
    private Path temporary = Path.of("");

    private TestServer server;
    private SoapClient soap;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.on(temporary.resolve("data"));
        soap = new SoapClient(server.client(), "localhost");
    }

    @AfterEach
    void stop() throws Exception {
        soap.close();
        server.close();
    }

    @Test
    void aCallIsAnswered() throws Exception {
        SoapClient.Answer answer = soap.send(CALL);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.element()).isEqualTo("Z_CARDSECURE.Response");
        assertThat(answer.texts()).containsOnlyKeys("E_ACTION", "E_DATA", "E_RETCODE", "E_MESSAGE");
        assertThat(answer.texts().get("E_DATA")).matches("944[0-9]{9}1111");
        String byDefaultNamespace = CALL.replace("urn:Z_CARDSECURE>", "Z_CARDSECURE>")
                .replace("<Z_CARDSECURE>", "<Z_CARDSECURE xmlns=\"urn:sap-com:document:sap:rfc:functions\">");
        assertThat(soap.send(byDefaultNamespace)).isEqualTo(answer);
        assertThat(soap.send(CALL.replace(VISA, "<![CDATA[" + VISA + "]]>"))).isEqualTo(answer);
    }

    @Test
    void refusalsAreResultsAndUnusableCallsAreFaults() throws Exception {
        assertThat(soap.send(CALL.replace(VISA, "frisbee")).texts())
                .containsEntry("E_ACTION", "ER")
                .containsEntry("E_DATA", "")
                .containsEntry("E_RETCODE", "0008");
        SoapClient.Answer fault = soap.send(CALL.replace(">CE<", ">ZZ<"));
        assertThat(fault.status()).isEqualTo(500);
        assertThat(fault.element()).isEqualTo("Fault");
        assertThat(fault.texts())
                .containsEntry("faultcode", "SOAP-ENV:Client")
                .containsEntry("faultstring", "INVALID_ACTION")
                .containsEntry("Name", "INVALID_ACTION")
                .containsEntry("ID", "ZCS")
                .containsEntry("Number", "001")
                .containsEntry("Text", "unknown action code");
        assertThat(soap.send(CALL.replace("Z_CARDSECURE", "Z_NOPE")).texts())
                .containsEntry("faultstring", "FU_NOT_FOUND");
        assertThat(soap.send(CALL.replace("I_DATA", "I_ELSE")).texts()).containsEntry("faultstring", "INVALID_DATA");
        assertThat(soap.send(CALL.replace(VISA, "1".repeat(513))).texts()).containsEntry("faultstring", "INVALID_DATA");
    }

    @Test
    void credentialsAreThoseOfHttp() throws Exception {
        server.addUser("dev", "till", "decrypt", PASSWORD);
        String token = soap.send(CALL).texts().getOrDefault("E_DATA", "");
        String reveal = SoapClient.call("Z_CARDSECURE", Map.of("I_ACTION", "CD", "I_DATA", token));
        assertThat(soap.send(reveal).texts()).containsEntry("E_RETCODE", "0071");
        assertThat(soap.sendAs("till", PASSWORD, reveal).texts()).containsEntry("E_DATA", VISA);
        assertThat(soap.sendAs("till", "wrong horse battery", reveal).status()).isEqualTo(401);
    }

    @Test
    void documentTypesAndEntitiesAreRefused() throws Exception {
        Path secret = Files.writeString(temporary.resolve("secret"), "12345678");
        List<String> types = List.of(
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"" + secret.toUri() + "\">]>",
                "<!DOCTYPE x SYSTEM \"" + secret.toUri() + "\">",
                "<!DOCTYPE x [<!ENTITY % e SYSTEM \"" + secret.toUri() + "\"> %e;]>",
                "<!DOCTYPE x [<!ENTITY e \"12345678\">]>",
                "<!DOCTYPE x>");
        String plain = SoapClient.call("Z_CARDSECURE", Map.of("I_ACTION", "HI", "I_DATA", "*"));
        for (String type : types) {
            for (String value : List.of("&e;", "12345678")) {
                SoapClient.Answer answer =
                        soap.send(plain.replace("?><", "?>" + type + "<").replace("*", value));
                assertThat(answer.element()).as(type + value).isEqualTo("Fault");
                assertThat(answer.status()).isEqualTo(500);
            }
        }
    }

    @Test
    void whatIsNoCallIsAFaultThatQuotesNothing() throws Exception {
        for (String body : List.of(
                "",
                "CE " + VISA,
                "<a>" + VISA,
                "<?xml version=\"1.0\"?><!DOCTYPE s [<!ENTITY e \"" + VISA + "\"\0",
                "<a/>",
                SoapClient.envelope(""),
                SoapClient.envelope(VISA),
                SoapClient.envelope("<a><b>" + VISA + "<c/></b></a>"),
                SoapClient.envelope("<a><b>1</b><b>" + VISA + "</b></a>"),
                SoapClient.envelope("<a/><b/>"),
                SoapClient.envelope("<" + "a".repeat(31) + "/>"),
                CALL.substring(0, CALL.length() - 10))) {
            SoapClient.Answer answer = soap.send(body);
            assertThat(answer.status()).as(body).isEqualTo(500);
            assertThat(answer.texts().toString()).contains("SOAP-ENV:Client").doesNotContain(VISA);
        }
    }

    @Test
    void aFaultOfTheServersOwnSaysSo() throws Exception {
        assertThat(SoapReplies.fault("Z_CARDSECURE", AbapException.SERVICE_UNAVAILABLE))
                .asString(StandardCharsets.UTF_8)
                .contains("<faultcode>SOAP-ENV:Server</faultcode>");
        assertThat(SoapReplies.fault("Z_CARDSECURE", AbapException.INVALID_DATA))
                .asString(StandardCharsets.UTF_8)
                .contains("<faultcode>SOAP-ENV:Client</faultcode>");
    }

    @Test
    void whatHasToBeUnderstoodIsAFault() throws Exception {
        String header = "<soapenv:Header><x:h xmlns:x=\"urn:x\" soapenv:mustUnderstand=\"1\"*>1</x:h></soapenv:Header>";
        assertThat(soap.send(CALL.replace("<soapenv:Header/>", header.replace("*", "")))
                        .texts())
                .containsEntry("faultcode", "SOAP-ENV:MustUnderstand");
        for (String harmless : List.of(
                header.replace("=\"1\"*", "=\"0\""), header.replace("*", " soapenv:actor=\"urn:somebody-else\""))) {
            assertThat(soap.send(CALL.replace("<soapenv:Header/>", harmless)).texts())
                    .containsEntry("E_RETCODE", "0000");
        }
    }

    @Test
    void aCallInAnotherNamespaceIsNone() throws Exception {
        for (String other : List.of("urn:other", "")) {
            String body = "<Z_CARDSECURE xmlns=\"" + other + "\"><I_ACTION>CE</I_ACTION></Z_CARDSECURE>";
            assertThat(soap.send(SoapClient.envelope(body)).texts()).containsEntry("faultcode", "SOAP-ENV:Client");
        }
    }

    @Test
    void theHeaderSaysInWhatABodyIsWritten() throws Exception {
        String body = CALL.replace("<?xml version=\"1.0\" encoding=\"utf-8\"?>", "")
                .replace(">CE<", ">PE<")
                .replace(VISA, "Zo\u00eb");
        String token = soap.send(body).texts().getOrDefault("E_DATA", "");
        assertThat(token).matches("[A-Za-z0-9]{8}");
        for (Charset charset : List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16BE)) {
            byte[] bytes = body.getBytes(charset);
            SoapClient.Answer answer = soap.sendIn(charset.name(), bytes);
            assertThat(answer.texts()).as(charset.name()).containsEntry("E_DATA", token);
        }
        assertThat(soap.sendIn("klingon", body.getBytes(StandardCharsets.UTF_8)).texts())
                .containsEntry("faultcode", "SOAP-ENV:Client");
    }

    /// Without a charset in the header, too.
    @Test
    void aBodySaysItselfWhatItIsWrittenIn() throws Exception {
        String token = soap.send(CALL).texts().getOrDefault("E_DATA", "");
        String bare = CALL.substring(CALL.indexOf("?>") + 2);
        String latin = "<?xml version='1.0' encoding='iso-8859-1'?>" + bare.replace(VISA, VISA + "<!-- \u00eb -->");
        String marked = "\ufeff" + bare;
        for (byte[] body : List.of(
                latin.getBytes(StandardCharsets.ISO_8859_1),
                marked.getBytes(StandardCharsets.UTF_8),
                marked.getBytes(StandardCharsets.UTF_16LE),
                marked.getBytes(StandardCharsets.UTF_16BE),
                bare.getBytes(StandardCharsets.UTF_16LE),
                bare.getBytes(StandardCharsets.UTF_16BE))) {
            try (Client client = server.client()) {
                String head =
                        "POST /sap/bc/soap/rfc HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n";
                assertThat(client.exchange(head + new String(body, StandardCharsets.ISO_8859_1))
                                .body())
                        .contains("<E_DATA>" + token + "</E_DATA>");
            }
        }
    }

    @Test
    void aResultThatIsAnErrorHasItsId() throws Exception {
        try (Client client = server.client()) {
            String body = CALL.replace(VISA, "frisbee");
            Client.Answer answer = client.exchange("POST /sap/bc/soap/rfc HTTP/1.1\r\nHost: a\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body);
            assertThat(answer.status()).isEqualTo(200);
            String id = answer.header("X-Error-Id").orElse("none");
            assertThat(server.audit().toString()).contains(id);
        }
    }

    @Test
    void builtInFunctionsAskForTheSameCredentials() throws Exception {
        for (String function : List.of("STFC_CONNECTION", "RFC_PING", "Z_NOPE")) {
            String call = SoapClient.call(function, Map.of());
            assertThat(soap.sendAs("till", "wrong horse battery", call).status())
                    .as(function)
                    .isEqualTo(401);
        }
        server.setSite("dev", Map.of("addresses", "192.0.2.1"));
        assertThat(soap.send(SoapClient.call("STFC_CONNECTION", Map.of())).texts())
                .containsEntry("faultstring", "NOT_AUTHORIZED");
    }

    /// SAP writes the slash of a namespace so.
    @Test
    void namesInANamespaceHaveNoSlashInXml() throws Exception {
        RfcFunction named = new RfcFunction(
                "/CARD/TOKEN", RfcFunction.Type.CHAR, "/CARD/A", "B", "C", "D", "/CARD/E", "F", "G", 512, 120);
        RfcConfig usual = RfcConfig.defaults();
        ListenerConfig http =
                ListenerConfig.plain(Kind.HTTP, new Listen.At(Listen.LOOPBACK, 0), LimitsConfig.defaults());
        RfcConfig config = new RfcConfig(usual.programId(), usual.frameMax(), false, List.of(named));
        try (TestServer other = TestServer.on(temporary.resolve("other"), http, config);
                Client client = other.client()) {
            SoapClient caller = new SoapClient(client, "localhost");
            Map<String, String> values = Map.of("_-CARD_-A", "CE", "B", VISA);
            SoapClient.Answer answer = caller.send(SoapClient.call("_-CARD_-TOKEN", values));
            assertThat(answer.element()).isEqualTo("_-CARD_-TOKEN.Response");
            assertThat(answer.texts().get("_-CARD_-E")).matches("944[0-9]{9}1111");
            String get = "GET /sap/bc/soap/wsdl11?services=* HTTP/1.1\r\nHost: a\r\n\r\n";
            for (String service : List.of("_-CARD_-TOKEN", "/CARD/TOKEN")) {
                Client.Answer wsdl = client.exchange(get.replace("*", service));
                assertThat(wsdl.status()).as(service).isEqualTo(200);
                assertThat(wsdl.body()).contains("_-CARD_-TOKEN.Response").doesNotContain("/CARD/");
            }
        }
    }

    @Test
    void otherMethodsAndFunctionsAreNotServed() throws Exception {
        try (Client client = server.client()) {
            assertThat(client.exchange("GET /sap/bc/soap/rfc HTTP/1.1\r\nHost: a\r\n\r\n")
                            .status())
                    .isEqualTo(405);
            assertThat(client.exchange("GET /sap/bc/soap/wsdl11?services=Z_NOPE HTTP/1.1\r\nHost: a\r\n\r\n")
                            .status())
                    .isEqualTo(404);
        }
    }

    /// The answers are what the description says.
    @Test
    void theDescriptionHoldsForCallsAndAnswers() throws Exception {
        Client.Answer wsdl;
        try (Client client = server.client()) {
            wsdl = client.exchange(
                    "GET /sap/bc/soap/wsdl11?services=Z_CARDSECURE HTTP/1.1\r\nHost: sap.example.com:80\r\n\r\n");
        }
        assertThat(wsdl.status()).isEqualTo(200);
        assertThat(wsdl.body()).contains("<soap:address location=\"http://sap.example.com:80/sap/bc/soap/rfc\"/>");
        String text = wsdl.body();
        String schemaText = text.substring(text.indexOf("<xsd:schema"), text.indexOf("</xsd:schema>") + 13)
                .replace("<xsd:schema", "<xsd:schema xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"");
        Schema schema = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(new StreamSource(new StringReader(schemaText)));
        String response = exchange(CALL);
        String fault = exchange(CALL.replace(">CE<", ">ZZ<"));
        schema.newValidator().validate(new DOMSource(first(SoapClient.document(CALL), "Z_CARDSECURE")));
        schema.newValidator().validate(new DOMSource(first(SoapClient.document(response), "Z_CARDSECURE.Response")));
        schema.newValidator().validate(new DOMSource(first(SoapClient.document(fault), "Z_CARDSECURE.Exception")));
    }

    private String exchange(String body) throws Exception {
        try (Client client = server.client()) {
            return client.exchange("POST /sap/bc/soap/rfc HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length()
                            + "\r\n\r\n" + body)
                    .body();
        }
    }

    private static Element first(Document document, String name) {
        return (Element) document.getElementsByTagNameNS("urn:sap-com:document:sap:rfc:functions", name)
                .item(0);
    }
}
