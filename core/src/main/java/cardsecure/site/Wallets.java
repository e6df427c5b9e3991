package cardsecure.site;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What a site takes of wallets.
///
/// @param googleRecipient to whom Google Pay's payloads must be addressed: `gateway:…` or `merchant:…`
/// @param googleMerchant the site's own name at the gateway, which a payload must say; empty: none is asked for
/// @param googleTest whether Google's test keys are believed, in place of those of production
/// @param amountMax the highest amount that a payload may say, in the currency's smallest unit; empty: any
/// @param currencies the currencies that it may say, by ISO 4217 number; empty: all
public record Wallets(
        String googleRecipient,
        Optional<String> googleMerchant,
        boolean googleTest,
        OptionalLong amountMax,
        Set<String> currencies) {
    private static final String GATEWAY = "gateway:cardconnect";

    /// Checks the parts, and keeps copies.
    ///
    /// @throws IllegalArgumentException for one that cannot be; the message says what can
    public Wallets {
        currencies = Set.copyOf(currencies);
        if (!googleRecipient.matches("(gateway|merchant):[!-~]{1,100}")) {
            throw new IllegalArgumentException("a recipient is gateway:NAME or merchant:ID");
        }
        if (!googleMerchant.map(name -> name.matches("[!-~]{1,100}")).orElse(true)) {
            throw new IllegalArgumentException("a merchant's name at the gateway has 1 to 100 printable characters");
        }
        if (amountMax.isPresent() && amountMax.getAsLong() < 0) {
            throw noAmount();
        }
        if (!currencies.stream().allMatch(currency -> currency.matches("[0-9]{3}"))) {
            throw new IllegalArgumentException("a currency is its ISO 4217 number, such as 840");
        }
    }

    /// The gateway that clients of the legacy service name, and any amount.
    public static Wallets usual() {
        return new Wallets(GATEWAY, Optional.empty(), false, OptionalLong.empty(), Set.of());
    }

    /// Whether each payload of Google Pay's is refused: a gateway's must say which merchant it is for, and none
    /// is set.
    public boolean refusesAllOfGoogle() {
        return googleRecipient.startsWith("gateway:") && googleMerchant.isEmpty();
    }

    Wallets withGoogleRecipient(String recipient) {
        return new Wallets(recipient, googleMerchant, googleTest, amountMax, currencies);
    }

    Wallets withGoogleMerchant(Optional<String> merchant) {
        return new Wallets(googleRecipient, merchant, googleTest, amountMax, currencies);
    }

    Wallets withGoogleTest(boolean test) {
        return new Wallets(googleRecipient, googleMerchant, test, amountMax, currencies);
    }

    /// The same with an amount of the form that [#amountMaxText] gives.
    ///
    /// @throws IllegalArgumentException for a text that is none
    Wallets withAmountMax(String text) {
        if (!text.isEmpty() && !text.matches("[0-9]{1,12}")) {
            throw noAmount();
        }
        OptionalLong max = text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
        return new Wallets(googleRecipient, googleMerchant, googleTest, max, currencies);
    }

    Wallets withCurrencies(Set<String> newCurrencies) {
        return new Wallets(googleRecipient, googleMerchant, googleTest, amountMax, newCurrencies);
    }

    /// The highest amount as settings have it; nothing: any.
    public String amountMaxText() {
        return amountMax.isPresent() ? String.valueOf(amountMax.getAsLong()) : "";
    }

    private static IllegalArgumentException noAmount() {
        return new IllegalArgumentException("an amount is a number of the currency's smallest units, up to 12 digits");
    }
}
