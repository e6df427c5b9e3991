package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.dukpt.Ksn;
import cardsecure.secret.SecretBytes;
import java.util.Arrays;
import java.util.Optional;

/// A KSN, a bar, and a ciphertext: in hexadecimal digits, or as RUA devices pack it, `$format$` and Base64.
final class KsnAndTrack {
    private static final char BAR = '|';
    private static final byte DOLLAR = '$';
    private static final int FORMAT_MAX = 4;

    private KsnAndTrack() {}

    static Optional<EncryptedSwipe> read(byte[] bytes) {
        int ksnDigits = bytes.length > 2 * Ksn.TDES_LENGTH && bytes[2 * Ksn.TDES_LENGTH] == BAR
                ? 2 * Ksn.TDES_LENGTH
                : 2 * Ksn.AES_LENGTH;
        if (bytes.length <= ksnDigits || bytes[ksnDigits] != BAR) {
            return Optional.empty();
        }
        Optional<byte[]> ksnBytes = Readings.fromHex(Arrays.copyOf(bytes, ksnDigits));
        if (ksnBytes.isEmpty()) {
            return Optional.empty();
        }
        Ksn ksn = Unreadable.at(SwipeStep.KSN, () -> Ksn.parse(ksnBytes.get()));
        byte[] rest = Arrays.copyOfRange(bytes, ksnDigits + 1, bytes.length);
        boolean packed = rest.length > 0 && rest[0] == DOLLAR;
        SecretBytes ciphertext = SecretBytes.owning(packed ? unpacked(rest) : fromHex(rest));
        Source source = GenericTlv.source(packed ? SwipeFormat.RUA : SwipeFormat.KSN_AND_HEX, ksn, Optional.empty());
        GenericTlv.requireCiphertext(ciphertext, source.cipher());
        return Optional.of(new EncryptedSwipe.Bare(source, ciphertext, Optional.empty()));
    }

    private static byte[] fromHex(byte[] text) {
        require(!ClearTracks.areIn(text), SwipeStep.UNENCRYPTED, "what should be a ciphertext is a track in clear");
        return Readings.fromHex(text)
                .orElseThrow(() -> new Unreadable(SwipeStep.STRUCTURE, "the ciphertext is not hexadecimal"));
    }

    private static byte[] unpacked(byte[] text) {
        int end = 1;
        while (end < text.length && text[end] >= '0' && text[end] <= '9') {
            end++;
        }
        require(
                end > 1 && end <= 1 + FORMAT_MAX && end < text.length && text[end] == DOLLAR,
                SwipeStep.STRUCTURE,
                "a packed track has a number between its dollar signs");
        return Readings.fromBase64(Arrays.copyOfRange(text, end + 1, text.length))
                .orElseThrow(() -> new Unreadable(SwipeStep.STRUCTURE, "the packed track is not Base64"));
    }
}
