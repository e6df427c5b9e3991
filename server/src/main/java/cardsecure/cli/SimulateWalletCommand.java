package cardsecure.cli;

import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.wallet.WalletParameters;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What the commands that make a wallet's payload have in common. The running server makes it: it alone has the
/// site's key, and the roots under which it believes simulated payloads.
abstract class SimulateWalletCommand extends TypedCommand implements Callable<Integer> {
    @Mixin
    private RunningServer server = new RunningServer();

    @Option(names = "--site", paramLabel = "SITE", required = true, description = "Whose key it is encrypted for.")
    private String site = "";

    @Option(
            names = "--card",
            paramLabel = "CARD",
            defaultValue = "visa",
            description = "A published test card by name or number; visa unless given.")
    private String card = "";

    @ArgGroup
    private Form form = new Form();

    /// In which form it is printed.
    static final class Form {
        @Option(names = "--form", description = "Print the whole request, URL-encoded, for curl --data @-.")
        boolean wanted;

        @Option(
                names = "--devicedata",
                description = "Print what a socket's CR and the JSON API's devicedata take; so unless --form is given.")
        boolean deviceData;
    }

    /// The request for a payload.
    abstract AdminRequest.WalletSimulate request(String wantedSite, String wantedCard);

    /// Prints the payload.
    @Override
    public Integer call() {
        Terminal terminal = terminal();
        return server.ask(request(site, card), terminal, answer -> {
            if (!(answer instanceof AdminReply.WalletPayload(String deviceData, var lines))) {
                return terminal.failUnexpected();
            }
            if (!lines.isEmpty()) {
                terminal.note(lines);
            }
            return terminal.say(form.wanted ? encoded(deviceData) : deviceData);
        });
    }

    /// The request of a form.
    static String encoded(String deviceData) {
        byte[] bytes = deviceData.getBytes(StandardCharsets.UTF_8);
        int end = WalletParameters.endOfData(bytes, bytes.length);
        StringBuilder encoded = new StringBuilder("action=CR&data=")
                .append(encodedValue(new String(bytes, 0, end, StandardCharsets.UTF_8)));
        if (end < bytes.length) {
            String others = new String(bytes, end + 1, bytes.length - end - 1, StandardCharsets.UTF_8);
            for (String pair : others.split("&", -1)) {
                int equals = pair.indexOf('=');
                encoded.append('&').append(pair, 0, equals + 1).append(encodedValue(pair.substring(equals + 1)));
            }
        }
        return encoded.toString();
    }

    private static String encodedValue(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
