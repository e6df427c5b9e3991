package cardsecure.swipe;

import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Scheme;
import cardsecure.dukpt.WorkingKeys;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// Makes swipes as readers do, for whoever wants to try a server without one. For test cards and test keys;
/// whoever calls it sees to that.
public final class SwipeMaker {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int SERIAL = 10;
    private static final int SHA1 = 20;

    private final SwipePlan plan;
    private final SecretBytes key;

    SwipeMaker(SwipePlan plan) {
        this.plan = plan;
        this.key = WorkingKeys.derive(plan.baseKey(), plan.ksn(), plan.variant());
    }

    /// The swipe of a plan, as its reader sends it: text, or bytes.
    ///
    /// @throws Refusal `0044` for a plan that no reader follows, `0078` for a card that no track can have
    public static SecretBytes make(SwipePlan plan) {
        boolean aes = plan.ksn().scheme() == Scheme.AES;
        boolean mixed = aes != (plan.cipher() == SwipeCipher.AES);
        boolean possible = switch (plan.format()) {
            case IDTECH_KEYBOARD,
                    IDTECH_BINARY,
                    IDTECH_MANUAL_ENHANCED,
                    IDTECH_EMV,
                    IDTECH_EMV_MARKED,
                    IDTECH_EMV_DOUBLED -> !(aes && mixed);
            case IDTECH_ORIGINAL, IDTECH_MANUAL, MAGTEK_KEYBOARD, MAGTEK_HID, MAGTEK_EMV -> !aes && !mixed;
            case GENERIC_TLV, GENERIC_TAGS, KSN_AND_HEX, RUA -> !mixed;
        };
        if (!possible || plan.tracks().isEmpty()) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "no reader of this format makes such a swipe");
        }
        return make(plan, ClearCard.of(plan));
    }

    /// The swipe of a card that need not be as the plan has it.
    static SecretBytes make(SwipePlan plan, ClearCard card) {
        SwipeMaker maker = new SwipeMaker(plan);
        try {
            return maker.make(card);
        } finally {
            maker.key.destroy();
        }
    }

    private SecretBytes make(ClearCard card) {
        return switch (plan.format()) {
            case IDTECH_KEYBOARD -> enhanced(card, 0x80, true);
            case IDTECH_BINARY -> enhanced(card, 0x80, false);
            case IDTECH_MANUAL_ENHANCED -> enhanced(card, 0xC0, true);
            case IDTECH_ORIGINAL -> original(card, false);
            case IDTECH_MANUAL -> manual(card);
            case IDTECH_EMV -> emv().alone(card);
            case IDTECH_EMV_MARKED -> emv().marked(card);
            case IDTECH_EMV_DOUBLED -> emv().doubled(card);
            case MAGTEK_EMV -> emv().magTek(card);
            case GENERIC_TLV -> emv().generic(card);
            case GENERIC_TAGS -> emv().genericTags(card);
            case MAGTEK_KEYBOARD -> magTekLine(card);
            case MAGTEK_HID -> magTekReport(card);
            case KSN_AND_HEX -> ascii(plan.ksn().hex() + "|" + hex(encrypt(bothTracks(card))));
            case RUA ->
                ascii(plan.ksn().hex() + "|$77$"
                        + Base64.getEncoder()
                                .encodeToString(encrypt(bothTracks(card)).reveal()));
        };
    }

    private EmvMaker emv() {
        return new EmvMaker(plan, this::encrypt);
    }

    private SecretBytes encrypt(SecretBytes clear) {
        return plan.cipher().encrypt(key, clear);
    }

    private static SecretBytes bothTracks(ClearCard card) {
        return SecretBytes.owning(
                Tlv.joined(card.track1().reveal(), card.track2().reveal()));
    }

    private static SecretBytes ascii(String text) {
        return SecretBytes.owning(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hex(SecretBytes bytes) {
        return HEX.formatHex(bytes.reveal());
    }

    private SecretBytes enhanced(ClearCard card, int encodeType, boolean keyboard) {
        boolean one = card.track1().length() > 0;
        boolean two = card.track2().length() > 0;
        int tracks = (one ? 1 : 0) | (two ? 2 : 0);
        boolean hashed = card.hash1().length() + card.hash2().length() > 0;
        boolean sha256 = card.hash1().length() > SHA1 || card.hash2().length() > SHA1;
        boolean aesDukpt = plan.ksn().scheme() == Scheme.AES;
        boolean options = sha256 || aesDukpt;
        boolean aesFlag = plan.cipher() == SwipeCipher.AES;
        FrameWriter frame = new FrameWriter(keyboard)
                .number(encodeType)
                .number(0x07 | tracks << 3 | (options ? 0x40 : 0))
                .number(card.track1().length())
                .number(card.track2().length())
                .number(0)
                .number(tracks | (aesFlag ? 0x10 : 0) | (plan.variant() == KeyVariant.PIN ? 0x40 : 0) | 0x80)
                .number(tracks | (hashed ? tracks << 3 : 0) | 0x80);
        if (options) {
            frame.number(1).number((sha256 ? 1 : 0) | (aesDukpt ? 0b101 << 2 | 2 : 0));
        }
        frame.text(card.mask1()).text(card.mask2());
        frame.bytes(one ? encrypt(card.track1()) : card.track1());
        frame.bytes(two ? encrypt(card.track2()) : card.track2());
        frame.bytes(card.hash1()).bytes(card.hash2());
        return frame.bytes(padded(plan.serialNumber(), SERIAL))
                .bytes(plan.ksn().bytes())
                .frame();
    }

    /// The older frame, of either form.
    SecretBytes original(ClearCard card, boolean keyboard) {
        FrameWriter frame = new FrameWriter(keyboard)
                .number(0)
                .number(0x3F)
                .number(card.track1().length())
                .number(card.track2().length())
                .number(0)
                .text(card.mask1())
                .text(card.mask2())
                .bytes(encrypt(bothTracks(card)));
        if (card.track1().length() > 0) {
            frame.bytes(Arrays.copyOf(card.hash1().reveal(), SHA1));
        }
        if (card.track2().length() > 0) {
            frame.bytes(Arrays.copyOf(card.hash2().reveal(), SHA1));
        }
        return frame.bytes(plan.ksn().bytes()).frame();
    }

    private SecretBytes manual(ClearCard card) {
        byte[] track = card.track2().reveal();
        int panEnd = 1;
        while (track[panEnd] != '=') {
            panEnd++;
        }
        byte[] panAndExpiry = Arrays.copyOfRange(track, 1, panEnd + 5);
        SecretBytes text = SecretBytes.owning(Tlv.joined(panAndExpiry, new byte[] {'='}));
        boolean hashed = plan.hashes() == SwipePlan.Hashes.SHA1;
        return new FrameWriter(false)
                .number(0x85)
                .bytes(new byte[4])
                .number(0)
                .number(text.length())
                .bytes(encrypt(text))
                .bytes(hashed ? HashChecks.of(SHA1, text) : new byte[SHA1])
                .bytes(plan.ksn().bytes())
                .frame();
    }

    private static byte[] padded(String text, int length) {
        return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), length);
    }

    private String magTekCiphertext(SecretBytes track) {
        return track.length() == 0 ? "" : hex(encrypt(ClearCard.withoutLrc(track)));
    }

    private SecretBytes magTekLine(ClearCard card) {
        String masks = text(ClearCard.zeroMask(card.mask1())) + text(ClearCard.zeroMask(card.mask2()));
        SecretBytes before = ascii(String.join(
                "|",
                masks,
                "0600",
                magTekCiphertext(card.track1()),
                magTekCiphertext(card.track2()),
                "",
                "A1050000",
                "",
                plan.serialNumber(),
                hex(encrypt(SecretBytes.owning(new byte[SwipeCipher.TDES.blockLength()]))),
                plan.ksn().hex(),
                ""));
        String crc = HEX.formatHex(MagTekKeyboard.crc(before.reveal(), before.length()));
        return ascii(text(before) + crc + "||0000");
    }

    private static String text(SecretBytes mask) {
        return new String(mask.reveal(), StandardCharsets.US_ASCII);
    }

    private SecretBytes magTekReport(ClearCard card) {
        byte[] report = new byte[MagTekReport.LENGTH];
        SecretBytes[] tracks = {card.track1(), card.track2()};
        SecretBytes[] masks = {card.mask1(), card.mask2()};
        for (int i = 0; i < tracks.length; i++) {
            if (tracks[i].length() > 0) {
                byte[] ciphertext = encrypt(ClearCard.withoutLrc(tracks[i])).reveal();
                byte[] mask = ClearCard.zeroMask(masks[i]).reveal();
                report[MagTekReport.ENCRYPTED_LENGTHS + i] = (byte) ciphertext.length;
                report[MagTekReport.MASKED_LENGTHS + i] = (byte) mask.length;
                put(report, MagTekReport.ENCRYPTED + i * MagTekReport.TRACK, ciphertext);
                put(report, MagTekReport.MASKED + i * MagTekReport.TRACK, mask);
            }
        }
        put(report, MagTekReport.SERIAL, plan.serialNumber().getBytes(StandardCharsets.US_ASCII));
        put(report, MagTekReport.KSN, plan.ksn().bytes());
        SecretBytes session = encrypt(SecretBytes.owning(new byte[SwipeCipher.TDES.blockLength()]));
        put(report, MagTekReport.SESSION, session.reveal());
        return SecretBytes.owning(report);
    }

    private static void put(byte[] report, int at, byte[] field) {
        System.arraycopy(field, 0, report, at, field.length);
    }
}
