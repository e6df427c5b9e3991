package cardsecure.store;

import cardsecure.card.Domain;
import cardsecure.site.SiteId;
import cardsecure.token.Token;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;

/// Rows and their parts by number, for the tests of stores.
public final class StoreSamples {
    /// The site of [#place(String)].
    public static final SiteId SITE = new SiteId(7);

    private StoreSamples() {}

    /// A place in the domain of cards.
    public static TokenPlace place(String token) {
        return place(Domain.CARD, token);
    }

    /// A place in the sample site.
    public static TokenPlace place(Domain domain, String token) {
        return new TokenPlace(SITE, domain, new Token(token));
    }

    /// A row for a card.
    public static TokenRow row(String token, long fingerprint, long data) {
        return new TokenRow(place(token), Optional.of(fingerprint(fingerprint)), Optional.of(sealed(data)));
    }

    /// The fingerprint of a number; random bytes, but always the same.
    public static Fingerprint fingerprint(long number) {
        byte[] bytes = new byte[Fingerprint.LENGTH];
        new SplittableRandom(number).nextBytes(bytes);
        bytes[0] = 1;
        return new Fingerprint(bytes);
    }

    /// The mark of a request of the sample site.
    public static ReplayMark mark(long second, long number) {
        byte[] digest = new byte[ReplayMark.DIGEST_LENGTH];
        new SplittableRandom(number).nextBytes(digest);
        return new ReplayMark(SITE, Instant.ofEpochSecond(second), digest);
    }

    /// What is kept beside a token of the sample site.
    public static ShortLivedRow shortLived(String token, long deadline, long data) {
        return new ShortLivedRow(place(token), Instant.ofEpochSecond(deadline), sealed(data));
    }

    /// Sealed data of the length that a card number has; random bytes, but always the same for a number.
    public static SealedData sealed(long number) {
        byte[] bytes = new byte[48];
        new SplittableRandom(~number).nextBytes(bytes);
        return new SealedData(bytes);
    }
}
