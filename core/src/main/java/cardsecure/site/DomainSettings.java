package cardsecure.site;

import cardsecure.token.Token;
import cardsecure.token.TokenFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How a site treats one kind of data.
///
/// @param enabled whether its actions exist for the site
/// @param format how new tokens look
/// @param formerFormats how tokens looked that were made before the format was changed; they live on
public record DomainSettings(boolean enabled, TokenFormat format, List<TokenFormat> formerFormats) {
    /// Keeps copies.
    public DomainSettings {
        formerFormats = List.copyOf(formerFormats);
    }

    /// The token that a text is, if it has one of the domain's formats.
    public Optional<Token> token(String text) {
        return Stream.concat(Stream.of(format), formerFormats.stream()).anyMatch(known -> known.matches(text))
                ? Optional.of(new Token(text))
                : Optional.empty();
    }

    DomainSettings withEnabled(boolean newEnabled) {
        return new DomainSettings(newEnabled, format, formerFormats);
    }

    DomainSettings withFormat(TokenFormat newFormat) {
        List<TokenFormat> former = new ArrayList<>(formerFormats);
        if (!former.contains(format)) {
            former.add(format);
        }
        former.remove(newFormat);
        return new DomainSettings(enabled, newFormat, former);
    }
}
