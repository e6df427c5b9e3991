package cardsecure.cli;

import cardsecure.admin.AdminRequest;
import cardsecure.wallet.WalletKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `cardsecure simulate google-pay`.
@Command(
        name = "google-pay",
        usageHelpWidth = 100,
        description = {
            "Make a payload of Google Pay of a published test card, for a key of the site's and its google-recipient.",
            "The running server makes it, which must be one with --dev; it alone takes it (CR), once, for a week.",
            ""
        },
        footer = {
            "",
            "Cards: visa, visa-ones, mastercard, amex, discover, diners, jcb, maestro-19",
            "",
            "Examples:",
            "  cardsecure simulate google-pay --site dev --form | curl --data @- http://127.0.0.1:6080/cardsecure/cs",
            "  cardsecure simulate google-pay --site dev --card mastercard --pan-only",
        })
public final class SimulateGooglePayCommand extends SimulateWalletCommand {
    private static final long NO_AMOUNT = 0;
    private static final String NO_CURRENCY = "000";

    @Option(names = "--pan-only", description = "The card's own number, without a cryptogram (PAN_ONLY).")
    private boolean panOnly;

    @Override
    AdminRequest.WalletSimulate request(String wantedSite, String wantedCard) {
        return new AdminRequest.WalletSimulate(
                wantedSite, WalletKind.GOOGLE, wantedCard, !panOnly, NO_AMOUNT, NO_CURRENCY);
    }
}
