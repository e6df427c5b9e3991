package cardsecure.server;

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

/// Swipes under the published test key that a server has with `--dev`.
public final class Swipes {
    /// The holder on track 1.
    public static final String NAME = "SECRETIVE/HOLDER";

    /// ANSI X9.24-1:2009, A.4.
    private static final BaseKey KEY = new BaseKey(
            BaseKeyAlgorithm.TDES, SecretBytes.owning(HexFormat.of().parseHex("0123456789ABCDEFFEDCBA9876543210")));

    private Swipes() {}

    /// A swipe in Base64 for URLs.
    ///
    /// @param counter of the reader
    public static String of(SwipeFormat format, String card, int counter) {
        boolean magTek = switch (format) {
            case MAGTEK_KEYBOARD, MAGTEK_HID, MAGTEK_EMV -> true;
            default -> false;
        };
        SecretBytes swipe = SwipeMaker.make(new SwipePlan(
                format,
                Pan.parse(SecretBytes.owning(card.getBytes(StandardCharsets.US_ASCII))),
                NAME,
                new Expiry(2030, 11),
                "201",
                KEY,
                Ksn.parseHex((magTek ? "FFFF9876543210E" : "FFFF9876540000C") + String.format("%05X", counter)),
                magTek ? KeyVariant.PIN : KeyVariant.DATA_ONE_WAY,
                SwipeCipher.TDES,
                SwipePlan.Hashes.ZERO,
                EnumSet.allOf(TrackData.Kind.class),
                "TEST0001"));
        return new String(SwipeEncoding.BASE64URL.encode(swipe).reveal(), StandardCharsets.US_ASCII);
    }
}
