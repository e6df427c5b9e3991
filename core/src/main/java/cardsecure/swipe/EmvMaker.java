package cardsecure.swipe;

import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/// Makes chip data as readers do; the part of [SwipeMaker] that writes TLV.
final class EmvMaker {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int KERNEL_SERIAL = 8;
    private static final byte[] NONE = {};

    private final SwipePlan plan;
    private final UnaryOperator<SecretBytes> encrypt;

    /// @param encrypt pads with zeros and encrypts
    EmvMaker(SwipePlan plan, UnaryOperator<SecretBytes> encrypt) {
        this.plan = plan;
        this.encrypt = encrypt;
    }

    /// ID TECH's, with values alone.
    SecretBytes alone(ClearCard card) {
        return SecretBytes.owning(Tlv.joined(
                head(),
                tlv("DFEF5D", track2(card.mask2())),
                tlv("57", encrypt.apply(track2(card.track2()))),
                tlv("DFEF5B", pan(card.mask2())),
                tlv("5A", encrypt.apply(pan(card.track2()))),
                clearTags()));
    }

    /// ID TECH's, with marks in the lengths.
    SecretBytes marked(ClearCard card) {
        return SecretBytes.owning(Tlv.joined(
                head(),
                marked("57", 0xA1, track2(card.mask2())),
                marked("57", 0xC1, wrapped("57", track2(card.track2()))),
                marked("5A", 0xA1, pan(card.mask2())),
                marked("5A", 0xC1, wrapped("5A", pan(card.track2()))),
                clearTags()));
    }

    /// ID TECH's, with each tag twice.
    SecretBytes doubled(ClearCard card) {
        return SecretBytes.owning(Tlv.joined(
                new byte[] {(byte) 0xC0},
                tlv("DFEE12", ksn()),
                marked("57", 0x81, track2(card.mask2())),
                marked("57", 0x81, wrapped("57", track2(card.track2()))),
                marked("5A", 0x81, pan(card.mask2())),
                marked("5A", 0x81, wrapped("5A", pan(card.track2()))),
                clearTags(),
                HEX.parseHex(plan.cipher() == SwipeCipher.AES ? "DFEE2601C2" : "DFEE2601C0")));
    }

    /// A KSN and the tracks.
    SecretBytes generic(ClearCard card) {
        SecretBytes tracks = SecretBytes.owning(
                Tlv.joined(card.track1().reveal(), card.track2().reveal()));
        byte[] mask = card.mask2().length() == 0 ? NONE : tlv("DFAE57", track2(card.mask2()));
        return SecretBytes.owning(Tlv.joined(tlv("DFAE03", ksn()), tlv("DFAE02", encrypt.apply(tracks)), mask));
    }

    /// A KSN and tag 57.
    SecretBytes genericTags(ClearCard card) {
        SecretBytes ciphertext = wrapped("57", track2(card.track2()));
        return SecretBytes.owning(Tlv.joined(tlv("DFAE03", ksn()), tlv("57", ciphertext), clearTags()));
    }

    private SecretBytes ksn() {
        return SecretBytes.owning(plan.ksn().bytes());
    }

    private static SecretBytes track2(SecretBytes track2) {
        return ClearCard.nibbles(ClearCard.inside(track2));
    }

    private static SecretBytes pan(SecretBytes track2) {
        return ClearCard.nibbles(panOf(track2));
    }

    private static byte[] panOf(SecretBytes track2) {
        byte[] inside = ClearCard.inside(track2);
        int end = 0;
        while (inside[end] != '=') {
            end++;
        }
        return Arrays.copyOf(inside, end);
    }

    private byte[] head() {
        return Tlv.joined(
                HEX.parseHex("DFEE25020203"),
                HEX.parseHex(plan.cipher() == SwipeCipher.AES ? "DFEE26022200" : "DFEE26022000"),
                tlv("DFEE12", ksn()));
    }

    /// What an authorization needs beside; of a transaction that never was.
    private byte[] clearTags() {
        return Tlv.joined(
                HEX.parseHex("8202180095050000008000" + "9A03260101" + "9C0100" + "5F2A020840"
                        + "9F02060000000001009F390105"),
                HEX.parseHex("9F2608" + "00".repeat(8) + "9F36020001" + "9F3704" + "00".repeat(4)),
                HEX.parseHex("5F2403" + plan.expiry().yymm() + "28"),
                tlv(
                        "9F1E",
                        SecretBytes.owning(Arrays.copyOf(
                                plan.serialNumber().getBytes(StandardCharsets.US_ASCII), KERNEL_SERIAL))));
    }

    private static byte[] tlv(String tag, SecretBytes value) {
        return Tlv.encode(tag, value.reveal());
    }

    /// A tag whose length has a byte before it that says something.
    private static byte[] marked(String tag, int mark, SecretBytes value) {
        return Tlv.joined(HEX.parseHex(tag), new byte[] {(byte) mark, (byte) value.length()}, value.reveal());
    }

    private SecretBytes wrapped(String tag, SecretBytes value) {
        return encrypt.apply(SecretBytes.owning(tlv(tag, value)));
    }

    /// MagTek's container.
    SecretBytes magTek(ClearCard card) {
        byte[] inner = Tlv.joined(tlv("57", track2(card.track2())), tlv("5A", pan(card.track2())), clearTags());
        return magTek(SecretBytes.owning(Tlv.encode("FC", Tlv.encode("F2", inner))));
    }

    /// MagTek's container of any clear text.
    SecretBytes magTek(SecretBytes clear) {
        SecretBytes ciphertext = encrypt.apply(clear);
        byte[] encrypted = Tlv.joined(
                tlv("DFDF59", ciphertext),
                tlv("DFDF56", ksn()),
                HEX.parseHex("DFDF570180"),
                Tlv.encode("DFDF58", new byte[] {(byte) (ciphertext.length() - clear.length())}));
        byte[] container = Tlv.encode(
                "F9",
                Tlv.joined(
                        tlv("DFDF54", ksn()),
                        HEX.parseHex("DFDF550182"),
                        Tlv.encode("DFDF25", plan.serialNumber().getBytes(StandardCharsets.US_ASCII)),
                        Tlv.encode("FA", Tlv.encode("70", Tlv.encode("F8", encrypted)))));
        int block = SwipeCipher.TDES.blockLength();
        int padding = (block - (container.length + 2) % block) % block;
        byte[] length = {(byte) (container.length >> Byte.SIZE), (byte) container.length};
        // Readers look at no MAC, and zeros say that there is none.
        return SecretBytes.owning(Tlv.joined(length, container, new byte[padding], new byte[4]));
    }
}
