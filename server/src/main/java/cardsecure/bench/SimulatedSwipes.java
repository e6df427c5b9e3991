package cardsecure.bench;

import cardsecure.card.Expiry;
import cardsecure.card.Pan;
import cardsecure.card.TrackData;
import cardsecure.dukpt.BaseKey;
import cardsecure.dukpt.BaseKeyAlgorithm;
import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Ksn;
import cardsecure.secret.SecretBytes;
import cardsecure.swipe.SwipeCipher;
import cardsecure.swipe.SwipeEncoding;
import cardsecure.swipe.SwipeFormat;
import cardsecure.swipe.SwipeMaker;
import cardsecure.swipe.SwipePlan;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HexFormat;

/// Swipes of one reader, all of one length, under the published test key that a server with `--dev` has.
final class SimulatedSwipes {
    /// ANSI X9.24-1:2009, A.4.
    private static final BaseKey KEY = new BaseKey(
            BaseKeyAlgorithm.TDES, SecretBytes.owning(HexFormat.of().parseHex("0123456789ABCDEFFEDCBA9876543210")));

    private static final Ksn DEVICE = Ksn.parseHex("FFFF9876540000C00001");
    private static final int ONES_MAX = 10;

    private int counter;

    /// The next swipe, of a card, in Base64 for URLs.
    String next(String card) {
        do {
            counter++;
        } while (Integer.bitCount(counter) > ONES_MAX);
        SecretBytes swipe = SwipeMaker.make(new SwipePlan(
                SwipeFormat.IDTECH_KEYBOARD,
                Pan.parse(SecretBytes.owning(card.getBytes(StandardCharsets.US_ASCII))),
                "TEST/CARD",
                new Expiry(2030, 12),
                "201",
                KEY,
                DEVICE.withCounter(counter),
                KeyVariant.DATA_ONE_WAY,
                SwipeCipher.TDES,
                SwipePlan.Hashes.ZERO,
                EnumSet.allOf(TrackData.Kind.class),
                "BENCH001"));
        return new String(SwipeEncoding.BASE64URL.encode(swipe).reveal(), StandardCharsets.US_ASCII);
    }
}
