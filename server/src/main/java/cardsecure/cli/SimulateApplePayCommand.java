package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import cardsecure.wallet.WalletKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `cardsecure simulate apple-pay`.
@Command(
        name = "apple-pay",
        usageHelpWidth = 100,
        description = {
            "Make a payload of Apple Pay of a published test card, signed this moment, for a key of the site's.",
            "The running server makes it, which must be one with --dev; it alone takes it (CR), once, for two",
            "minutes.",
            ""
        },
        footer = {
            "",
            "Cards: visa, visa-ones, mastercard, amex, discover, diners, jcb, maestro-19",
            "",
            "Examples:",
            "  cardsecure simulate apple-pay --site dev --form | curl --data @- http://127.0.0.1:6080/cardsecure/cs",
            "  cardsecure simulate apple-pay --site dev --card amex --amount 1999 --currency 978",
        })
public final class SimulateApplePayCommand extends SimulateWalletCommand {
    @Option(
            names = "--amount",
            paramLabel = "N",
            defaultValue = "1000",
            description = "In the currency's smallest unit; 1000 unless given.")
    private long amount;

    @Option(
            names = "--currency",
            paramLabel = "NNN",
            defaultValue = "840",
            description = "By ISO 4217 number; 840 unless given.")
    private String currency = "";

    @Override
    AdminRequest.WalletSimulate request(String wantedSite, String wantedCard) {
        return new AdminRequest.WalletSimulate(wantedSite, WalletKind.APPLE, wantedCard, true, amount, currency);
    }
}
