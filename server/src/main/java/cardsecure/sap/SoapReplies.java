package cardsecure.sap;

import cardsecure.rfc.FunctionInterface;
import cardsecure.rfc.FunctionInterface.Direction;
import cardsecure.rfc.FunctionInterface.Parameter;
import cardsecure.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// SOAP 1.1 answers, UTF-8, and the description of a function (WSDL 1.1). SAP publishes no capture of a fault;
/// the form of ours is that of its business documents.
public final class SoapReplies {
    static final String FUNCTIONS = "urn:sap-com:document:sap:rfc:functions";
    private static final int TAGS = "<></>".length();
    private static final int ENTITY_MAX = "&quot;".length();
    private static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    private static final String BEGIN =
            HEAD + "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\"><SOAP-ENV:Body>";
    private static final String END = "</SOAP-ENV:Body></SOAP-ENV:Envelope>";

    private SoapReplies() {}

    /// Whose a fault is (SOAP 1.1, 4.4.1).
    public enum Fault {
        /// The caller's.
        CLIENT("Client"),
        /// The server's.
        SERVER("Server"),
        /// A header's that has to be understood and is not.
        MUST_UNDERSTAND("MustUnderstand");

        private final String code;

        Fault(String code) {
            this.code = code;
        }
    }

    /// A name in XML for one in ABAP: as SAP writes it, `_-` stands for the slash of a namespace.
    static String xmlName(String name) {
        return name.replace("/", "_-");
    }

    /// A name in ABAP for one in XML; no name in ABAP has a hyphen.
    public static String abapName(String name) {
        return name.replace("_-", "/");
    }

    /// The answer of a function that went well.
    ///
    /// @param results UTF-8, by their parameters' names; other parameters have none
    public static byte[] response(FunctionInterface declared, Map<String, SecretBytes> results) {
        String element = "rfc:" + xmlName(declared.name()) + ".Response";
        byte[] begin = ascii(BEGIN + "<" + element + " xmlns:rfc=\"" + FUNCTIONS + "\">");
        byte[] end = ascii("</" + element + ">" + END);
        List<Parameter> parameters = declared.parameters(Direction.EXPORTING).stream()
                .filter(parameter -> results.containsKey(parameter.name()))
                .toList();
        int capacity = begin.length + end.length;
        for (Parameter parameter : parameters) {
            SecretBytes value = Objects.requireNonNull(results.get(parameter.name()));
            capacity += 2 * xmlName(parameter.name()).length() + TAGS + ENTITY_MAX * value.length();
        }
        // Data in clear are written byte by byte, as no String of them could be overwritten.
        ByteBuffer body = ByteBuffer.allocate(capacity).put(begin);
        for (Parameter parameter : parameters) {
            String name = xmlName(parameter.name());
            body.put(ascii("<" + name + ">"));
            putEscaped(
                    body, Objects.requireNonNull(results.get(parameter.name())).reveal());
            body.put(ascii("</" + name + ">"));
        }
        byte[] whole = Arrays.copyOf(body.array(), body.put(end).position());
        Arrays.fill(body.array(), (byte) 0);
        return whole;
    }

    private static void putEscaped(ByteBuffer body, byte[] utf8) {
        for (byte b : utf8) {
            switch (b) {
                case '&' -> body.put(ascii("&amp;"));
                case '<' -> body.put(ascii("&lt;"));
                case '>' -> body.put(ascii("&gt;"));
                case '"' -> body.put(ascii("&quot;"));
                // A line's end would be read as another one.
                case '\r' -> body.put(ascii("&#13;"));
                default -> body.put(b);
            }
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// An exception.
    ///
    /// @param function what was called; its name is given back only if it is known
    public static byte[] fault(String function, AbapException exception) {
        String element = "rfc:" + escaped(xmlName(function)) + ".Exception";
        return utf8(new StringBuilder(BEGIN)
                .append("<SOAP-ENV:Fault>")
                .append(faultCode(exception.byCaller() ? Fault.CLIENT : Fault.SERVER))
                .append(element("faultstring", exception.name()))
                .append("<detail><")
                .append(element)
                .append(" xmlns:rfc=\"" + FUNCTIONS + "\">")
                .append(element("Name", exception.name()))
                .append("<Message><ID>ZCS</ID>")
                .append(element("Number", exception.messageNumber()))
                .append(element("Text", exception.text()))
                .append("</Message></")
                .append(element)
                .append("></detail></SOAP-ENV:Fault>")
                .append(END));
    }

    private static String faultCode(Fault whose) {
        return element("faultcode", "SOAP-ENV:" + whose.code);
    }

    /// A fault that is no exception of a function's.
    ///
    /// @param whose it is
    public static byte[] fault(Fault whose, String text) {
        return utf8(new StringBuilder(BEGIN)
                .append("<SOAP-ENV:Fault>")
                .append(faultCode(whose))
                .append(element("faultstring", escaped(text)))
                .append("</SOAP-ENV:Fault>")
                .append(END));
    }

    /// What generators of clients read.
    ///
    /// @param location the URL to send calls to
    public static byte[] wsdl(FunctionInterface declared, String location) {
        String name = escaped(xmlName(declared.name()));
        StringBuilder wsdl = new StringBuilder(HEAD);
        wsdl.append("<wsdl:definitions name=\"").append(name).append("\" targetNamespace=\"" + FUNCTIONS + "\"");
        wsdl.append(" xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" xmlns:tns=\"" + FUNCTIONS + "\"");
        wsdl.append(" xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\"");
        wsdl.append(" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">");
        wsdl.append("<wsdl:types><xsd:schema targetNamespace=\"" + FUNCTIONS + "\"");
        wsdl.append(" elementFormDefault=\"unqualified\">");
        wsdl.append(schema(name, declared.parameters(Direction.IMPORTING)));
        wsdl.append(schema(name + ".Response", declared.parameters(Direction.EXPORTING)));
        wsdl.append(faultSchema(name, declared.exceptions()));
        wsdl.append("</xsd:schema></wsdl:types>");
        wsdl.append(message(name + "Input", name)).append(message(name + "Output", name + ".Response"));
        wsdl.append(message(name + "Exception", name + ".Exception"));
        wsdl.append("<wsdl:portType name=\"").append(name).append("PortType\">");
        wsdl.append("<wsdl:operation name=\"").append(name).append("\">");
        wsdl.append("<wsdl:input message=\"tns:").append(name).append("Input\"/>");
        wsdl.append("<wsdl:output message=\"tns:").append(name).append("Output\"/>");
        wsdl.append("<wsdl:fault name=\"Exception\" message=\"tns:")
                .append(name)
                .append("Exception\"/>");
        wsdl.append("</wsdl:operation></wsdl:portType>").append(binding(name));
        wsdl.append("<wsdl:service name=\"").append(name).append("Service\"><wsdl:port name=\"");
        wsdl.append(name).append("Port\" binding=\"tns:").append(name).append("Binding\">");
        wsdl.append("<soap:address location=\"").append(escaped(location)).append("\"/>");
        return utf8(wsdl.append("</wsdl:port></wsdl:service></wsdl:definitions>"));
    }

    private static String schema(String element, Collection<Parameter> parameters) {
        StringBuilder schema = new StringBuilder("<xsd:element name=\"" + element + "\"><xsd:complexType><xsd:all>");
        for (Parameter parameter : parameters) {
            String least = parameter.direction() == Direction.IMPORTING && !parameter.optional() ? "1" : "0";
            schema.append("<xsd:element name=\"").append(escaped(xmlName(parameter.name())));
            schema.append("\" minOccurs=\"").append(least).append("\"><xsd:simpleType><xsd:restriction");
            schema.append(" base=\"xsd:string\">");
            parameter.width().ifPresent(width -> schema.append("<xsd:maxLength value=\"" + width + "\"/>"));
            schema.append("</xsd:restriction></xsd:simpleType></xsd:element>");
        }
        return schema.append("</xsd:all></xsd:complexType></xsd:element>").toString();
    }

    private static String faultSchema(String name, Collection<String> exceptions) {
        StringBuilder schema = new StringBuilder("<xsd:element name=\"" + name + ".Exception\"><xsd:complexType>");
        schema.append("<xsd:sequence><xsd:element name=\"Name\"><xsd:simpleType>");
        schema.append("<xsd:restriction base=\"xsd:string\">");
        exceptions.forEach(exception -> schema.append("<xsd:enumeration value=\"" + escaped(exception) + "\"/>"));
        schema.append("</xsd:restriction></xsd:simpleType></xsd:element><xsd:element name=\"Message\">");
        schema.append("<xsd:complexType><xsd:sequence>");
        for (String part : new String[] {"ID", "Number", "Text"}) {
            schema.append("<xsd:element name=\"").append(part).append("\" type=\"xsd:string\"/>");
        }
        schema.append("</xsd:sequence></xsd:complexType></xsd:element></xsd:sequence></xsd:complexType>");
        return schema.append("</xsd:element>").toString();
    }

    private static String message(String name, String element) {
        return "<wsdl:message name=\"" + name + "\"><wsdl:part name=\"parameters\" element=\"tns:" + element
                + "\"/></wsdl:message>";
    }

    private static String binding(String name) {
        String literal = "<soap:body use=\"literal\"/>";
        return "<wsdl:binding name=\"" + name + "Binding\" type=\"tns:" + name + "PortType\">"
                + "<soap:binding style=\"document\" transport=\"http://schemas.xmlsoap.org/soap/http\"/>"
                + "<wsdl:operation name=\"" + name + "\"><soap:operation soapAction=\"" + FUNCTIONS + "\"/>"
                + "<wsdl:input>" + literal + "</wsdl:input><wsdl:output>" + literal + "</wsdl:output>"
                + "<wsdl:fault name=\"Exception\"><soap:fault name=\"Exception\" use=\"literal\"/></wsdl:fault>"
                + "</wsdl:operation></wsdl:binding>";
    }

    private static String element(String name, String text) {
        return "<" + name + ">" + text + "</" + name + ">";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static byte[] utf8(StringBuilder text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
